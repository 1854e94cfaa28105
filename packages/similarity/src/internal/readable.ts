import { type Language, languageOf, utf16Order } from '../language.ts'
import type { SourceFile } from '../document.ts'

/** A file as the lexer reads it. Offsets in `bytes` times `scale` are offsets in the file. */
export interface ReadableFile {
  readonly bytes: Uint8Array
  readonly language: Language
  readonly scale: 1 | 2
}

/** Shortest run of printable characters that counts as a string of a binary. */
const RUN = 6
const NEWLINE = 10

/** The file as bytes of ASCII or UTF-8 text: UTF-16 narrowed, a binary reduced to its strings at their places, anything else as it is. */
export function readable(file: SourceFile): ReadableFile {
  const order = utf16Order(file.bytes)
  if (order !== null) {
    const narrow = narrowed(file.bytes, order)
    return { bytes: narrow, language: file.language ?? languageOf(file.name, narrow), scale: 2 }
  }
  const language = file.language ?? languageOf(file.name, file.bytes)
  return { bytes: language === 'binary' ? stringsOf(file.bytes) : file.bytes, language, scale: 1 }
}

/** One byte for every UTF-16 unit; what is not ASCII becomes a byte above 127. */
function narrowed(bytes: Uint8Array, order: 'be' | 'le'): Uint8Array {
  const low = order === 'le' ? 0 : 1
  const narrow = new Uint8Array(bytes.length >> 1)
  for (let unit = 0; unit < narrow.length; unit++) {
    const high = bytes[2 * unit + 1 - low]!
    const byte = bytes[2 * unit + low]!
    narrow[unit] = high === 0 ? byte : byte | 128
  }
  return narrow
}

/** The same length, with everything but runs of printable characters (one or two bytes each) turned into line ends. */
function stringsOf(bytes: Uint8Array): Uint8Array {
  const strings = new Uint8Array(bytes.length).fill(NEWLINE)
  let at = 0
  while (at < bytes.length) {
    const step = bytes[at + 1] === 0 ? 2 : 1
    const end = runEnd(bytes, at, step)
    const length = Math.floor((end - at + step - 1) / step)
    if (length >= RUN) for (let unit = 0; unit < length; unit++) strings[at + unit] = bytes[at + unit * step]!
    at = Math.max(end, at + 1)
  }
  return strings
}

function runEnd(bytes: Uint8Array, start: number, step: number): number {
  let at = start
  for (; at < bytes.length && isPrintable(bytes[at]!); at += step) if (step === 2 && bytes[at + 1] !== 0) break
  return Math.min(at, bytes.length)
}

/** Space to tilde, and tab. */
export function isPrintable(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9
}
