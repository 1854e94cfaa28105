import { createHash, randomBytes } from 'node:crypto'
import { decryptAge, encryptAge } from './age-file.ts'
import { type ArchiveFile, type ArchiveLimits, DEFAULT_LIMITS, packArchive, readArchive } from './archive.ts'
import { encodeContents, openContents } from './contents.ts'
import { SealError } from './errors.ts'
import { checkRecipients } from './identity.ts'
import type { NoteSigner } from './ed25519.ts'
import { inspectManifest, openManifest, type PackageManifest, type SealedPart, signManifest } from './manifest.ts'

const MANIFEST = 'manifest.note'
const BODY = 'body.age'
const CONTENTS = 'contents.age'

/** A copy to be sealed for one recipient, and what its manifest shall say. Names are explained at `PackageManifest`. */
export interface SealInput extends Omit<PackageManifest, 'body' | 'contents'> {
  /** The recipient's age key, `age1…`. */
  readonly ageRecipient: string
  /** The copy; at least one file. */
  readonly files: readonly ArchiveFile[]
  /** The vendor's release key. */
  readonly signer: NoteSigner
}

/** A package that was opened: what the vendor signed, and the copy. */
export interface OpenedPackage {
  readonly manifest: PackageManifest
  readonly files: readonly ArchiveFile[]
}

/**
 * Seals a copy. The result is a canonical ustar of `manifest.note`, `body.age` (age file to the recipient; its plaintext is the canonical ustar of the copy,
 * so `age -d` and `tar` open it) and `contents.age` (likewise; names and hashes of the files).
 *
 * @throws SealError 'bad-recipient', 'bad-path', 'too-large', or 'bad-manifest' when a field of `input` could not be read back.
 */
export async function sealPackage(input: SealInput): Promise<Uint8Array<ArrayBuffer>> {
  if (input.files.length === 0) throw new SealError('bad-manifest', 'a package needs at least one file')
  await checkRecipients([input.ageRecipient])
  const contents = encodeContents(input.files, randomBytes(32))
  const body = await encryptAge(packArchive(input.files), [input.ageRecipient])
  const sealedContents = await encryptAge(contents, [input.ageRecipient])
  const { ageRecipient: _key, files: _files, signer, ...facts } = input
  const manifest: PackageManifest = {
    ...facts,
    body: partOf(body),
    contents: { ...partOf(sealedContents), plaintext: sha256(contents) },
  }
  const note = new TextEncoder().encode(signManifest(manifest, signer))
  openManifest(note, signer.vkey)
  return packArchive([
    { path: MANIFEST, bytes: note },
    { path: BODY, bytes: body },
    { path: CONTENTS, bytes: sealedContents },
  ])
}

/**
 * Reads and checks everything about a package that needs no decryption key: container, vendor signature, size and hash of the sealed parts.
 *
 * @throws SealError 'truncated', 'not-a-package', 'bad-archive', 'too-large', 'bad-signature', 'bad-manifest', 'hash-mismatch', or 'bad-key' for a malformed `vendorKey`.
 */
export function readManifest(
  bytes: Uint8Array,
  vendorKey: string,
  limits: ArchiveLimits = DEFAULT_LIMITS,
): PackageManifest {
  return readParts(bytes, limits, (note) => openManifest(note, vendorKey)).manifest
}

/**
 * As `readManifest`, without a key: everything but the signature is checked. Only for showing what a package says of itself.
 *
 * @throws SealError as `readManifest`, but for the key.
 */
export function inspectPackage(
  bytes: Uint8Array,
  limits: ArchiveLimits = DEFAULT_LIMITS,
): { readonly manifest: PackageManifest; readonly signer: string } {
  let signer = ''
  const { manifest } = readParts(bytes, limits, (note) => {
    const inspected = inspectManifest(note)
    signer = inspected.signer
    return inspected.manifest
  })
  return { manifest, signer }
}

/**
 * Opens a package with the recipient's identity and checks all of it: vendor signature, hashes of the sealed parts, authentication of every
 * chunk, and each file of the copy against the signed contents.
 *
 * @throws SealError as `readManifest`, and 'wrong-identity' when it is sealed to another key.
 */
export async function openPackage(options: {
  readonly bytes: Uint8Array
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string
  /** The vendor's C2SP vkey, from a source the partner trusts. */
  readonly vendorKey: string
  readonly limits?: ArchiveLimits
}): Promise<OpenedPackage> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const { manifest, body, contents } = readParts(options.bytes, limits, (note) => openManifest(note, options.vendorKey))
  const keys = { identities: [options.identity] }
  const listing = await decryptAge(contents, keys)
  if (sha256(listing) !== manifest.contents.plaintext) {
    throw new SealError('hash-mismatch', 'the decrypted list of contents is not the one that the manifest signs')
  }
  const files = readArchive(await decryptAge(body, keys), limits)
  openContents(listing, files)
  return { manifest, files }
}

/** SHA-256 of a package file, as receipts and logs name it. */
export function packageHash(bytes: Uint8Array): string {
  return sha256(bytes)
}

interface Parts {
  readonly manifest: PackageManifest
  readonly body: Uint8Array
  readonly contents: Uint8Array
}

function readParts(bytes: Uint8Array, limits: ArchiveLimits, openNote: (note: Uint8Array) => PackageManifest): Parts {
  const files = new Map(readContainer(bytes, limits).map((file) => [file.path, file.bytes]))
  const [note, body, contents] = [files.get(MANIFEST), files.get(BODY), files.get(CONTENTS)]
  if (note === undefined || body === undefined || contents === undefined || files.size !== 3) {
    throw new SealError(
      'not-a-package',
      `this archive is not a sealed package: it must hold exactly ${MANIFEST}, ${BODY} and ${CONTENTS}`,
    )
  }
  const manifest = openNote(note)
  checkPart(BODY, body, manifest.body)
  checkPart(CONTENTS, contents, manifest.contents)
  return { manifest, body, contents }
}

/** Members are sorted, so that every package starts with the name of this one; a shorter file may still be the beginning of a package. */
const MAGIC = new TextEncoder().encode(`${BODY}\0`)

function readContainer(bytes: Uint8Array, limits: ArchiveLimits): readonly ArchiveFile[] {
  if (MAGIC.some((byte, index) => index < bytes.length && bytes[index] !== byte)) {
    throw new SealError('not-a-package', `this file is not a sealed package: it does not start with ${BODY}`)
  }
  try {
    return readArchive(bytes, limits)
  } catch (error) {
    if (!(error instanceof SealError) || error.code !== 'truncated') throw error
    throw new SealError(
      'truncated',
      `the package is truncated at ${bytes.length} bytes (${error.message}); fetch it again`,
    )
  }
}

function checkPart(name: string, bytes: Uint8Array, expected: SealedPart): void {
  if (bytes.length !== expected.size) {
    throw new SealError('hash-mismatch', `${name} has ${bytes.length} bytes; the manifest signs ${expected.size}`)
  }
  if (sha256(bytes) !== expected.sha256)
    throw new SealError('hash-mismatch', `${name} is not the one that the manifest signs: its hash differs`)
}

function partOf(bytes: Uint8Array): SealedPart {
  return { sha256: sha256(bytes), size: bytes.length }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
