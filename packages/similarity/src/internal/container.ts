import { SimilarityError, type SimilarityErrorCode } from '../errors.ts'

/** Header (a JSON object) and sections of a saved file: magic line, length of the header, header, then every section padded to 8 bytes. */
export interface Container {
  readonly header: Readonly<Record<string, unknown>>
  readonly sections: readonly Uint8Array[]
}

const LONGEST_HEADER = 1 << 30

/** Saves a header and sections; the lengths of the sections are added to the header. */
export function writeContainer(magic: string, header: object, sections: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(
    JSON.stringify({ ...header, sections: sections.map((section) => section.length) }),
  )
  const head = new TextEncoder().encode(`${magic}\n`)
  const bytes = new Uint8Array(
    padded(head.length + 4 + text.length) + sections.reduce((sum, section) => sum + padded(section.length), 0),
  )
  bytes.set(head)
  new DataView(bytes.buffer).setUint32(head.length, text.length, true)
  bytes.set(text, head.length + 4)
  let at = padded(head.length + 4 + text.length)
  for (const section of sections) {
    bytes.set(section, at)
    at += padded(section.length)
  }
  return bytes
}

/** Reads what `writeContainer` wrote, and nothing else. The sections stay in the memory of `bytes` where that begins at a multiple of 8. */
export function readContainer(magic: string, bytes: Uint8Array, code: SimilarityErrorCode): Container {
  const start = magic.length + 5
  const bad = (why: string): SimilarityError => new SimilarityError(code, `not a ${magic} file: ${why}`)
  if (bytes.length < start || textOf(bytes.subarray(0, start - 4)) !== `${magic}\n`) throw bad('wrong first line')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(start - 4, true)
  if (length > LONGEST_HEADER || start + length > bytes.length) throw bad('cut off')
  const header = parseHeader(textOf(bytes.subarray(start, start + length)))
  const lengths = header?.['sections']
  if (header === null || !Array.isArray(lengths)) throw bad('broken header')
  const aligned = atMultipleOf8(bytes)
  const sections: Uint8Array[] = []
  let at = padded(start + length)
  for (const size of lengths) {
    if (!isCount(size) || at + size > bytes.length) throw bad('cut off')
    sections.push(aligned.subarray(at, at + size))
    at += padded(size)
  }
  if (at !== bytes.length) throw bad('wrong length')
  return { header, sections }
}

function atMultipleOf8(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}

function padded(length: number): number {
  return (length + 7) & ~7
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function parseHeader(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A whole number that a length or a count may be. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32
}

export function bytesOf(column: Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
}
