import { z } from 'zod'

/** The parts of the commands' JSON that the replay looks at. */
export const planShape = z.object({ sites: z.object({ total: z.number(), byPool: z.record(z.string(), z.number()) }) })

const namedCopy = z.object({ recipient: z.string(), p: z.number(), bound: z.number() })
export const traceShape = z.object({
  trace: z.string(),
  verdict: z.string(),
  marks: z.object({ readable: z.number() }),
  accusations: z.array(namedCopy),
  leads: z.array(namedCopy),
})

const wave = z.looseObject({
  id: z.string(),
  start: z.object({ earliest: z.string().nullable(), latest: z.string().nullable() }),
  verdict: z.string(),
  leading: z.array(z.string()),
  evidence: z.array(z.string()),
  explanations: z.array(z.looseObject({ id: z.string(), status: z.string() })),
})
export type ReplayWave = z.infer<typeof wave>
export const chronologyShape = z.object({
  waves: z.array(wave),
  delays: z.array(
    z.object({ id: z.string(), days: z.object({ min: z.number().nullable(), max: z.number().nullable() }) }),
  ),
})

export const dossierShape = z.object({
  events: z.number(),
  log: z.object({ verdict: z.string(), reason: z.string() }),
})

/** What ruff's WebAssembly build exports, as far as the replay uses it. */
export const ruffShape = z.object({
  Workspace: z.custom<new (settings: object, encoding: number) => { format(text: string): string }>(
    (value) => typeof value === 'function',
  ),
  PositionEncoding: z.object({ Utf16: z.number() }),
})
