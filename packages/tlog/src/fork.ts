import { canonicalBytes, isPlainObject, parseCanonicalJson } from './canonical-json.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { equalBytes, fromBase64Of, fromUtf8, toBase64, utf8 } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'
import { HASH_BYTES, verifyConsistency } from './merkle.ts'
import type { Verifier } from './note.ts'

/**
 * Evidence that a log told two histories: two checkpoints that it signed, and a proof that the tree of the larger one begins with
 * other leaves than the smaller one says. Needs nothing else to be judged.
 */
export interface ForkEvidence {
  /** Signed checkpoint of the smaller tree, verbatim. */
  readonly first: Uint8Array
  /** Signed checkpoint of a tree of at least as many leaves, verbatim. */
  readonly second: Uint8Array
  /** Root over the first leaves of the second tree, as many as the first tree has. */
  readonly prefixRoot: Uint8Array
  /** Consistency proof from `prefixRoot` to the root of the second tree. */
  readonly proof: readonly Uint8Array[]
}

/** Evidence that holds: both checkpoints are the log's, and no tree can have both. */
export interface ForkProven {
  readonly ok: true
  readonly first: Checkpoint
  readonly second: Checkpoint
}

/** Judges evidence of a fork with the keys of the log. Never throws on hostile input. */
export function verifyFork(evidence: ForkEvidence, logKeys: readonly Verifier[]): ForkProven | Refusal {
  const first = openCheckpoint(evidence.first, logKeys)
  if (!first.ok) return first
  const second = openCheckpoint(evidence.second, logKeys)
  if (!second.ok) return second
  const [a, b] = [first.checkpoint, second.checkpoint]
  if (a.origin !== b.origin)
    return { ok: false, reason: `the checkpoints are of two logs, ${a.origin} and ${b.origin}` }
  const { prefixRoot, proof } = evidence
  const claim = { oldSize: a.size, oldRoot: prefixRoot, newSize: b.size, newRoot: b.root, proof }
  const proven = verifyConsistency(claim)
  if (!proven.ok) return proven
  if (equalBytes(prefixRoot, a.root)) return { ok: false, reason: 'the second tree extends the first one: no fork' }
  return { ok: true, first: a, second: b }
}

/** Bytes of a file of evidence: canonical JSON, so that it can be kept and handed on. */
export function formatFork(evidence: ForkEvidence): Uint8Array {
  return canonicalBytes({
    type: 'sigillo/fork/v1',
    first: fromUtf8(evidence.first),
    second: fromUtf8(evidence.second),
    prefixRoot: toBase64(evidence.prefixRoot),
    proof: evidence.proof.map(toBase64),
  })
}

/** Inverse of `formatFork`, strict. Nothing in the result is verified. Throws `bad-proof`. */
export function parseFork(bytes: Uint8Array): ForkEvidence {
  try {
    const value = parseCanonicalJson(bytes)
    if (!isPlainObject(value) || value['type'] !== 'sigillo/fork/v1' || Object.keys(value).length !== 5)
      throw new TlogError('bad-proof', 'it is no sigillo/fork/v1')
    const { first, second, prefixRoot, proof } = value
    if (!Array.isArray(proof)) throw new TlogError('bad-proof', 'its proof is no list')
    return {
      first: textOf(first, 'first'),
      second: textOf(second, 'second'),
      prefixRoot: hashOf(prefixRoot),
      proof: proof.map(hashOf),
    }
  } catch (error) {
    throw new TlogError('bad-proof', `evidence of a fork: ${error instanceof TlogError ? error.message : 'unreadable'}`)
  }
}

function textOf(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string') throw new TlogError('bad-proof', `${name} is no text`)
  return utf8(value)
}

function hashOf(value: unknown): Uint8Array {
  return fromBase64Of(typeof value === 'string' ? value : '', HASH_BYTES, 'a hash')
}
