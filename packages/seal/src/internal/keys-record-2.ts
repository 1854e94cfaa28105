import { parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { fromBase64, fromHex } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import type { CopyKeys } from '../copy-keys.ts'
import { SealError } from '../errors.ts'
import { type RecordReader, readRecord } from '../record-reader.ts'
import { KEY_BYTES } from './variant-key.ts'

/** Value of `schema` in a record of keys as JSON. */
const SCHEMA = 'sigillo-keys/2'
/** Reads a record of keys as it was written before there was a binary one: JSON, with whole keys. None are made. @throws SealError 'bad-keys' */
export function decodeKeys2(bytes: Uint8Array): CopyKeys {
  const fields = readRecord(parse(bytes), 'keys', fail)
  fields.oneOf('schema', [SCHEMA])
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
    if (typeof box !== 'number' || !Number.isInteger(box) || box < 0 || box >= 2 ** 32)
      throw fail(`keys: ${path} names no box`)
    return { box, secret: keys.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES) }
  })
  return { path, pieces }
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
    return parseCanonicalJson(bytes, bytes.length)
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new SealError('bad-keys', 'the record of keys is not canonical JSON', { cause })
  }
}

function fail(message: string): SealError {
  return new SealError('bad-keys', message)
}
