import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Length of the tag that ends a box, in bytes. */
export const TAG_BYTES = 16
const CIPHER = 'chacha20-poly1305'
/** Each key locks exactly one box, so the nonce need not vary. */
const NONCE = new Uint8Array(12)
const LENGTH_BYTES = 4

/** Length of the box of each variant of one place, when the longest variant has `longest` bytes: no box tells by its size which variant is in it. */
export function boxSize(longest: number): number {
  const content = LENGTH_BYTES + longest
  const step = Math.max(64, 2 ** (Math.floor(Math.log2(content)) - 3))
  return Math.ceil(content / step) * step + TAG_BYTES
}

/**
 * Locks one variant: ChaCha20-Poly1305 (RFC 8439) over its length (32 bits, big-endian), its bytes, and zeros up to `size`.
 *
 * @param key 32 bytes
 * @param index the box's number in its catalogue; it is authenticated, so a box opens in its own place only
 */
export function lockBox(key: Uint8Array, index: number, content: Uint8Array, size: number): Uint8Array {
  const plain = new Uint8Array(size - TAG_BYTES)
  new DataView(plain.buffer).setUint32(0, content.length)
  plain.set(content, LENGTH_BYTES)
  const cipher = createCipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES })
  cipher.setAAD(placeOf(index), { plaintextLength: plain.length })
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `lockBox` made; null when key, number or bytes are others. */
export function unlockBox(key: Uint8Array, index: number, box: Uint8Array): Uint8Array | null {
  if (box.length < LENGTH_BYTES + TAG_BYTES) return null
  const cipher = createDecipheriv(CIPHER, key, NONCE, { authTagLength: TAG_BYTES })
  cipher.setAAD(placeOf(index), { plaintextLength: box.length - TAG_BYTES })
  cipher.setAuthTag(box.subarray(box.length - TAG_BYTES))
  try {
    const plain = Buffer.concat([cipher.update(box.subarray(0, box.length - TAG_BYTES)), cipher.final()])
    const end = LENGTH_BYTES + plain.readUInt32BE(0)
    return end > plain.length || plain.subarray(end).some((byte) => byte !== 0)
      ? null
      : plain.subarray(LENGTH_BYTES, end)
  } catch {
    return null
  }
}

function placeOf(index: number): Uint8Array {
  const place = Buffer.alloc(4)
  place.writeUInt32BE(index)
  return Buffer.concat([Buffer.from('sigillo/box/v2\n'), place])
}
