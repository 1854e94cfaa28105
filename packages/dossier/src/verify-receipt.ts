import { SealError } from '@sigillo/seal/errors'
import { inspectReceipt } from '@sigillo/seal/receipt'
import { type Claim, concludeVerification, type Verification } from './claim.ts'
import { isSignedBy } from './internal/check-receipt.ts'
import type { VerifierPolicy } from './policy.ts'

/** Checks a receipt by itself: its form, and its signature by the policy's keys of that partner. Never throws on hostile bytes. */
export function verifyReceiptFile(
  bytes: Uint8Array,
  options: { readonly policy: VerifierPolicy | null },
): Verification {
  const { policy } = options
  return concludeVerification('receipt', policy === null ? 'none' : 'given', [judge(bytes, policy)])
}

function judge(bytes: Uint8Array, policy: VerifierPolicy | null): Claim {
  const id = 'receipt'
  try {
    const { receipt, signer } = inspectReceipt(bytes)
    const said = `${receipt.recipient} says it received package ${receipt.package} of ${receipt.distribution} at ${receipt.at}`
    const keys = policy?.partners.get(receipt.recipient) ?? []
    if (keys.length === 0) {
      const why = policy === null ? 'without a policy' : `as the policy has no key of ${receipt.recipient}`
      return { id, verdict: 'consistent', reason: `${said}; claims to be signed by ${signer}, not checked ${why}` }
    }
    if (keys.some((key) => isSignedBy(bytes, key))) return { id, verdict: 'proven', reason: said }
    return { id, verdict: 'failed', reason: `not signed by a key that the policy has for ${receipt.recipient}` }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { id, verdict: 'failed', reason: error.message }
  }
}
