import { explainCase } from '@sigillo/chronology/explain'
import { writeCaseFile } from '@sigillo/chronology/write-case-file'
import type { DossierInput, Match, OpenedDistribution, Reply } from '@sigillo/dossier/content'
import { writeDossier } from '@sigillo/dossier/write-dossier'
import { planOf } from './artefacts.ts'
import { requireCase } from './cases.ts'
import { chronologyInput } from './chronology-input.ts'
import { openCodebook } from './codebook.ts'
import type { Desk } from './context.ts'
import type { DistributionDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { releaseSigner } from './release-key.ts'
import type { LogStanding } from './hub-log.ts'
import { collectLogEvidence, type ErasedEvent } from './log-evidence.ts'
import { requireDistribution } from './seal-distribution.ts'
import { requireTrace, type TraceDocument, tracesOf } from './trace-record.ts'

/** What goes into a dossier beside what vault and hub hold. */
export interface DossierParts {
  /** The traces to show; all of the case when empty. */
  readonly traces?: readonly string[]
  /** Signed receipts that did not come by the hub, of recipients whom a match names. */
  readonly receipts?: readonly Uint8Array[]
  /** What those concerned answered, unaltered. */
  readonly replies?: readonly Reply[]
}

/** A dossier and what it holds. */
export interface BuiltDossier {
  readonly bytes: Uint8Array
  readonly matches: number
  readonly events: number
  readonly receipts: number
  readonly replies: number
  /** What the log would have had for it, but for an erasure. */
  readonly erased: readonly ErasedEvent[]
  /** What the checkpoint of its proofs is worth by the desk's own policy; null when nothing was logged. */
  readonly log: LogStanding | null
}

/**
 * Puts a case's traces, the log's proofs and the chronology into one signed file. It opens the code keys of the distributions concerned: from then on everybody who
 * holds the dossier can recompute every codeword, which is what makes it checkable. Receipts that the hub took from recipients whom a match names go in by themselves.
 * @throws DeskError `unknown-case`, `unknown-trace`, `nothing-to-do` when nothing was traced; DossierError
 */
export async function buildDossier(desk: Desk, caseId: string, parts: DossierParts = {}): Promise<BuiltDossier> {
  const document = await requireCase(desk, caseId)
  const matches = await matchesFor(desk, caseId, parts.traces ?? [])
  const used = [...new Set(matches.map(({ distribution }) => distribution))]
  const distributions = await Promise.all(used.map((id) => requireDistribution(desk, id)))
  const investigator = await releaseSigner(desk.vault)
  desk.progress('collecting proofs from the log')
  const { logKey, proofs, receipts: logged, erased, standing } = await collectLogEvidence(desk, used, matches)
  const receipts = distinct([...logged, ...(parts.receipts ?? [])])
  const replies = parts.replies ?? []
  const { caseFile, options } = await chronologyInput(desk, document)
  const input: DossierInput = {
    programme: desk.vault.header.programme,
    case: caseId,
    title: document.title,
    createdAt: desk.now().toISOString(),
    investigator,
    logKey,
    events: proofs,
    distributions: distributions.map(openDistribution),
    matches,
    receipts,
    replies,
    chronology: { caseFile: writeCaseFile(caseFile), options, report: explainCase(caseFile, options) },
  }
  return {
    bytes: writeDossier(input),
    matches: matches.length,
    events: proofs.length,
    receipts: receipts.length,
    replies: replies.length,
    erased,
    log: standing,
  }
}

/** What a dossier of these traces (all of the case when empty) is about. @throws DeskError `unknown-trace`, `nothing-to-do` */
export async function distributionsTraced(
  desk: Desk,
  caseId: string,
  traceIds: readonly string[],
): Promise<{ readonly traces: readonly string[]; readonly distributions: readonly string[] }> {
  const matches = await matchesFor(desk, caseId, traceIds)
  return {
    traces: matches.map(({ id }) => id),
    distributions: [...new Set(matches.map(({ distribution }) => distribution))],
  }
}

async function matchesFor(desk: Desk, caseId: string, traceIds: readonly string[]): Promise<readonly Match[]> {
  const traces =
    traceIds.length === 0
      ? await tracesOf(desk, caseId)
      : await Promise.all(traceIds.map((id) => requireTrace(desk, id)))
  const matches = traces.flatMap((trace) => matchesOf(trace, caseId))
  if (matches.length === 0)
    throw new DeskError(
      'nothing-to-do',
      `nothing was traced in case "${caseId}" yet; a dossier needs at least one: sigillo trace SAMPLE --case ${caseId}`,
    )
  return matches
}

function openDistribution(document: DistributionDocument): OpenedDistribution {
  const key = new Uint8Array(Buffer.from(document.key, 'hex'))
  const { codeSites } = openCodebook(planOf(document), key, document.id, document.family)
  return {
    id: document.id,
    key,
    commitment: document.commitment,
    planHash: document.planHash,
    sites: codeSites,
    recipients: document.recipients.length,
  }
}

function matchesOf(trace: TraceDocument, caseId: string): readonly Match[] {
  return trace.parts
    .filter((part) => part.case === caseId)
    .map((part) => ({
      id: `${trace.id}.${part.distribution}`,
      distribution: part.distribution,
      samples: trace.samples.map(({ sha256 }) => sha256),
      readings: part.readings,
      candidates: part.tested,
      result: part.result,
    }))
}

/** Each receipt once: a partner may send one to the hub and hand the same out as a file. */
function distinct(receipts: readonly Uint8Array[]): readonly Uint8Array[] {
  const byText = new Map(receipts.map((bytes) => [Buffer.from(bytes).toString('base64'), bytes]))
  return [...byText.values()]
}
