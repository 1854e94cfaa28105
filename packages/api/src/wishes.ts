import type { FourEyesAction } from '@sigillo/programme/four-eyes'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import type { EnrolRequest } from './contracts.ts'
import type { EraseRequest } from './contracts-erasure.ts'
import type { Grant, NewPerson } from './contracts-people.ts'

// What a second person agrees to, written by whoever asks and by the hub alike: an approval counts only when both wrote the same.

/** Something that may need a second person: the action, what it is about, and everything that the second person has to have read. */
export interface Wish {
  readonly action: FourEyesAction
  /** Opaque id of what it is about. */
  readonly subject: string
  /** What exactly is to be done; an approval of anything else does not count. */
  readonly payload: JsonObject
}

/** One package goes to its partner. `notBefore` as in its manifest. */
export function issueWish(issue: {
  readonly distribution: string
  readonly package: string
  readonly sha256: string
  readonly recipient: string
  readonly notBefore: string | null
}): Wish {
  const { distribution, ...payload } = issue
  return { action: 'package.issue', subject: distribution, payload }
}

/** A partner's keys are taken up. */
export function enrolWish(entry: EnrolRequest['recipients'][number]): Wish {
  const { id, kind, ageRecipient, receiptKey, tokenHash } = entry
  return {
    action: 'recipient.enrol',
    subject: id,
    payload: { recipient: id, kind, ageRecipient, receiptKey, tokenHash },
  }
}

/** A partner's keys are ended. */
export function revokeWish(keys: {
  readonly id: string
  readonly ageRecipient: string
  readonly receiptKey: string
}): Wish {
  const { id, ageRecipient, receiptKey } = keys
  return { action: 'recipient.enrol', subject: id, payload: { revoke: id, ageRecipient, receiptKey } }
}

/** Somebody joins the vendor's side, with a first token or without. */
export function addPersonWish(person: string, { role, token }: NewPerson): Wish {
  return about(person, { change: 'add', role, token: token === undefined ? null : tokenOf(token.id, token) })
}

/** One of the vendor's people gets another role. */
export function roleWish(person: string, role: string): Wish {
  return about(person, { change: 'role', role })
}

/** One of the vendor's people gets another token. */
export function tokenWish(person: string, id: string, grant: Grant): Wish {
  return about(person, { change: 'token', token: tokenOf(id, grant) })
}

/** One of the vendor's people may enrol a passkey, with the code that has this hash. */
export function enrolmentWish(person: string, codeHash: string): Wish {
  return about(person, { change: 'enrolment', codeHash })
}

/**
 * An embargo is lifted by people, with `releaseAt` the instant that was planned: before it (`early`), while the lift is held (`manual`) or
 * because it broke; or moved to an `earlier` one, `releaseAt`.
 */
export function liftWish(caseId: string, how: 'early' | 'manual' | 'broken' | 'earlier', releaseAt: Date): Wish {
  return { action: 'embargo.lift', subject: caseId, payload: { case: caseId, how, releaseAt: releaseAt.toISOString() } }
}

/** Events and packages are erased. The order in which they are named says nothing, nor does naming one twice. */
export function eraseWish({ reason, events, packages }: EraseRequest): Wish {
  return {
    action: 'erasure.perform',
    subject: 'erasure',
    payload: {
      reason,
      events: [...new Set(events)].sort((a, b) => a - b),
      packages: [...new Set(packages)].sort(),
    },
  }
}

/** Other actions are put under four eyes. */
export function rulesWish(fourEyes: readonly FourEyesAction[]): Wish {
  return { action: 'policy.change', subject: 'rules', payload: { fourEyes: [...fourEyes].sort() } }
}

/** An event of the desk that is under four eyes by its type: {@link EVENT_ACTION}. */
export function eventWish(
  action: FourEyesAction,
  event: {
    readonly type: string
    readonly stream: string
    readonly subject: string
    readonly data: JsonObject
  },
): Wish {
  const { type, stream, subject, data } = event
  return { action, subject, payload: { type, stream, subject, data } }
}

/** The event that a key of the log, of a witness or of the vendor's releases is followed by another: `introduction` is signed by both. */
export function keyEnrolledEvent(introduction: string, { kind, oldKey, newKey }: KeyChange) {
  return {
    type: 'key.enrolled' as const,
    stream: 'admin',
    subject: keyId(newKey),
    data: { kind, key: newKey, follows: oldKey, introduction },
  }
}

/** The event that a key counts no more for anything new. */
export function keyRevokedEvent({ kind, oldKey, newKey }: KeyChange) {
  return {
    type: 'key.revoked' as const,
    stream: 'admin',
    subject: keyId(oldKey),
    data: { kind, key: oldKey, followedBy: newKey },
  }
}

/** Which key follows which. */
export interface KeyChange {
  readonly kind: 'log' | 'witness' | 'release'
  readonly oldKey: string
  readonly newKey: string
}

/** Name and key id of a C2SP verifier key, without its bytes. */
function keyId(vkey: string): string {
  return vkey.split('+').slice(0, 2).join('+')
}

/** Events of the desk that say that something was done which is an action of its own. */
export const EVENT_ACTION: Readonly<Record<string, FourEyesAction>> = {
  'escrow.opened': 'escrow.open',
  'dossier.sealed': 'dossier.export',
  'policy.changed': 'policy.change',
  'key.enrolled': 'policy.change',
  'key.revoked': 'policy.change',
}

function about(person: string, payload: JsonObject): Wish {
  return { action: 'role.change', subject: person, payload: { person, ...payload } }
}

function tokenOf(id: string, { tokenHash, role, expiresAt }: Grant): JsonObject {
  return { id, tokenHash, role, expiresAt }
}
