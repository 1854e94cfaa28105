import type { Engine } from '@sigillo/db/engine'
import type { HubLog } from './routes/build-server.ts'
import type { Prover } from './log/prover.ts'
import type { Sequencer } from './log/sequencer.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { TimeSources } from './lift/time-sources.ts'
import type { WebhookKey } from './messages/webhook-key.ts'
import type { Witnesses } from './witnesses/witnesses.ts'

/** What the routes work with. */
export interface HubContext {
  readonly engine: Engine
  readonly sequencer: Sequencer
  readonly prover: Prover
  readonly witnesses: Witnesses
  /** Longest wait of a request for the quorum of witnesses, in milliseconds. */
  readonly witnessWaitMs: number
  readonly log: { readonly origin: string; readonly key: string }
  readonly clock: () => Date
  /** The clocks that embargoes go by. */
  readonly time: TimeSources
  /** Tells the operator. */
  readonly say: HubLog
  /** Signs messages to web addresses, and tells what they are checked with. */
  readonly webhookKey: WebhookKey
  readonly signIn: SignIn
  /** Whether messages may go to `http:` addresses. */
  readonly plainWebhooks: boolean
}

/** The desk as an actor of events; who sat there is the desk's to say. */
export const VENDOR = { id: 'vendor', kind: 'staff' } as const

/** Stream of the events about one recipient. */
export function streamOf(recipientId: string): string {
  return `partner:${recipientId}`
}
