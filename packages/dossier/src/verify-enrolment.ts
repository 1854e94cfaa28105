import type { LogEvent } from '@sigillo/tlog/event'
import { type LoggedEvent, openLoggedEvent } from './logged-event.ts'
import type { VerifierPolicy } from './policy.ts'

/** A recipient's keys, as whoever is about to use them knows them from elsewhere. */
export interface ExpectedKeys {
  readonly id: string
  readonly ageRecipient: string
  readonly receiptKey: string
}

/** Whether the log says of a recipient's keys what it must before anything is sealed to them. */
export type EnrolmentVerdict =
  | { readonly ok: true; readonly index: number; readonly size: number }
  | { readonly ok: false; readonly reason: string }

/**
 * Checks that the newest thing the log says about a recipient is that exactly these keys are enrolled. The server that holds the log may be hostile: each proof must
 * be of this log, under a checkpoint that is not older than one seen before, and about this recipient.
 *
 * @param proofs proof files of all `key.enrolled` and `key.revoked` events of the recipient that the server gave
 * @param trust the policy that names the log, and the size of the largest checkpoint seen so far
 */
export function verifyEnrolment(
  keys: ExpectedKeys,
  proofs: readonly Uint8Array[],
  trust: { readonly policy: VerifierPolicy; readonly leastSize: number },
): EnrolmentVerdict {
  const events: LoggedEvent[] = []
  for (const proof of proofs) {
    const opened = openLoggedEvent(proof, trust.policy)
    if ('reason' in opened) return { ok: false, reason: opened.reason }
    if (opened.size < trust.leastSize)
      return {
        ok: false,
        reason: `the proof is stale: it is under a log of ${opened.size} entries, and ${trust.leastSize} were seen before`,
      }
    const foreign = foreignTo(keys.id, opened.event)
    if (foreign !== null) return { ok: false, reason: foreign }
    events.push(opened)
  }
  return judgeNewest(keys, events)
}

function foreignTo(id: string, { type, stream, subject, data }: LogEvent): string | null {
  if (type !== 'key.enrolled' && type !== 'key.revoked') return `the proof is of an event ${type}, not of a key`
  if (stream === `partner:${id}` && subject === id && data['recipient'] === id) return null
  return `the proof is about the keys of ${subject}, not of ${id}`
}

function judgeNewest(keys: ExpectedKeys, events: readonly LoggedEvent[]): EnrolmentVerdict {
  const places = new Set(events.map(({ event }) => event.n))
  if (places.size < events.length) return { ok: false, reason: 'two events claim one place in the recipient’s chain' }
  const newest = events.reduce<LoggedEvent | null>(
    (last, next) => (last === null || next.event.n > last.event.n ? next : last),
    null,
  )
  if (newest === null) return { ok: false, reason: 'there is no proof that its keys are in the log' }
  const { type, data } = newest.event
  if (type === 'key.revoked') return { ok: false, reason: `its keys were revoked, entry ${newest.index} of the log` }
  for (const part of ['ageRecipient', 'receiptKey'] as const)
    if (data[part] !== keys[part])
      return { ok: false, reason: `the log has another ${part} under this name, entry ${newest.index}` }
  return { ok: true, index: newest.index, size: newest.size }
}
