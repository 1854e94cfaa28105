import { parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { TlogError } from '@sigillo/tlog/errors'
import { verifyInclusion } from '@sigillo/tlog/merkle'
import { parseNote } from '@sigillo/tlog/note'
import { type Claim, concludeVerification, type Verification } from './claim.ts'
import { judgeCheckpoint, openProof } from './internal/check-log.ts'
import type { VerifierPolicy } from './policy.ts'

/** Checks an event's proof file: the leaf that follows from its opening, its place in the tree, and the checkpoint by the policy. Never throws on hostile bytes. */
export function verifyProof(bytes: Uint8Array, options: { readonly policy: VerifierPolicy | null }): Verification {
  const { policy } = options
  const conclude = (claims: readonly Claim[]): Verification =>
    concludeVerification('proof', policy === null ? 'none' : 'given', claims)
  try {
    const { index, event, leafHash, proof, checkpoint } = openProof(bytes)
    const log = checkpointClaim(checkpoint, policy)
    const { size, root } = parseCheckpoint(parseNote(checkpoint).text)
    const included = verifyInclusion({ leafHash, index, size, root, proof })
    const id = `event/${index}`
    if (!included.ok) return conclude([log, { id, verdict: 'failed', reason: included.reason }])
    return conclude([log, { id, verdict: log.verdict, reason: `${event.type} of ${event.at} about ${event.subject}` }])
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return conclude([{ id: 'proof', verdict: 'failed', reason: error.message }])
  }
}

/** Checks a signed checkpoint by itself. Never throws on hostile bytes. */
export function verifyCheckpoint(bytes: Uint8Array, options: { readonly policy: VerifierPolicy | null }): Verification {
  const policy = options.policy === null ? 'none' : 'given'
  return concludeVerification('checkpoint', policy, [checkpointClaim(bytes, options.policy)])
}

function checkpointClaim(note: Uint8Array, policy: VerifierPolicy | null): Claim {
  if (policy !== null && policy.log.logs.length > 0) {
    const { verdict, reason } = judgeCheckpoint(note, null, policy.log)
    return { id: 'log', verdict, reason }
  }
  try {
    const { origin, size } = parseCheckpoint(parseNote(note).text)
    const why = policy === null ? 'without a policy' : 'as the policy names no log'
    return {
      id: 'log',
      verdict: 'consistent',
      reason: `claims to be a checkpoint of ${origin} at size ${size}; not checked ${why}`,
    }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { id: 'log', verdict: 'failed', reason: error.message }
  }
}
