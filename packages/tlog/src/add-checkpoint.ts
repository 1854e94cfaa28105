import { fromBase64Of, fromUtf8, isCount, joinBytes, parseDecimal, toBase64, utf8 } from './encoding.ts'
import { TlogError } from './errors.ts'
import { HASH_BYTES } from './merkle.ts'
import { MAX_NOTE_BYTES } from './note.ts'

/** Most hashes of a consistency proof in one submission (c2sp.org/tlog-witness). */
export const MAX_PROOF_LINES: number = 63

const base64HashLine = 45
/** Largest submission, in bytes: the size line, all proof lines, the empty line, the largest note. */
export const MAX_SUBMISSION_BYTES: number = 32 + MAX_PROOF_LINES * base64HashLine + MAX_NOTE_BYTES

/** Body of a request to a witness's `add-checkpoint` (c2sp.org/tlog-witness). Nothing in a parsed one is verified. */
export interface Submission {
  /** Size of the tree that the sender believes the witness cosigned last; 0 for none. */
  readonly oldSize: number
  /** Consistency proof from the old tree to the one of the checkpoint. */
  readonly proof: readonly Uint8Array[]
  /** Signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
}

/** Bytes of a submission. Throws `bad-argument` on what `parseSubmission` would refuse. */
export function formatSubmission(submission: Submission): Uint8Array {
  const { oldSize, proof, checkpoint } = submission
  if (!isCount(oldSize)) throw new TlogError('bad-argument', `the old size ${oldSize} is not an integer in 0..2^53-1`)
  if (proof.length > MAX_PROOF_LINES || proof.some((hash) => hash.length !== HASH_BYTES))
    throw new TlogError('bad-argument', `a consistency proof has at most ${MAX_PROOF_LINES} hashes of 32 bytes`)
  const head = [`old ${oldSize}\n`, ...proof.map((hash) => `${toBase64(hash)}\n`), '\n'].join('')
  return joinBytes([utf8(head), checkpoint])
}

/** Parses a submission, strictly: formatting it again gives the same bytes. The checkpoint stays unread. Throws `bad-submission`. */
export function parseSubmission(bytes: Uint8Array): Submission {
  if (bytes.length > MAX_SUBMISSION_BYTES)
    throw new TlogError('bad-submission', `the request has more than ${MAX_SUBMISSION_BYTES} bytes`)
  const split = bytes.findIndex((byte, at) => byte === 0x0a && bytes[at + 1] === 0x0a)
  if (split < 0)
    throw new TlogError('bad-submission', 'the request has no empty line between its proof and its checkpoint')
  const [sizeLine = '', ...lines] = headOf(bytes.subarray(0, split)).split('\n')
  const oldSize = sizeLine.startsWith('old ') ? parseDecimal(sizeLine.slice('old '.length)) : null
  if (oldSize === null)
    throw new TlogError('bad-submission', 'the first line must be "old " and a tree size in decimal')
  if (lines.length > MAX_PROOF_LINES)
    throw new TlogError('bad-submission', `the request has more than ${MAX_PROOF_LINES} proof lines`)
  return { oldSize, proof: lines.map(readHash), checkpoint: bytes.slice(split + 2) }
}

function headOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw new TlogError('bad-submission', 'the request is not valid UTF-8')
  }
}

function readHash(line: string, at: number): Uint8Array {
  try {
    return fromBase64Of(line, HASH_BYTES, `proof line ${at + 1}`)
  } catch (error) {
    throw new TlogError('bad-submission', error instanceof TlogError ? error.message : 'a proof line is unreadable')
  }
}
