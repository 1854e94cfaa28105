import type { TraceResult } from '@sigillo/fingerprint/trace'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { DeskError } from './errors.ts'
import type { DistributionTrace, Sample } from './trace-samples.ts'

const reading = z.strictObject({
  site: z.string(),
  variant: z.number().nullable(),
  where: z.strictObject({ file: z.string(), line: z.number() }).nullable(),
  why: z.string(),
})

/** A finished trace as the vault keeps it, complete enough to put it into a dossier later. */
export const traceDocument = z.strictObject({
  schema: z.literal('sigillo-desk-trace/1'),
  id: z.string(),
  at: z.string(),
  alpha: z.number(),
  samples: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
  parts: z.array(
    z.strictObject({
      distribution: z.string(),
      case: z.string(),
      readingHash: z.string(),
      readings: z.array(reading),
      tested: z.array(z.string()),
      // the decoder's own result, compared field by field when a dossier is verified
      result: z.custom<TraceResult>((value) => typeof value === 'object' && value !== null && 'verdict' in value),
    }),
  ),
})
export type TraceDocument = z.infer<typeof traceDocument>

/** Keeps a trace in the vault. @returns its id, `trace-1` and so on */
export async function saveTrace(
  desk: Desk,
  samples: readonly Sample[],
  traces: readonly DistributionTrace[],
  alpha: number,
): Promise<string> {
  const id = `trace-${(await desk.vault.list('traces')).length + 1}`
  const document: TraceDocument = {
    schema: 'sigillo-desk-trace/1',
    id,
    at: desk.now().toISOString(),
    alpha,
    samples: samples.map(({ path, sha256 }) => ({ path, sha256 })),
    parts: traces.map((part) => ({
      distribution: part.distribution.id,
      case: part.distribution.case,
      readingHash: part.hash,
      readings: part.readings.map(({ site, variant, where, why }) => ({
        site,
        variant,
        where: where === null ? null : { file: where.file, line: where.line },
        why,
      })),
      tested: [...part.tested],
      result: part.result,
    })),
  }
  await desk.vault.write('traces', id, document)
  return id
}

/** The trace of that id. @throws DeskError `unknown-trace` */
export async function requireTrace(desk: Desk, id: string): Promise<TraceDocument> {
  const found = await desk.vault.read('traces', id, traceDocument)
  if (found === null)
    throw new DeskError('unknown-trace', `there is no trace "${id}"; make one with: sigillo trace SAMPLE`)
  return found
}

/** All traces that touch a case, in the order they were made. */
export async function tracesOf(desk: Desk, caseId: string): Promise<readonly TraceDocument[]> {
  const all = await Promise.all((await desk.vault.list('traces')).map((id) => requireTrace(desk, id)))
  return all
    .filter(({ parts }) => parts.some((part) => part.case === caseId))
    .sort((a, b) => ordinal(a.id) - ordinal(b.id))
}

function ordinal(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1))
}
