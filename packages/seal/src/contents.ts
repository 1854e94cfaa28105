import { createHash } from 'node:crypto'
import { canonicalJson, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import type { ArchiveFile } from './archive.ts'
import { SealError } from './errors.ts'
import { type RecordReader, readRecord } from './record-reader.ts'

/** Value of `schema` in a list of contents. */
export const CONTENTS_SCHEMA = 'sigillo-contents/1'

/** Digest and length of one plaintext file of a copy. */
export interface ListedFile {
  readonly path: string
  readonly sha256: string
  readonly size: number
}

/**
 * The list of a copy's files as canonical JSON. Its hash commits to the copy. The manifest publishes its hash, so it starts with a random salt of 32 bytes: without it, whoever stores
 * the package could test guesses about a copy, variant by variant.
 */
export function encodeContents(files: readonly ArchiveFile[], salt: Uint8Array): Uint8Array<ArrayBuffer> {
  const listed = files.map(({ path, bytes }): ListedFile => ({ path, sha256: sha256(bytes), size: bytes.length }))
  const sorted = listed.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
  const text = canonicalJson({ files: sorted, salt: Buffer.from(salt).toString('hex'), schema: CONTENTS_SCHEMA })
  return new Uint8Array(new TextEncoder().encode(text))
}

/**
 * Reads a list of contents and checks that `files` are exactly the ones listed.
 *
 * @throws SealError 'bad-manifest' when the list is malformed; 'hash-mismatch' naming the first file that is missing, extra or different.
 */
export function openContents(listing: Uint8Array, files: readonly ArchiveFile[]): readonly ListedFile[] {
  const fields = readRecord(parse(listing), 'contents', fail)
  fields.oneOf('schema', [CONTENTS_SCHEMA])
  fields.hash('salt')
  const listed = fields
    .list('files')
    .map((value, index) => readListed(readRecord(value, `contents.files[${index}]`, fail)))
  fields.end()
  const found = new Map(files.map((file) => [file.path, file]))
  for (const { path, sha256: hash, size } of listed) {
    const file = found.get(path)
    if (file === undefined) throw new SealError('hash-mismatch', `the copy lacks ${path}, which the vendor signed`)
    if (file.bytes.length !== size || sha256(file.bytes) !== hash)
      throw new SealError('hash-mismatch', `${path} is not the file that the vendor signed`)
    found.delete(path)
  }
  const [extra] = found.keys()
  if (extra !== undefined)
    throw new SealError('hash-mismatch', `the copy holds ${extra}, which the vendor did not sign`)
  return listed
}

function readListed(fields: RecordReader): ListedFile {
  const path = fields.any('path')
  if (typeof path !== 'string') throw fail('contents: path must be text')
  const listed = { path, sha256: fields.hash('sha256'), size: fields.count('size') }
  fields.end()
  return listed
}

function parse(listing: Uint8Array): unknown {
  try {
    return parseCanonicalJson(listing)
  } catch (cause) {
    throw new SealError('bad-manifest', 'the list of contents is not canonical JSON', { cause })
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function fail(message: string): SealError {
  return new SealError('bad-manifest', message)
}
