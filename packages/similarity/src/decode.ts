import { hexDigit } from './internal/string-content.ts'
import { isPrintable } from './internal/readable.ts'

/** How strings are hidden that this room looks through. */
export type Encoding = 'base64' | 'base64-swapped' | 'hex'

/** Shortest text that is tried, and the longest. */
const SHORTEST = 8
const LONGEST = 4 << 20

const STANDARD = base64Values('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const SWAPPED = base64Values('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/')

function base64Values(alphabet: string): Int8Array {
  const values = new Int8Array(256).fill(-1)
  for (let value = 0; value < 64; value++) values[alphabet.charCodeAt(value)] = value
  values[45] = 62
  values[95] = 63
  return values
}

/**
 * What a string hides, if it hides text: base64 in the usual letter order or with small letters first (which obfuscators use), or
 * hexadecimal. `null` when the decoded bytes are no text. At most 4 MiB are decoded.
 */
export function decodedText(
  bytes: Uint8Array,
  start: number,
  end: number,
  shortest: number = SHORTEST,
): { readonly encoding: Encoding; readonly text: Uint8Array } | null {
  const length = end - start
  if (length < shortest || length > LONGEST) return null
  const hex = length >= 2 * SHORTEST ? decodeHex(bytes, start, end) : null
  if (hex !== null && isText(hex)) return { encoding: 'hex', text: hex }
  const standard = decodeBase64(bytes, start, end, STANDARD)
  if (standard === null) return null
  if (isText(standard)) return { encoding: 'base64', text: standard }
  const swapped = decodeBase64(bytes, start, end, SWAPPED)
  return swapped !== null && isText(swapped) ? { encoding: 'base64-swapped', text: swapped } : null
}

/** The bytes behind base64 in the letter order of obfuscators; `null` when a character is not of the alphabet. */
export function decodeSwapped(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  return decodeBase64(bytes, start, end, SWAPPED)
}

function decodeHex(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  if ((end - start) % 2 !== 0) return null
  const text = new Uint8Array((end - start) >> 1)
  for (let at = 0; at < text.length; at++) {
    const high = hexDigit(bytes[start + 2 * at]!)
    const low = hexDigit(bytes[start + 2 * at + 1]!)
    if (high < 0 || low < 0) return null
    text[at] = high * 16 + low
  }
  return text
}

/** Line ends are allowed between the letters. */
function decodeBase64(bytes: Uint8Array, start: number, end: number, values: Int8Array): Uint8Array | null {
  while (end > start && bytes[end - 1] === 61) end--
  // Most strings are no base64: a look at the beginning saves the allocation.
  for (let at = start; at < Math.min(end, start + 16); at++) {
    if (values[bytes[at]!]! < 0 && bytes[at]! > 13) return null
  }
  const text = new Uint8Array(((end - start) * 3) >> 2)
  let written = 0
  let buffer = 0
  let bits = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    const value = values[byte]!
    if (value < 0) {
      if (byte === 10 || byte === 13) continue
      return null
    }
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      text[written++] = (buffer >> bits) & 255
    }
  }
  return bits >= 6 ? null : text.subarray(0, written)
}

/** Printable ASCII and line ends, or bytes of UTF-8 for at most a quarter of it. */
export function isText(bytes: Uint8Array): boolean {
  let high = 0
  for (const byte of bytes) {
    if (byte > 127) {
      if (++high * 4 > bytes.length) return false
    } else if (!isPrintable(byte) && byte !== 10 && byte !== 13) return false
  }
  return bytes.length > 0
}
