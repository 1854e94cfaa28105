import { createHash } from 'node:crypto'
import { type ArchiveFile, type ArchiveLimits, readArchive } from '@sigillo/seal/archive'
import { readRecord } from '@sigillo/seal/record-reader'
import { inspectSignedRecord, openSignedRecord } from '@sigillo/seal/signed-record'
import { SealError } from '@sigillo/seal/errors'
import { DossierError } from '../errors.ts'
import { MEMBERS } from './decoded.ts'

/** First line of the manifest's text. */
export const MANIFEST_SCHEMA = 'sigillo-dossier-manifest/1'

/** A dossier is at most 64 MiB of 20,000 members. */
const LIMITS: ArchiveLimits = { files: 20_000, fileBytes: 32 * 2 ** 20, totalBytes: 64 * 2 ** 20 }

/** A container whose members are exactly those that its manifest lists, with those hashes. Whose manifest it is is still open. */
export interface Container {
  readonly files: readonly ArchiveFile[]
  readonly note: Uint8Array
  /** Name of the key in the manifest's signature line. */
  readonly signer: string
}

/**
 * Reads the container.
 *
 * @throws SealError when it is not a canonical archive or its manifest is not a signed note; DossierError 'bad-dossier' when members and manifest differ
 */
export function readContainer(bytes: Uint8Array): Container {
  const files = readArchive(bytes, LIMITS)
  const note = files.find((file) => file.path === MEMBERS.manifest)?.bytes
  if (note === undefined) throw fail(`the archive is not a dossier: it lacks ${MEMBERS.manifest}`)
  const { value, signer } = inspectSignedRecord(MANIFEST_SCHEMA, note, 'manifest', fail)
  const rest = files.filter((file) => file.path !== MEMBERS.manifest)
  checkFiles(rest, listedIn(value))
  return { files: rest, note, signer }
}

/** The first of `keys` that signed the manifest, or the reason why none did. */
export function signerAmong(
  note: Uint8Array,
  keys: readonly string[],
): { readonly key: string } | { readonly reason: string } {
  let reason = 'no key to check the manifest with'
  for (const key of keys) {
    try {
      openSignedRecord(MANIFEST_SCHEMA, note, key, 'manifest', fail)
      return { key }
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      reason = error.message
    }
  }
  return { reason }
}

function listedIn(value: unknown): ReadonlyMap<string, string> {
  const fields = readRecord(value, 'manifest', fail)
  const listed = fields.list('files').map((entry, index): readonly [string, string] => {
    const reader = readRecord(entry, `manifest.files[${index}]`, fail)
    const pair = [reader.text('path'), reader.hash('sha256')] as const
    reader.end()
    return pair
  })
  fields.end()
  return new Map(listed)
}

function checkFiles(files: readonly ArchiveFile[], listed: ReadonlyMap<string, string>): void {
  for (const { path, bytes } of files) {
    const expected = listed.get(path)
    if (expected === undefined) throw fail(`${path} is not in the signed list of files`)
    if (createHash('sha256').update(bytes).digest('hex') !== expected)
      throw fail(`${path} was changed: its hash is not the signed one`)
  }
  const present = new Set(files.map(({ path }) => path))
  const missing = [...listed.keys()].find((path) => !present.has(path))
  if (missing !== undefined) throw fail(`${missing} is in the signed list of files but not in the archive`)
}

function fail(message: string): DossierError {
  return new DossierError('bad-dossier', message)
}
