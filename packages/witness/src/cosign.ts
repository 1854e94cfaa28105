import { parseSubmission, type Submission } from '@sigillo/tlog/add-checkpoint'
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { equalBytes } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { emptyRoot, verifyConsistency } from '@sigillo/tlog/merkle'
import { formatNote, type NoteSignature, parseNote, type Verifier } from '@sigillo/tlog/note'

/** What a witness knows when it judges. */
export interface Knowledge {
  /** Keys trusted for a log, by its origin; none for an unknown log. */
  readonly keysOf: (origin: string) => readonly Verifier[]
  /** The tree cosigned last for an origin; null for none. */
  readonly latest: (origin: string) => Checkpoint | null
}

/** A checkpoint that may be cosigned: it extends what was cosigned before. */
export interface Accepted {
  readonly status: 200
  readonly checkpoint: Checkpoint
  /** The text to cosign. */
  readonly body: string
  /** Good signatures of the log. */
  readonly signatures: readonly NoteSignature[]
}

/** A refusal as c2sp.org/tlog-witness numbers it; `size` is that of the tree cosigned last. */
export type Refused =
  | { readonly status: 400 | 403 | 404; readonly reason: string }
  /** `evidence`: the checkpoint that the log signed although it does not extend the last one, with the log's signatures alone. */
  | { readonly status: 422; readonly reason: string; readonly evidence: Uint8Array }
  | { readonly status: 409; readonly reason: string; readonly size: number }

/**
 * Judges the body of an `add-checkpoint` request, all of which is the sender's. Pure: whoever calls it has to hold off every other
 * judgement on the same log until the outcome is stored. Never throws on hostile bytes.
 */
export function judge(bytes: Uint8Array, known: Knowledge): Accepted | Refused {
  try {
    const submission = parseSubmission(bytes)
    const { origin } = parseCheckpoint(parseNote(submission.checkpoint).text)
    const keys = known.keysOf(origin)
    if (keys.length === 0) return { status: 404, reason: `the log ${origin} is not one that this witness follows` }
    const opened = openCheckpoint(submission.checkpoint, keys)
    if (!opened.ok) return { status: 403, reason: opened.reason }
    const refused = judgeGrowth(submission, opened.checkpoint, known.latest(origin))
    if (refused?.status === 422)
      return { ...refused, evidence: formatNote({ text: opened.body, signatures: opened.verified }) }
    if (refused !== null) return refused
    return { status: 200, checkpoint: opened.checkpoint, body: opened.body, signatures: opened.verified }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { status: 400, reason: error.message }
  }
}

type NoGrowth = Exclude<Refused, { readonly status: 422 }> | { readonly status: 422; readonly reason: string }

/** Whether the tree of a checkpoint extends the one cosigned last, in the order of the checks of the specification. */
function judgeGrowth(submission: Submission, next: Checkpoint, latest: Checkpoint | null): NoGrowth | null {
  const { oldSize, proof } = submission
  if (oldSize > next.size)
    return { status: 400, reason: `the old size ${oldSize} is larger than the tree of ${next.size}` }
  const size = latest?.size ?? 0
  if (oldSize !== size)
    return { status: 409, reason: `the tree cosigned last has ${size} leaves, not ${oldSize}`, size }
  const root = latest?.root ?? emptyRoot()
  if (next.size === oldSize && !equalBytes(next.root, root))
    return { status: 422, reason: `another tree of ${size} leaves than the one cosigned or the empty one` }
  if (oldSize === 0)
    return proof.length === 0 ? null : { status: 422, reason: 'a proof from the empty tree must be empty' }
  const grown = verifyConsistency({ oldSize, oldRoot: root, newSize: next.size, newRoot: next.root, proof })
  return grown.ok ? null : { status: 422, reason: grown.reason }
}
