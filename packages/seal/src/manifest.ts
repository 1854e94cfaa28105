import { SealError } from './errors.ts'
import type { NoteSigner } from './ed25519.ts'
import { inspectSignedRecord, openSignedRecord, signRecord } from './signed-record.ts'
import { type RecordReader, readRecord } from './record-reader.ts'

/** First line of a manifest's text, by the format of its package. */
export const PACKAGE_SCHEMAS = { 1: 'sigillo-package/1', 2: 'sigillo-package/2' } as const

/** Digest and length of one member of a package, as it lies in the archive. */
export interface SealedPart {
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string
  readonly size: number
}

/** What the manifest of every format says. */
export interface ManifestFacts {
  readonly programme: string
  readonly package: string
  readonly case: string
  readonly distribution: string
  /** The recipient's id in the programme, not a key. */
  readonly recipient: string
  readonly tier: string
  /** Not to be handed over before this instant; `null` for no such limit. */
  readonly notBefore: string | null
  readonly sealedAt: string
  /** SHA-256 of the frozen plan. */
  readonly planHash: string
  /** Commitment to the code key of the distribution. */
  readonly codeCommitment: string
}

/** Format 1: one age file holds the whole copy. Such packages are still opened; none are made. */
export interface WholeManifest extends ManifestFacts {
  readonly body: SealedPart
  readonly contents: SealedPart & { readonly plaintext: string }
}

/** Format 2: a body that all copies share, and the keys of one copy. */
export interface KeyedManifest extends ManifestFacts {
  readonly body: SealedPart
  readonly keys: SealedPart
  /** Root of the body's catalogue. */
  readonly catalogue: string
  /** SHA-256 of the list of the copy's files, blinded by the salt in the keys. */
  readonly contents: string
}

/**
 * What the vendor's release key signs about one package. Everybody who stores or carries the package can read it, so it holds no file name and no hash of
 * plaintext that would let anybody test guesses: the hash of the copy's contents is blinded by a random salt.
 */
export type PackageManifest = WholeManifest | KeyedManifest

/** Whether the package of this manifest has its body apart from its keys. */
export function isKeyed(manifest: PackageManifest): manifest is KeyedManifest {
  return 'keys' in manifest
}

/** The blinded hash of the copy's contents. */
export function contentsHash(manifest: PackageManifest): string {
  return isKeyed(manifest) ? manifest.contents : manifest.contents.plaintext
}

/** The signed note of a manifest: the schema line, the manifest as canonical JSON, the signature of `signer`. */
export function signManifest(manifest: PackageManifest, signer: NoteSigner): string {
  return signRecord(PACKAGE_SCHEMAS[isKeyed(manifest) ? 2 : 1], manifest, signer)
}

/**
 * Opens a manifest note that the vendor key `vendorKey` (C2SP vkey) must have signed.
 *
 * @throws SealError 'bad-signature' when the note is not signed by that key or was altered; 'bad-manifest' when the text is not exactly a manifest;
 * 'bad-key' when `vendorKey` is malformed.
 */
export function openManifest(note: Uint8Array, vendorKey: string): PackageManifest {
  const format = formatOf(note)
  return readFields(openSignedRecord(PACKAGE_SCHEMAS[format], note, vendorKey, 'manifest', fail), format)
}

/**
 * Reads a manifest note without checking its signature. Only for showing what a package says of itself.
 *
 * @throws SealError 'bad-signature' when it is not a note with one signature line; 'bad-manifest'.
 */
export function inspectManifest(note: Uint8Array): { readonly manifest: PackageManifest; readonly signer: string } {
  const format = formatOf(note)
  const { value, signer } = inspectSignedRecord(PACKAGE_SCHEMAS[format], note, 'manifest', fail)
  return { manifest: readFields(value, format), signer }
}

/** By the first line; what is no manifest at all is read as the newest format and refused there. */
function formatOf(note: Uint8Array): 1 | 2 {
  const line = `${PACKAGE_SCHEMAS[1]}\n`
  return Buffer.from(note.subarray(0, line.length)).toString('latin1') === line ? 1 : 2
}

function readFields(value: unknown, format: 1 | 2): PackageManifest {
  const fields = readRecord(value, 'manifest', fail)
  const facts: ManifestFacts = {
    programme: fields.text('programme'),
    package: fields.text('package'),
    case: fields.text('case'),
    distribution: fields.text('distribution'),
    recipient: fields.text('recipient'),
    tier: fields.text('tier'),
    notBefore: fields.instantOrNull('notBefore'),
    sealedAt: fields.instant('sealedAt'),
    planHash: fields.hash('planHash'),
    codeCommitment: fields.hash('codeCommitment'),
  }
  const body = readPart(fields.record('body'))
  const manifest: PackageManifest =
    format === 1
      ? { ...facts, body, contents: readContents(fields.record('contents')) }
      : {
          ...facts,
          body,
          keys: readPart(fields.record('keys')),
          catalogue: fields.hash('catalogue'),
          contents: fields.hash('contents'),
        }
  fields.end()
  return manifest
}

function readPart(fields: RecordReader): SealedPart {
  const part = { sha256: fields.hash('sha256'), size: fields.count('size') }
  fields.end()
  return part
}

function readContents(fields: RecordReader): WholeManifest['contents'] {
  const contents = {
    sha256: fields.hash('sha256'),
    size: fields.count('size'),
    plaintext: fields.hash('plaintext'),
  }
  fields.end()
  return contents
}

function fail(message: string): SealError {
  return new SealError('bad-manifest', message)
}
