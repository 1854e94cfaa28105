import { createHash, hkdfSync } from 'node:crypto'

/** Length of the secret that stands for a variant's key in the keys of a copy, in bytes. */
export const SECRET_BYTES = 16
/** Length of a key, in bytes; in a body without salt that of a secret. */
export const KEY_BYTES = 32
/** Length of a body's salt, in bytes. */
export const SALT_BYTES = 32

/**
 * What a catalogue holds instead of a secret: enough to know it again, nothing to find it by. With `salt` null, of a body that has none, the secret is the
 * key itself. Salt and number make the hash one of this box alone, so that whoever guesses secrets tries each guess on one box, not on all of them.
 */
export function keyHash(secret: Uint8Array, salt: Uint8Array | null, box: number): Uint8Array {
  const hash = createHash('sha256')
  if (salt === null) return hash.update('sigillo/variant-key/v2\n').update(secret).digest()
  return hash.update('sigillo/variant-key/v3\n').update(salt).update(numberOf(box)).update(secret).digest()
}

/** The key that opens a box: HKDF-SHA-256 (RFC 5869) of the secret, under the body's salt, for the box of this number; with `salt` null the secret itself. */
export function boxKey(secret: Uint8Array, salt: Uint8Array | null, box: number): Uint8Array {
  if (salt === null) return secret
  const info = Buffer.concat([Buffer.from('sigillo/box-key/v3\n'), numberOf(box)])
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, KEY_BYTES))
}

function numberOf(box: number): Uint8Array {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(box)
  return number
}
