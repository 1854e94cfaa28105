import type { VariantKey } from './body.ts'
import type { CopyKeys } from './copy-keys.ts'
import { SealError } from './errors.ts'
import { decodeKeys2 } from './internal/keys-record-2.ts'
import { SALT_BYTES, SECRET_BYTES } from './internal/variant-key.ts'

/** First line of a record of keys. */
export const KEYS_SCHEMA = 'sigillo-keys/3'
/** Longest record of keys that is read, in bytes. */
const MAX_RECORD_BYTES = 16 * 2 ** 20
/** Longest first lines, in bytes: a schema, an age identity. */
const MAX_LINE_BYTES = 400
/** Box numbers below this take two bytes. */
const NARROW = 2 ** 16

/**
 * The record of a copy's keys, as short as it can be, because it is what has to travel at the time: two lines (schema, outer key), and in binary the salt
 * (32 bytes), the width of a box number (1 byte: 2, or 4 where a number needs it), the number of files (2 bytes), and for each file the length of its path
 * (2 bytes), the path, the number of its pieces (4 bytes), and for each piece box number and secret (16 bytes). Numbers are big-endian.
 */
export function encodeKeys({ outer, salt, files }: CopyKeys): Uint8Array<ArrayBuffer> {
  const width = widthFor(files)
  const parts: Uint8Array[] = [
    Buffer.from(`${KEYS_SCHEMA}\n${outer}\n`),
    salt,
    Uint8Array.of(width),
    unsigned(files.length, 2),
  ]
  for (const { path, pieces } of files) {
    const name = Buffer.from(path)
    parts.push(unsigned(name.length, 2), name, unsigned(pieces.length, 4))
    for (const { box, secret } of pieces) parts.push(unsigned(box, width), secret)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** Reads what `encodeKeys` wrote, and no other bytes, and the older form in JSON. @throws SealError 'bad-keys' */
export function decodeKeys(bytes: Uint8Array): CopyKeys {
  if (bytes.length > MAX_RECORD_BYTES)
    throw fail(`the record of keys has ${bytes.length} bytes; at most ${MAX_RECORD_BYTES} are read`)
  if (bytes[0] === '{'.charCodeAt(0)) return decodeKeys2(bytes)
  const reader = readerOf(bytes)
  if (reader.line() !== KEYS_SCHEMA)
    throw fail(`this is no record of keys that we know: its first line is not ${KEYS_SCHEMA}`)
  const outer = reader.line()
  const salt = reader.take(SALT_BYTES)
  const width = reader.unsigned(1)
  if (width !== 2 && width !== 4) throw fail(`keys: box numbers of ${width} bytes; they have 2 or 4`)
  const files = Array.from({ length: reader.unsigned(2) }, () => readFile(reader, width))
  reader.end()
  if (width !== widthFor(files)) throw fail(`keys: box numbers have ${width} bytes, which is not their shortest form`)
  return { outer, salt, files }
}

function readFile(reader: Reader, width: number): CopyKeys['files'][number] {
  const path = reader.text(reader.unsigned(2))
  const count = reader.unsigned(4)
  // Asked before memory is taken for them.
  reader.needs(count * (width + SECRET_BYTES))
  const pieces = Array.from(
    { length: count },
    (): VariantKey => ({ box: reader.unsigned(width), secret: reader.take(SECRET_BYTES) }),
  )
  return { path, pieces }
}

function widthFor(files: CopyKeys['files']): 2 | 4 {
  return files.some(({ pieces }) => pieces.some(({ box }) => box >= NARROW)) ? 4 : 2
}

function unsigned(value: number, width: number): Uint8Array {
  const bytes = Buffer.alloc(width)
  bytes.writeUIntBE(value, 0, width)
  return bytes
}

interface Reader {
  /** The next bytes up to a line feed, as text. */
  line(): string
  take(length: number): Uint8Array
  unsigned(width: number): number
  text(length: number): string
  /** Throws unless so many bytes are left. */
  needs(length: number): void
  /** Throws unless nothing is left. */
  end(): void
}

function readerOf(bytes: Uint8Array): Reader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  const needs = (length: number): void => {
    if (length > buffer.length - at) throw fail(`the record of keys is cut short at ${buffer.length} bytes`)
  }
  const take = (length: number): Uint8Array => {
    needs(length)
    at += length
    return bytes.subarray(at - length, at)
  }
  const text = (length: number): string => utf8(take(length))
  return {
    needs,
    take,
    text,
    line: () => {
      const end = buffer.subarray(0, at + MAX_LINE_BYTES).indexOf('\n', at)
      if (end === -1) throw fail('the record of keys does not start with two lines')
      const line = text(end - at)
      at += 1
      return line
    },
    unsigned: (width) => {
      const from = at
      take(width)
      return buffer.readUIntBE(from, width)
    },
    end: () => {
      if (at !== buffer.length) throw fail(`${buffer.length - at} bytes follow the end of the record of keys`)
    },
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new SealError('bad-keys', 'keys: a text is not UTF-8', { cause })
  }
}

function fail(message: string): SealError {
  return new SealError('bad-keys', message)
}
