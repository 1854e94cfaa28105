import type { Checkpoint } from './checkpoint.ts'
import { fromBase64, fromBase64Of, fromUtf8, isCount, joinBytes, parseDecimal, toBase64, utf8 } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'
import { HASH_BYTES, verifyInclusion } from './merkle.ts'
import { MAX_NOTE_BYTES } from './note.ts'
import type { Policy } from './policy.ts'
import type { Ed25519Verify } from './vkey.ts'
import { verifyWitnessed, type WitnessedCheckpoint } from './witnessed.ts'

const header = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^53 leaves has paths of 53 hashes. */
const maxHashes = 53

/** Largest extra data, in bytes. */
export const MAX_EXTRA_BYTES: number = 1024 * 1024

/** An offline proof that a leaf is in a log (c2sp.org/tlog-proof). Nothing in a parsed one is verified; `extra` is never authenticated. */
export interface ProofFile {
  readonly index: number
  /** Inclusion proof from the leaf's sibling up. */
  readonly proof: readonly Uint8Array[]
  /** Signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
  /** Opaque data for the application, at most 1 MiB; `null` when the line is missing. */
  readonly extra: Uint8Array | null
}

/** A proof that holds under a policy. */
export interface VerifiedProof {
  readonly ok: true
  readonly index: number
  readonly checkpoint: Checkpoint
  /** Who cosigned, and whether anybody had to. */
  readonly witnessed: WitnessedCheckpoint
}

/** Bytes of a proof file. Throws `bad-argument` on what `parseProofFile` would refuse. */
export function formatProofFile(file: ProofFile): Uint8Array {
  if (!isCount(file.index))
    throw new TlogError('bad-argument', `leaf index ${file.index} is not an integer in 0..2^53-1`)
  if (file.proof.length > maxHashes || file.proof.some((hash) => hash.length !== HASH_BYTES)) {
    throw new TlogError('bad-argument', `an inclusion proof has at most ${maxHashes} hashes of ${HASH_BYTES} bytes`)
  }
  if (file.extra !== null && file.extra.length > MAX_EXTRA_BYTES) {
    throw new TlogError('bad-argument', `extra data of ${file.extra.length} bytes is more than ${MAX_EXTRA_BYTES}`)
  }
  const extra = file.extra === null ? '' : `extra ${toBase64(file.extra)}\n`
  const hashes = file.proof.map((hash) => `${toBase64(hash)}\n`).join('')
  return joinBytes([utf8(`${header}\n${extra}index ${file.index}\n${hashes}\n`), file.checkpoint])
}

/** Parses a proof file, strictly: formatting it again gives the same bytes. Throws `bad-proof`. */
export function parseProofFile(bytes: Uint8Array): ProofFile {
  if (bytes.length > MAX_EXTRA_BYTES * 1.5 + 2 * MAX_NOTE_BYTES)
    throw new TlogError('bad-proof', 'the proof file is too large')
  const split = bytes.findIndex((byte, at) => byte === 0x0a && bytes[at + 1] === 0x0a)
  if (split < 0) throw new TlogError('bad-proof', 'the proof file has no checkpoint')
  const lines = headLines(bytes.subarray(0, split))
  if (lines.shift() !== header) throw new TlogError('bad-proof', `the first line of a proof file is ${header}`)
  const extra = lines[0]?.startsWith('extra ') === true ? readExtra(lines.shift() ?? '') : null
  const index = readIndex(lines.shift() ?? '')
  if (lines.length > maxHashes)
    throw new TlogError('bad-proof', `the inclusion proof has more than ${maxHashes} hashes`)
  const proof = lines.map(readHash)
  return { index, proof, checkpoint: bytes.slice(split + 2), extra }
}

/**
 * Verifies a proof for the leaf with the given RFC 6962 leaf hash, which the caller computes from data it knows (and from `extra`).
 * Checks the log's signature, the quorum of cosignatures and the inclusion. Never throws on hostile input.
 */
export function verifyProofFile(
  file: Uint8Array | ProofFile,
  leafHash: Uint8Array,
  policy: Policy,
  ed25519: Ed25519Verify,
): VerifiedProof | Refusal {
  let parsed: ProofFile
  try {
    parsed = file instanceof Uint8Array ? parseProofFile(file) : file
  } catch (error) {
    if (error instanceof TlogError) return { ok: false, reason: error.message }
    throw error
  }
  const witnessed = verifyWitnessed(parsed.checkpoint, policy, ed25519)
  if (!witnessed.ok) return witnessed
  const { checkpoint } = witnessed
  const { index, proof } = parsed
  const included = verifyInclusion({ leafHash, index, size: checkpoint.size, root: checkpoint.root, proof })
  return included.ok ? { ok: true, index, checkpoint, witnessed } : included
}

function headLines(bytes: Uint8Array): string[] {
  try {
    return fromUtf8(bytes).split('\n')
  } catch {
    throw new TlogError('bad-proof', 'the proof file is not valid UTF-8')
  }
}

function readExtra(line: string): Uint8Array {
  let extra: Uint8Array
  try {
    extra = fromBase64(line.slice('extra '.length))
  } catch {
    throw new TlogError('bad-proof', 'the extra line is not canonical base64')
  }
  if (extra.length > MAX_EXTRA_BYTES)
    throw new TlogError('bad-proof', `the extra data is larger than ${MAX_EXTRA_BYTES} bytes`)
  return extra
}

function readIndex(line: string): number {
  const index = line.startsWith('index ') ? parseDecimal(line.slice('index '.length)) : null
  if (index === null) throw new TlogError('bad-proof', 'the index line is missing or not a decimal')
  return index
}

function readHash(line: string, at: number): Uint8Array {
  try {
    return fromBase64Of(line, HASH_BYTES, `hash ${at + 1} of the inclusion proof`)
  } catch (error) {
    throw new TlogError('bad-proof', error instanceof TlogError ? error.message : 'a hash is unreadable')
  }
}
