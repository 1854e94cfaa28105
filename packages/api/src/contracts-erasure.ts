import { z } from 'zod'
import { Id, Instant, MOST_IN_BATCH } from './contracts.ts'

/**
 * Why something is erased, as the log tells for ever. A closed list, so that no reason repeats what was erased: its time is over, the person it
 * is about asked for it, the partner left the programme, the case is over, a court or an authority ordered it.
 */
export const ERASURE_REASONS = ['retention', 'data-subject', 'partner-left', 'case-closed', 'order'] as const

const Index = z.int().min(0)

/** Events by their place in the log, and packages by id; at least one of both. */
export const EraseRequest = z.strictObject({
  reason: z.enum(ERASURE_REASONS),
  events: z.array(Index).max(MOST_IN_BATCH),
  packages: z.array(Id).max(MOST_IN_BATCH),
})

/** An erasure: the event that says so, and how much it took. `destroyed` is null while the database still has to do it. */
export const ErasureStatus = z.object({
  index: Index,
  at: Instant,
  events: Index,
  packages: Index,
  destroyed: Instant.nullable(),
})

export type EraseRequest = z.infer<typeof EraseRequest>
export type ErasureStatus = z.infer<typeof ErasureStatus>
