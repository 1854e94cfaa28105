import { FNV_PRIME, FNV_START, mix } from './hashing.ts'
import { reserveText, type TokenArena } from './token-arena.ts'

const BACKSLASH = 92
/** What the letter after a backslash stands for; 0 for "itself". */
const SIMPLE = new Uint8Array(256)
for (const [letter, byte] of [
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['b', 8],
  ['f', 12],
  ['v', 11],
  ['a', 7],
  ['e', 27],
] as const) {
  SIMPLE[letter.charCodeAt(0)] = byte
}

/**
 * Copies the content of a string literal, `bytes[start..end)`, to the arena's text, with escapes decoded unless `raw`, and
 * returns its hash. Wrong escapes stand for themselves.
 */
export function takeContent(arena: TokenArena, bytes: Uint8Array, start: number, end: number, raw: boolean): number {
  reserveText(arena, end - start + 8)
  const text = arena.text
  let to = arena.textLength
  let h = FNV_START
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte === BACKSLASH && !raw && at + 1 < end) {
      const before = to
      const length = decodeEscape(bytes, at, end, text, to)
      to += length & 7
      at += length >> 3
      for (let copied = before; copied < to; copied++) h = Math.imul(h ^ text[copied]!, FNV_PRIME)
    } else {
      text[to++] = byte
      h = Math.imul(h ^ byte, FNV_PRIME)
      at++
    }
  }
  arena.textLength = to
  return mix(h)
}

/** Decodes the escape at `at` into `text[to…]`. Returns bytes written (0 to 4) plus eight times the bytes read: never more written than read. */
function decodeEscape(bytes: Uint8Array, at: number, end: number, text: Uint8Array, to: number): number {
  const letter = bytes[at + 1]!
  if (letter === 120) return putCode(text, to, hexValue(bytes, at + 2, Math.min(end, at + 4), 2), 4, letter, false)
  if (letter === 117) return decodeUnicode(bytes, at, end, text, to)
  if (letter === 85) return putCode(text, to, hexValue(bytes, at + 2, Math.min(end, at + 10), 8), 10, letter, true)
  if (letter >= 48 && letter <= 55) return decodeOctal(bytes, at, end, text, to)
  if (letter === 10) return 8 * 2
  if (letter === 13) return 8 * (bytes[at + 2] === 10 ? 3 : 2)
  const simple = SIMPLE[letter]!
  text[to] = simple === 0 ? letter : simple
  return 8 * 2 + 1
}

function decodeUnicode(bytes: Uint8Array, at: number, end: number, text: Uint8Array, to: number): number {
  if (bytes[at + 2] !== 123) {
    return putCode(text, to, hexValue(bytes, at + 2, Math.min(end, at + 6), 4), 6, 117, true)
  }
  let close = at + 3
  while (close < end && close < at + 10 && bytes[close] !== 125) close++
  const digits = close - at - 3
  const value = bytes[close] === 125 && digits > 0 ? hexValue(bytes, at + 3, close, digits) : -1
  return putCode(text, to, value, digits + 4, 117, true)
}

function decodeOctal(bytes: Uint8Array, at: number, end: number, text: Uint8Array, to: number): number {
  let value = 0
  let read = at + 1
  while (read < end && read < at + 4) {
    const digit = bytes[read]! - 48
    if (digit < 0 || digit > 7 || value * 8 + digit > 255) break
    value = value * 8 + digit
    read++
  }
  text[to] = value
  return 8 * (read - at) + 1
}

function hexValue(bytes: Uint8Array, start: number, end: number, digits: number): number {
  if (end - start !== digits) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at]!)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** Value of a hexadecimal digit given as a byte; -1 for anything else. */
export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Writes a code point as UTF-8 (or a byte as it is); a value of -1 writes the letter after the backslash. */
function putCode(text: Uint8Array, to: number, value: number, read: number, letter: number, unicode: boolean): number {
  if (value < 0 || value > 0x10ffff) {
    text[to] = letter
    return 8 * 2 + 1
  }
  if (!unicode || value < 0x80) {
    text[to] = value
    return 8 * read + 1
  }
  const length = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
  const lead = [0, 0, 0xc0, 0xe0, 0xf0][length]!
  text[to] = lead | (value >> (6 * (length - 1)))
  for (let part = 1; part < length; part++) text[to + part] = 0x80 | ((value >> (6 * (length - 1 - part))) & 63)
  return 8 * read + length
}
