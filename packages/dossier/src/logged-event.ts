import { TlogError } from '@sigillo/tlog/errors'
import type { LogEvent } from '@sigillo/tlog/event'
import { verifyInclusion } from '@sigillo/tlog/merkle'
import { judgeCheckpoint, openProof } from './internal/check-log.ts'
import type { VerifierPolicy } from './policy.ts'

/** An event that a proof shows to be in the log. */
export interface LoggedEvent {
  readonly index: number
  /** Size of the log that the proof is under. */
  readonly size: number
  readonly event: LogEvent
}

/** The event of a proof file, if the proof holds under the policy's log; otherwise why it does not. Never throws on hostile bytes. */
export function openLoggedEvent(bytes: Uint8Array, policy: VerifierPolicy): LoggedEvent | { readonly reason: string } {
  try {
    const { index, event, leafHash, proof, checkpoint } = openProof(bytes)
    const judged = judgeCheckpoint(checkpoint, null, policy.log)
    if (judged.checkpoint === null || judged.verdict === 'failed') return { reason: judged.reason }
    const { size, root } = judged.checkpoint
    const included = verifyInclusion({ leafHash, index, size, root, proof })
    return included.ok ? { index, size, event } : { reason: `the proof does not hold: ${included.reason}` }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { reason: `the proof cannot be read: ${error.message}` }
  }
}
