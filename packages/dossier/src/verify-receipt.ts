import { SealError } from '@sigillo/seal/errors'
import { type Claim, concludeVerification, type Verification } from './claim.ts'
import { judgeReceipt, saidBy } from './internal/check-receipt.ts'
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
    const { verdict, receipt, reason } = judgeReceipt(bytes, policy)
    return { id, verdict, reason: `${saidBy(receipt)}; ${reason}` }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { id, verdict: 'failed', reason: error.message }
  }
}
