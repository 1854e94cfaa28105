import { TlogError } from './errors.ts'

const encoder = new TextEncoder()
const chunk = 0x2000

/** UTF-8 bytes of a text. Lone surrogates become U+FFFD; refuse them before where it matters. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Text of UTF-8 bytes; a byte order mark is kept. Throws `bad-encoding` on bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new TlogError('bad-encoding', 'not valid UTF-8')
  }
}

/** One character per byte (ISO 8859-1). */
export function toBinaryString(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += chunk) text += String.fromCharCode(...bytes.subarray(at, at + chunk))
  return text
}

/** Inverse of `toBinaryString`. Throws `bad-encoding` on a character above U+00FF. */
export function fromBinaryString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0xff) throw new TlogError('bad-encoding', `character ${at} is not a byte`)
    bytes[at] = code
  }
  return bytes
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return btoa(toBinaryString(bytes))
}

/**
 * Strict inverse of `toBase64`: the one canonical spelling of the bytes and nothing else, so that no second text means the same bytes.
 * Throws `bad-encoding` on white space, missing padding, other alphabets and non-zero trailing bits (RFC 4648 section 3.5).
 */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new TlogError('bad-encoding', 'not base64')
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new TlogError('bad-encoding', 'not base64')
  }
  if (btoa(binary) !== text) throw new TlogError('bad-encoding', 'base64 is not canonical')
  return fromBinaryString(binary)
}

/** Base64 of exactly `length` bytes. Throws `bad-encoding` otherwise; `what` names the field in the message. */
export function fromBase64Of(text: string, length: number, what: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = fromBase64(text)
  } catch {
    throw new TlogError('bad-encoding', `${what} is not canonical base64`)
  }
  if (bytes.length !== length) throw new TlogError('bad-encoding', `${what} has ${bytes.length} bytes, not ${length}`)
  return bytes
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Strict inverse of `toHex`. Throws `bad-encoding` on upper case, odd length or any other character. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new TlogError('bad-encoding', 'not lower-case hex')
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16)
  return bytes
}

/** Whether two byte strings are equal; the time depends on their lengths only, as far as a JavaScript engine allows. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}

/** The parts, one after the other, in a new array. For a few parts; `joinBytes` takes any number. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts)
}

/** The parts, one after the other, in a new array. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Big-endian unsigned 64-bit integer. `value` is an integer in 0..2^53-1; throws `bad-argument` otherwise. */
export function u64be(value: number): Uint8Array {
  if (!isCount(value)) throw new TlogError('bad-argument', `${value} is not an integer in 0..2^53-1`)
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.floor(value / 2 ** 32))
  view.setUint32(4, value % 2 ** 32)
  return bytes
}

/** Reads 8 bytes at `at` as a big-endian unsigned integer; `null` if they are missing or the value exceeds 2^53-1. */
export function readU64be(bytes: Uint8Array, at: number): number | null {
  if (bytes.length < at + 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
  const value = view.getUint32(0) * 2 ** 32 + view.getUint32(4)
  return Number.isSafeInteger(value) ? value : null
}

/** ASCII decimal without leading zeros, in 0..2^53-1; `null` for anything else. */
export function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

/** Whether `value` is an integer in 0..2^53-1, the range of sizes and indices here. */
export function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
