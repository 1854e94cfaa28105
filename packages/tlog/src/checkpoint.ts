import { fromBase64Of, isCount, parseDecimal, toBase64 } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'
import { HASH_BYTES } from './merkle.ts'
import { type NoteSignature, type Signer, signNote, type Verifier, verifyNote } from './note.ts'

/** Tree head of a log (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Identity of the log: a URL without its scheme. */
  readonly origin: string
  /** Leaves, in 0..2^53-1. */
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** A checkpoint whose log signature is good. Cosignatures are judged by a policy, not here. */
export interface OpenedCheckpoint {
  readonly ok: true
  readonly checkpoint: Checkpoint
  /** The signed text, which witnesses cosign. */
  readonly body: string
  /** Good signatures of the log's keys. */
  readonly verified: readonly NoteSignature[]
  /** Signature lines of keys not given, cosignatures among them. */
  readonly ignored: readonly NoteSignature[]
}

/** Body of a checkpoint: three lines. Throws `bad-argument`. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint
  if (!isOrigin(origin)) throw new TlogError('bad-argument', 'an origin is one line without spaces or plus signs')
  if (!isCount(size)) throw new TlogError('bad-argument', `tree size ${size} is not an integer in 0..2^53-1`)
  if (root.length !== HASH_BYTES) throw new TlogError('bad-argument', `a root has 32 bytes, not ${root.length}`)
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/**
 * Parses the body of a checkpoint. Extension lines are refused: nobody can audit them, and not every cosignature covers them.
 * Throws `bad-checkpoint`.
 */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split('\n')
  if (lines.pop() !== '' || lines.length < 3) throw new TlogError('bad-checkpoint', 'a checkpoint has three lines')
  if (lines.length > 3)
    throw new TlogError('bad-checkpoint', 'the checkpoint has extension lines, which are not accepted')
  const [origin = '', decimal = '', hash = ''] = lines
  if (!isOrigin(origin)) throw new TlogError('bad-checkpoint', 'the origin is empty or holds a space or a plus sign')
  const size = parseDecimal(decimal)
  if (size === null) throw new TlogError('bad-checkpoint', 'the tree size is not a decimal in 0..2^53-1')
  try {
    return { origin, size, root: fromBase64Of(hash, HASH_BYTES, 'the root') }
  } catch (error) {
    throw new TlogError('bad-checkpoint', error instanceof TlogError ? error.message : 'the root is not a hash')
  }
}

/** Signed checkpoint note. The first signer is the log, whose key name is the origin. Throws `bad-argument`. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly Signer[]): Uint8Array {
  if (signers[0]?.name !== checkpoint.origin) throw new TlogError('bad-argument', 'the key name of a log is its origin')
  return signNote(formatCheckpoint(checkpoint), signers)
}

/**
 * Opens a signed checkpoint with the keys of its log (several during a key rotation). A good signature of a key whose name is the
 * origin line is required; a bad signature of any given key refuses the note. Never throws on hostile input.
 */
export function openCheckpoint(note: Uint8Array, logKeys: readonly Verifier[]): OpenedCheckpoint | Refusal {
  const opened = verifyNote(note, logKeys)
  if (!opened.ok) return { ok: false, reason: `checkpoint: ${opened.reason}` }
  let checkpoint: Checkpoint
  try {
    checkpoint = parseCheckpoint(opened.text)
  } catch (error) {
    return { ok: false, reason: error instanceof TlogError ? error.message : 'the checkpoint is unreadable' }
  }
  if (!opened.verified.some((signature) => signature.name === checkpoint.origin)) {
    return { ok: false, reason: `no key of the log ${checkpoint.origin} signed its checkpoint` }
  }
  return { ok: true, checkpoint, body: opened.text, verified: opened.verified, ignored: opened.ignored }
}

function isOrigin(text: string): boolean {
  return text !== '' && text.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(text)
}
