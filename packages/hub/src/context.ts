import type { Engine } from '@sigillo/db/engine'
import type { Sequencer } from './sequencer.ts'
import type { Witnesses } from './witnesses.ts'

/** What the routes work with. */
export interface HubContext {
  readonly engine: Engine
  readonly sequencer: Sequencer
  readonly witnesses: Witnesses
  /** Longest wait of a request for the quorum of witnesses, in milliseconds. */
  readonly witnessWaitMs: number
  readonly log: { readonly origin: string; readonly key: string }
  readonly clock: () => Date
}

/** The desk as an actor of events; who sat there is the desk's to say. */
export const VENDOR = { id: 'vendor', kind: 'staff' } as const

/** Stream of the events about one recipient. */
export function streamOf(recipientId: string): string {
  return `partner:${recipientId}`
}
