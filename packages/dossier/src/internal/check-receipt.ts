import { SealError } from '@sigillo/seal/errors'
import { inspectReceipt, openReceipt } from '@sigillo/seal/receipt'
import type { Claim } from '../claim.ts'
import type { VerifierPolicy } from '../policy.ts'
import { copyEvents } from './check-distribution.ts'
import type { LogState } from './check-log.ts'
import type { DecodedDossier, StoredProof } from './decoded.ts'

/** Checks a partner's receipt: its signature by a key of the policy, and that it is about a package that the log shown here issued to that partner. */
export function checkReceipt(
  stored: StoredProof,
  ordinal: number,
  content: DecodedDossier,
  log: LogState,
  policy: VerifierPolicy | null,
): Claim {
  const id = `receipt/${ordinal}`
  try {
    const { receipt } = inspectReceipt(stored.bytes)
    const known = content.distributions.some((opened) => opened.id === receipt.distribution)
    if (!known)
      return {
        id,
        verdict: 'failed',
        reason: `it is about distribution ${receipt.distribution}, which is not opened here`,
      }
    const contrary = copyEvents(log, receipt.distribution).find(
      ({ event }) =>
        event.data['recipient'] === receipt.recipient && (event.data['sha256'] ?? receipt.package) !== receipt.package,
    )
    if (contrary !== undefined)
      return { id, verdict: 'failed', reason: `event ${contrary.index} logs another package for ${receipt.recipient}` }
    const said = `${receipt.recipient} says it received package ${receipt.package.slice(0, 16)}… at ${receipt.at}`
    const keys = policy?.partners.get(receipt.recipient) ?? []
    if (keys.length === 0)
      return { id, verdict: 'consistent', reason: `${said}; its key was not checked against a policy` }
    if (keys.some((key) => isSignedBy(stored.bytes, key))) return { id, verdict: 'proven', reason: said }
    return { id, verdict: 'failed', reason: `not signed by a key that the policy has for ${receipt.recipient}` }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { id, verdict: 'failed', reason: error.message }
  }
}

/** Whether that key signed the receipt. */
export function isSignedBy(note: Uint8Array, key: string): boolean {
  try {
    openReceipt(note, key)
    return true
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return false
  }
}
