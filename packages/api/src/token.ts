import { createHash, randomBytes } from 'node:crypto'

const PREFIX = 'sgl_'
const SECRET_BYTES = 32
const CHECK_BYTES = 4
/** Form of a token. */
export const TOKEN_SHAPE: RegExp = /^sgl_[A-Za-z0-9_-]{48}$/

/**
 * A new bearer token: `sgl_`, then base64url of 256 random bits and a checksum of 32 bits. The prefix lets secret scanners find
 * leaked tokens; the checksum tells a mistyped token without asking the hub. `random` gives that many random bytes.
 */
export function generateToken(random: (length: number) => Uint8Array = randomBytes): string {
  const secret = random(SECRET_BYTES)
  return `${PREFIX}${Buffer.concat([secret, checksum(secret)]).toString('base64url')}`
}

/** Whether a text has the form of a token and its checksum is right. */
export function isToken(text: string): boolean {
  if (!TOKEN_SHAPE.test(text)) return false
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url')
  return checksum(bytes.subarray(0, SECRET_BYTES)).equals(bytes.subarray(SECRET_BYTES))
}

/** What is stored of a token: its SHA-256, 32 bytes. The token has 256 random bits, so no slow hash is needed. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token, 'utf8').digest()
}

function checksum(secret: Uint8Array): Buffer {
  return createHash('sha256').update('sigillo/token/v1\n').update(secret).digest().subarray(0, CHECK_BYTES)
}
