import { SealError } from './errors.ts'
import type { NoteSigner } from './ed25519.ts'
import { inspectSignedRecord, openSignedRecord, signRecord } from './signed-record.ts'
import { readRecord } from './record-reader.ts'

/** First line of a manifest's text. */
export const PACKAGE_SCHEMA = 'sigillo-package/1'

/** Digest and length of one member of a package, as it lies in the archive. */
export interface SealedPart {
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string
  readonly size: number
}

/**
 * What the vendor's release key signs about one package. Everybody who stores or carries the package can read it, so it holds no file name and no hash of
 * plaintext: names and hashes of the copy's files are in the sealed contents, which `contents.plaintext` binds (blinded by a random salt inside).
 */
export interface PackageManifest {
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
  readonly body: SealedPart
  readonly contents: SealedPart & { readonly plaintext: string }
}

/** The signed note of a manifest: the schema line, the manifest as canonical JSON, the signature of `signer`. */
export function signManifest(manifest: PackageManifest, signer: NoteSigner): string {
  return signRecord(PACKAGE_SCHEMA, manifest, signer)
}

/**
 * Opens a manifest note that the vendor key `vendorKey` (C2SP vkey) must have signed.
 *
 * @throws SealError 'bad-signature' when the note is not signed by that key or was altered; 'bad-manifest' when the text is not exactly a manifest;
 * 'bad-key' when `vendorKey` is malformed.
 */
export function openManifest(note: Uint8Array, vendorKey: string): PackageManifest {
  return readFields(openSignedRecord(PACKAGE_SCHEMA, note, vendorKey, 'manifest', fail))
}

/**
 * Reads a manifest note without checking its signature. Only for showing what a package says of itself.
 *
 * @throws SealError 'bad-signature' when it is not a note with one signature line; 'bad-manifest'.
 */
export function inspectManifest(note: Uint8Array): { readonly manifest: PackageManifest; readonly signer: string } {
  const { value, signer } = inspectSignedRecord(PACKAGE_SCHEMA, note, 'manifest', fail)
  return { manifest: readFields(value), signer }
}

function readFields(value: unknown): PackageManifest {
  const fields = readRecord(value, 'manifest', fail)
  const body = fields.record('body')
  const contents = fields.record('contents')
  const manifest: PackageManifest = {
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
    body: { sha256: body.hash('sha256'), size: body.count('size') },
    contents: { sha256: contents.hash('sha256'), size: contents.count('size'), plaintext: contents.hash('plaintext') },
  }
  for (const reader of [body, contents, fields]) reader.end()
  return manifest
}

function fail(message: string): SealError {
  return new SealError('bad-manifest', message)
}
