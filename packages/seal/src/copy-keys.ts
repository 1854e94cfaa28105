import { canonicalJson, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { fromBase64, fromHex, toBase64, toHex } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { type ArchiveFile, checkArchivePaths } from './archive.ts'
import { checkVariantKey, type OpenedBody, openVariant, type SealedBody, type VariantKey } from './body.ts'
import type { ChosenFile } from './cut-copy.ts'
import { SealError } from './errors.ts'
import { KEY_BYTES } from './internal/box.ts'
import { type RecordReader, readRecord } from './record-reader.ts'

/** Value of `schema` in a record of keys. */
export const KEYS_SCHEMA = 'sigillo-keys/2'
/** Longest record of keys that is read, in bytes. */
const MAX_RECORD_BYTES = 16 * 2 ** 20

/** What one recipient gets: the outer key of the body, and the keys of exactly the variants of its copy, in the order in which they follow each other. */
export interface CopyKeys {
  readonly outer: string
  /** 32 bytes that blind the hash of the copy's contents. */
  readonly salt: Uint8Array
  readonly files: readonly { readonly path: string; readonly pieces: readonly VariantKey[] }[]
}

/**
 * The keys of one copy. This is the one place that decides which keys a recipient gets, and how: delivery by oblivious transfer replaces it and leaves
 * the body alone.
 *
 * @throws SealError 'bad-body' when the copy names what the body does not hold
 */
export function keysOf(body: SealedBody, copy: readonly ChosenFile[], salt: Uint8Array): CopyKeys {
  const files = copy.map(({ path, pieces }) => ({
    path,
    pieces: pieces.map(({ segment, variant }) => {
      const found = body.keys.get(path)?.[segment]?.[variant]
      if (found === undefined)
        throw new SealError('bad-body', `the body has no segment ${segment} in variant ${variant} of ${path}`)
      return found
    }),
  }))
  return { outer: body.outer, salt, files }
}

/** The record as canonical JSON: box numbers as a list, keys as one base64 text. */
export function encodeKeys({ outer, salt, files }: CopyKeys): Uint8Array<ArrayBuffer> {
  const listed = files.map(({ path, pieces }) => ({
    path,
    boxes: pieces.map(({ box }) => box),
    keys: toBase64(Buffer.concat(pieces.map(({ key }) => key))),
  }))
  const text = canonicalJson({ schema: KEYS_SCHEMA, outer, salt: toHex(salt), files: listed })
  return new Uint8Array(new TextEncoder().encode(text))
}

/** Reads what `encodeKeys` wrote. @throws SealError 'bad-keys' */
export function decodeKeys(bytes: Uint8Array): CopyKeys {
  const fields = readRecord(parse(bytes), 'keys', fail)
  fields.oneOf('schema', [KEYS_SCHEMA])
  const outer = fields.any('outer')
  if (typeof outer !== 'string') throw fail('keys: outer must be text')
  const salt = fromHex(fields.hash('salt'))
  const files = fields.list('files').map((value, index) => readFile(readRecord(value, `keys.files[${index}]`, fail)))
  fields.end()
  return { outer, salt, files }
}

function readFile(fields: RecordReader): CopyKeys['files'][number] {
  const path = fields.any('path')
  const text = fields.any('keys')
  if (typeof path !== 'string' || typeof text !== 'string') throw fail('keys: path and keys must be text')
  const boxes = fields.list('boxes')
  fields.end()
  const keys = bytesOf(text)
  if (keys.length !== boxes.length * KEY_BYTES) throw fail(`keys: ${path} needs ${KEY_BYTES} bytes for each box`)
  const pieces = boxes.map((box, index) => {
    if (typeof box !== 'number' || !Number.isSafeInteger(box) || box < 0) throw fail(`keys: ${path} names no box`)
    return { box, key: keys.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES) }
  })
  return { path, pieces }
}

/**
 * Puts a copy together. All keys are checked against the signed catalogue before the first box is opened.
 *
 * @throws SealError 'wrong-key' or 'bad-body', naming file and place; 'bad-path'; 'bad-keys' when a box is used twice
 */
export function assembleCopy(body: OpenedBody, { files }: CopyKeys): readonly ArchiveFile[] {
  checkArchivePaths(files.map(({ path }) => path))
  const used = new Set<number>()
  for (const { path, pieces } of files) {
    for (const [index, piece] of pieces.entries()) {
      // Each box at most once, so a copy is never longer than its body.
      if (used.has(piece.box)) throw fail(`keys: ${where(path, index)} names box ${piece.box} again`)
      used.add(piece.box)
      checkVariantKey(body, piece, where(path, index))
    }
  }
  return files.map(({ path, pieces }) => ({
    path,
    bytes: new Uint8Array(Buffer.concat(pieces.map((piece, index) => openVariant(body, piece, where(path, index))))),
  }))
}

function where(path: string, index: number): string {
  return `${path}, site ${index + 1}`
}

function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch (cause) {
    throw new SealError('bad-keys', 'keys: the keys are not base64', { cause })
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseCanonicalJson(bytes, MAX_RECORD_BYTES)
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new SealError('bad-keys', 'the record of keys is not canonical JSON', { cause })
  }
}

function fail(message: string): SealError {
  return new SealError('bad-keys', message)
}
