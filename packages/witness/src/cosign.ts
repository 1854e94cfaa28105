import { parseSubmission } from '@sigillo/tlog/add-checkpoint'
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { TlogError } from '@sigillo/tlog/errors'
import { judgeGrowth, type NoGrowth } from '@sigillo/tlog/growth'
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
    const { oldSize, proof } = submission
    const refused = judgeGrowth({ oldSize, proof, next: opened.checkpoint }, known.latest(origin))
    if (refused !== null) return asStatus(refused, formatNote({ text: opened.body, signatures: opened.verified }))
    return { status: 200, checkpoint: opened.checkpoint, body: opened.body, signatures: opened.verified }
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    return { status: 400, reason: error.message }
  }
}

function asStatus(refused: NoGrowth, evidence: Uint8Array): Refused {
  const { reason } = refused
  if (refused.kind === 'malformed') return { status: 400, reason }
  return refused.kind === 'other-size' ? { status: 409, reason, size: refused.size } : { status: 422, reason, evidence }
}
