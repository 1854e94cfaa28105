import { inTransaction, type Engine } from '@sigillo/db/engine'
import {
  type AttemptOutcome,
  type ClaimedMessage,
  claimMessages,
  disableEndpoint,
  reportAttempt,
} from '@sigillo/db/outbox'
import type { HubLog } from '../routes/build-server.ts'
import { type Repetition, repeat } from '../internal/repeat.ts'
import type { Mailer } from './mail-send.ts'
import type { TimeSources } from '../lift/time-sources.ts'
import { sendWebhook, type WebhookParts } from './webhook-send.ts'

/** What sending works with. */
export interface OutboxParts {
  readonly engine: Engine
  readonly time: TimeSources
  readonly webhooks: WebhookParts
  /** Null: no mail is sent; messages to mailboxes wait. */
  readonly mailer: Mailer | null
  readonly say: HubLog
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Pauses after each failed attempt, in milliseconds: the schedule of Standard Webhooks. After the last one a message is given up. */
export const RETRY_PAUSES: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]
const POLL = SECOND
/** How long a claim lasts: longer than any attempt, so that only a process that died lets one run out. */
const LEASE = MINUTE
const AT_ONCE = 16

/** Sends what is due, again and again: at least once each, always under the same id. */
export function startOutbox(parts: OutboxParts): Repetition {
  return repeat(async () => ((await sendDue(parts)) === AT_ONCE ? 0 : POLL), {
    pauseMs: POLL,
    failed: (error) => parts.say({ level: 'error', message: 'messages cannot be sent at this moment', error }),
  })
}

/** One round: claims, sends, reports. Returns how many were claimed. */
export async function sendDue(parts: OutboxParts): Promise<number> {
  const { engine, time } = parts
  const claimed = await inTransaction(engine, async (tx) =>
    claimMessages(tx, { now: await time.database(tx), limit: AT_ONCE, leaseMs: LEASE }),
  )
  await Promise.all(claimed.map((message) => attemptOne(parts, message)))
  return claimed.length
}

async function attemptOne(parts: OutboxParts, message: ClaimedMessage): Promise<void> {
  const verdict = message.channel === 'mail' ? await sendMail(parts, message) : await post(parts, message)
  const isOurs = await inTransaction(parts.engine, async (tx) => {
    const now = await parts.time.database(tx)
    const outcome = verdict === null ? ({ state: 'sent', at: now } as const) : retryOf(message, verdict, now)
    return await reportAttempt(tx, message, outcome)
  })
  // In a transaction of its own: it locks the endpoint before its messages, and holds no message that another attempt waits for.
  if (isOurs && verdict?.gone === true)
    await inTransaction(parts.engine, (tx) => disableEndpoint(tx, message.endpoint_id, 'it answered 410 Gone'))
}

interface Failure {
  readonly reason: string
  readonly gone: boolean
}

async function post(parts: OutboxParts, message: ClaimedMessage): Promise<Failure | null> {
  const { id, endpoint_id: endpointId, address, kind, event_index: eventIndex, at } = message
  const outcome = await sendWebhook(
    parts.webhooks,
    { id, endpointId, address, kind, eventIndex, at },
    parts.time.host(),
  )
  if (outcome.kind === 'taken') return null
  return outcome.kind === 'gone'
    ? { reason: 'it answered 410 Gone', gone: true }
    : { reason: outcome.reason, gone: false }
}

async function sendMail({ mailer }: OutboxParts, { id, address, at }: ClaimedMessage): Promise<Failure | null> {
  if (mailer === null) return { reason: 'this hub sends no mail', gone: false }
  try {
    await mailer.send({ id, to: address, at })
    return null
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), gone: false }
  }
}

/** What follows a failed attempt. `attempts` counts the one that just failed. */
function retryOf(message: ClaimedMessage, { reason, gone }: Failure, now: Date): AttemptOutcome {
  const error = reason.slice(0, 500)
  const pause = RETRY_PAUSES[message.attempts - 1]
  if (gone || pause === undefined) return { state: 'dead', error }
  return { state: 'pending', nextAt: new Date(now.getTime() + pause), error }
}
