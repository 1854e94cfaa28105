import { SealError } from '@sigillo/seal/errors'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { inspectReceipt, openReceipt, type Receipt } from '@sigillo/seal/receipt'
import { isOfKey, parseNote } from '@sigillo/tlog/note'
import { type Claim, type ClaimVerdict, weaker } from '../claim.ts'
import type { VerifierPolicy } from '../policy.ts'
import { copyEvents } from './check-distribution.ts'
import type { LogState, ProvenEvent } from './check-log.ts'
import type { DecodedDossier, StoredProof } from './decoded.ts'

/** Whether a receipt is what one of the policy's partner keys signed; `reason` says why not, or why that was not asked. */
export interface JudgedReceipt {
  readonly verdict: 'proven' | 'consistent' | 'failed'
  readonly receipt: Receipt
  readonly reason: string
}

/**
 * Judges a receipt by the policy's keys of the partner that it names. Where the policy has none, the signature stays unchecked, unless its line names a key that the
 * policy has for another partner.
 *
 * @throws SealError when it is no receipt
 */
export function judgeReceipt(note: Uint8Array, policy: VerifierPolicy | null): JudgedReceipt {
  const { receipt, signer } = inspectReceipt(note)
  const keys = policy?.partners.get(receipt.recipient) ?? []
  if (keys.some((key) => isSignedBy(note, key))) return { verdict: 'proven', receipt, reason: `signed by ${signer}` }
  if (keys.length > 0) {
    return { verdict: 'failed', receipt, reason: `not signed by a key that the policy has for ${receipt.recipient}` }
  }
  if (policy !== null && namesAnyKey(note, [...policy.partners.values()].flat())) {
    return { verdict: 'failed', receipt, reason: `its signature line names a key that is not of ${receipt.recipient}` }
  }
  const why = policy === null ? 'without a policy' : `as the policy has no key of ${receipt.recipient}`
  return { verdict: 'consistent', receipt, reason: `claims to be signed by ${signer}, not checked ${why}` }
}

/** Checks a receipt in a dossier: its signature, and that it is about a package that the log shown here issued to that partner. */
export function checkReceipt(
  stored: StoredProof,
  ordinal: number,
  content: DecodedDossier,
  log: LogState,
  policy: VerifierPolicy | null,
): Claim {
  const id = `receipt/${ordinal}`
  try {
    const { verdict, receipt, reason } = judgeReceipt(stored.bytes, policy)
    if (!content.distributions.some((opened) => opened.id === receipt.distribution)) {
      return {
        id,
        verdict: 'failed',
        reason: `it is about distribution ${receipt.distribution}, which is not opened here`,
      }
    }
    const contrary = contraryEvent(receipt, log)
    if (contrary !== undefined)
      return { id, verdict: 'failed', reason: `event ${contrary.index} logs another package for ${receipt.recipient}` }
    if (verdict === 'failed') return { id, verdict, reason: `${saidBy(receipt)}; ${reason}` }
    const logged = verdict === 'proven' ? null : judgeByLog(stored.bytes, receipt, log)
    return { id, verdict: logged?.verdict ?? verdict, reason: `${saidBy(receipt)}; ${logged?.reason ?? reason}` }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { id, verdict: 'failed', reason: error.message }
  }
}

/** An event that logs another package for the recipient, when none logs this one: a recipient may get several of a distribution. */
function contraryEvent(receipt: Receipt, log: LogState): ProvenEvent | undefined {
  const copies = copyEvents(log, receipt.distribution).filter(
    ({ event }) => event.data['recipient'] === receipt.recipient,
  )
  const logged = copies.some(({ event }) => (event.data['sha256'] ?? receipt.package) === receipt.package)
  return logged ? undefined : copies[0]
}

/**
 * Judges a receipt by the key that the log shown here enrolled for its partner; null when it enrolled none. It goes no further than `unwitnessed`: that the
 * enrolled key is the partner's is the vendor's word, however well its time is witnessed.
 */
function judgeByLog(
  note: Uint8Array,
  receipt: Receipt,
  log: LogState,
): { readonly verdict: ClaimVerdict; readonly reason: string } | null {
  const enrolled = log.events.find(
    ({ event }) => event.type === 'key.enrolled' && event.data['recipient'] === receipt.recipient,
  )
  const key = enrolled?.event.data['receiptKey']
  if (enrolled === undefined || typeof key !== 'string') return null
  if (!isSignedBy(note, key))
    return { verdict: 'failed', reason: `not signed by the key that event ${enrolled.index} enrolled` }
  const early = copyEvents(log, receipt.distribution).find(
    ({ index, event }) => event.data['recipient'] === receipt.recipient && index < enrolled.index,
  )
  if (early !== undefined)
    return {
      verdict: 'failed',
      reason: `its key was enrolled at ${enrolled.index}, after the copy left at ${early.index}`,
    }
  const reason = `signed by the key that event ${enrolled.index} enrolled; that it is the partner's is the vendor's word`
  return { verdict: weaker(log.level, 'unwitnessed'), reason }
}

/** What a receipt says, in words. */
export function saidBy(receipt: Receipt): string {
  return `${receipt.recipient} says it received package ${receipt.package.slice(0, 16)}… of ${receipt.distribution} at ${receipt.at}`
}

function namesAnyKey(note: Uint8Array, keys: readonly string[]): boolean {
  return parseNote(note).signatures.some((signature) => keys.some((key) => isOfKey(signature, noteVerifier(key))))
}

function isSignedBy(note: Uint8Array, key: string): boolean {
  try {
    openReceipt(note, key)
    return true
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return false
  }
}
