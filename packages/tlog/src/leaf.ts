import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, fromBase64Of, toBase64, toBinaryString, u64be, utf8 } from './encoding.ts'
import { TlogError } from './errors.ts'

/** Every leaf has this many bytes, whatever it stands for, so the log tells an observer nothing but its length. */
export const LEAF_BYTES: number = 86
/** Bytes of the salt that blinds an event. Whoever erases salt and body leaves a commitment that says nothing. */
export const SALT_BYTES: number = 32
/** Bytes of the key that labels one stream. */
export const STREAM_KEY_BYTES: number = 32
/** Bytes of a label. */
export const LABEL_BYTES: number = 16

const leafHeader = 'sigillo/leaf/v1\n'

/** A parsed leaf. To those without the stream key and the salt both parts are noise. */
export interface Leaf {
  /** 16 bytes: which event of which stream. */
  readonly label: Uint8Array
  /** 32 bytes: the event. */
  readonly commitment: Uint8Array
}

/**
 * What somebody needs to recompute one leaf, and nothing about any other: goes into the `extra` line of a proof. The label is
 * given, not its stream key, which would open the whole stream.
 */
export interface Opening {
  /** 16 bytes. */
  readonly label: Uint8Array
  /** 32 bytes. */
  readonly salt: Uint8Array
  /** Canonical JSON of the event. */
  readonly body: Uint8Array
}

/** Commitment to an event: SHA-256("sigillo/event/v1" LF, salt, canonical JSON). The salt is 32 fresh random bytes; throws `bad-argument` otherwise. */
export function eventCommitment(salt: Uint8Array, body: Uint8Array): Uint8Array {
  requireBytes(salt, SALT_BYTES, 'a salt')
  return sha256(concatBytes(utf8('sigillo/event/v1\n'), salt, body))
}

/**
 * Label of event `n` of a stream: the first 16 bytes of HMAC-SHA-256(stream key, "sigillo/label/v1", n as big-endian 64-bit integer). The
 * stream's owner can list its own leaves and sees gaps and extras. Throws `bad-argument` on a key that has not 32 bytes or a bad n.
 */
export function streamLabel(streamKey: Uint8Array, n: number): Uint8Array {
  requireBytes(streamKey, STREAM_KEY_BYTES, 'a stream key')
  return hmac(sha256, streamKey, concatBytes(utf8('sigillo/label/v1'), u64be(n))).slice(0, LABEL_BYTES)
}

/** The 86 bytes of a leaf. Throws `bad-argument` on wrong lengths. */
export function formatLeaf(leaf: Leaf): Uint8Array {
  requireBytes(leaf.label, LABEL_BYTES, 'a label')
  requireBytes(leaf.commitment, 32, 'a commitment')
  return utf8(`${leafHeader}${toBase64(leaf.label)}\n${toBase64(leaf.commitment)}\n`)
}

/** Inverse of `formatLeaf`, strict: no other bytes parse to the same leaf. Throws `bad-leaf`. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length !== LEAF_BYTES)
    throw new TlogError('bad-leaf', `a leaf has ${LEAF_BYTES} bytes, not ${bytes.length}`)
  const text = toBinaryString(bytes)
  const [label, commitment, end] = text.slice(leafHeader.length).split('\n')
  if (!text.startsWith(leafHeader) || label === undefined || commitment === undefined || end !== '') {
    throw new TlogError('bad-leaf', 'a leaf is its header, a label and a commitment')
  }
  try {
    return {
      label: fromBase64Of(label, LABEL_BYTES, 'the label'),
      commitment: fromBase64Of(commitment, 32, 'the commitment'),
    }
  } catch (error) {
    throw new TlogError('bad-leaf', error instanceof TlogError ? error.message : 'the leaf is unreadable')
  }
}

/** A leaf that stands for nothing, to hide how many events a batch has. `random` gives that many fresh random bytes. */
export function dummyLeaf(random: (count: number) => Uint8Array): Uint8Array {
  return formatLeaf({ label: random(LABEL_BYTES), commitment: random(32) })
}

/** The batch with dummy leaves behind it up to a multiple of `multiple` (default 16); a batch of none becomes one of `multiple`. */
export function padBatch(
  leaves: readonly Uint8Array[],
  random: (count: number) => Uint8Array,
  multiple: number = 16,
): Uint8Array[] {
  const wanted = Math.max(1, Math.ceil(leaves.length / multiple)) * multiple
  return [...leaves, ...Array.from({ length: wanted - leaves.length }, () => dummyLeaf(random))]
}

/** The leaf that an opening opens. Throws `bad-argument` on wrong lengths. */
export function leafOfOpening(opening: Opening): Uint8Array {
  return formatLeaf({ label: opening.label, commitment: eventCommitment(opening.salt, opening.body) })
}

/** Bytes of an opening: label, salt, body. Throws `bad-argument` on wrong lengths. */
export function encodeOpening(opening: Opening): Uint8Array {
  requireBytes(opening.label, LABEL_BYTES, 'a label')
  requireBytes(opening.salt, SALT_BYTES, 'a salt')
  return concatBytes(opening.label, opening.salt, opening.body)
}

/** Inverse of `encodeOpening`. Throws `bad-leaf` when the bytes are too few. Whether the body is an event is for `decodeEvent`. */
export function decodeOpening(bytes: Uint8Array): Opening {
  const bodyAt = LABEL_BYTES + SALT_BYTES
  if (bytes.length <= bodyAt) throw new TlogError('bad-leaf', 'the opening of a leaf is cut off')
  return { label: bytes.slice(0, LABEL_BYTES), salt: bytes.slice(LABEL_BYTES, bodyAt), body: bytes.slice(bodyAt) }
}

function requireBytes(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new TlogError('bad-argument', `${what} has ${length} bytes, not ${bytes.length}`)
}
