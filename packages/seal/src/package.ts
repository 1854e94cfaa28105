import { randomBytes } from 'node:crypto'
import { decryptAge, encryptAge } from './age-file.ts'
import { type ArchiveFile, type ArchiveLimits, DEFAULT_LIMITS, readArchive } from './archive.ts'
import { openBody, sealBody, type SealedBody } from './body.ts'
import { encodeContents, openContents } from './contents.ts'
import { assembleCopy, keysOf } from './copy-keys.ts'
import { type ChosenFile, joinCopy, wholeCopy } from './cut-copy.ts'
import type { NoteSigner } from './ed25519.ts'
import { SealError } from './errors.ts'
import { recipientKind } from './identity.ts'
import { decodeKeys, encodeKeys } from './keys-record.ts'
import {
  inspectManifest,
  isKeyed,
  type KeyedManifest,
  type ManifestFacts,
  openManifest,
  type PackageManifest,
  signManifest,
  type WholeManifest,
} from './manifest.ts'
import { checkPart, joinPackage, MEMBER, packKeyed, partOf, readParts, sha256, splitPackage } from './package-parts.ts'

/** For whom, and by whom, a package is sealed. */
interface SealParties {
  /** The recipient's age key, `age1…`. */
  readonly ageRecipient: string
  /** The vendor's release key. */
  readonly signer: NoteSigner
}

/** A copy to be sealed for one recipient, and what its manifest shall say. */
export interface SealInput extends ManifestFacts, SealParties {
  /** What all copies share; it reaches the recipient apart. */
  readonly body: SealedBody
  /** The copy; at least one file. */
  readonly copy: readonly ChosenFile[]
}

/** A package that was opened: what the vendor signed, and the copy. */
export interface OpenedPackage {
  readonly manifest: PackageManifest
  readonly files: readonly ArchiveFile[]
}

/**
 * Seals one copy from a body: a canonical ustar of `manifest.note` and `keys.age`, an age file to the recipient with the keys of exactly its variants.
 * `body.bytes` belongs to it and is the same for everybody.
 *
 * @throws SealError 'bad-recipient', 'bad-body', 'too-large', or 'bad-manifest' when a field of `input` could not be read back.
 */
export async function sealPackage(input: SealInput): Promise<Uint8Array<ArrayBuffer>> {
  const { ageRecipient, signer, body, copy, ...facts } = input
  if (copy.length === 0) throw new SealError('bad-manifest', 'a package needs at least one file')
  recipientKind(ageRecipient)
  const keys = keysOf(body, copy, randomBytes(32))
  const sealed = await encryptAge(encodeKeys(keys), [ageRecipient])
  const manifest: KeyedManifest = {
    ...facts,
    body: body.part,
    keys: partOf(sealed),
    catalogue: body.catalogue,
    contents: sha256(encodeContents(joinCopy(body.files, copy), keys.salt)),
  }
  const note = new TextEncoder().encode(signManifest(manifest, signer))
  openManifest(note, signer.vkey)
  return packKeyed(note, sealed)
}

/**
 * Seals files that are the same for everybody, or for one recipient only, as one package with its body.
 *
 * @throws SealError as `sealPackage` and `sealBody`
 */
export async function sealWhole(
  input: ManifestFacts & SealParties & { readonly files: readonly ArchiveFile[] },
): Promise<Uint8Array<ArrayBuffer>> {
  const { files, ...facts } = input
  const { files: cut, copy } = wholeCopy(files)
  const body = await sealBody(cut)
  return joinPackage(await sealPackage({ ...facts, body, copy }), body.bytes)
}

/**
 * Reads and checks everything about a package that needs no decryption key: container, vendor signature, size and hash of the sealed parts that are in it.
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
 * Opens a package with the recipient's identity and checks all of it: vendor signature, hashes of the sealed parts, every key against the signed catalogue,
 * authentication of every box, and the copy against the signed contents. Packages of format 1 open too.
 *
 * @throws SealError as `readManifest`; 'wrong-identity' when it is sealed to another key; 'no-body' when the body travels apart and was not given;
 * 'bad-keys', 'wrong-key' and 'bad-body' when what the vendor sealed does not fit together.
 */
export async function openPackage(options: {
  readonly bytes: Uint8Array
  /** `body.age`, where it is not in `bytes`. */
  readonly body?: Uint8Array | null
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string
  /** The vendor's C2SP vkey, from a source the partner trusts. */
  readonly vendorKey: string
  readonly limits?: ArchiveLimits
}): Promise<OpenedPackage> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const parts = readParts(options.bytes, limits, (note) => openManifest(note, options.vendorKey))
  const { manifest, sealed } = parts
  const body = parts.body ?? options.body ?? null
  if (body === null)
    throw new SealError('no-body', `the body of package ${manifest.package} is not here; fetch it too: sigillo pull`)
  if (parts.body === null) checkPart(MEMBER.body, body, manifest.body)
  const inside = await decryptAge(sealed, { identities: [options.identity] })
  const files = isKeyed(manifest)
    ? await openKeyed({ manifest, keys: inside, body, limits })
    : await openWhole({ manifest, listing: inside, body, identity: options.identity, limits })
  return { manifest, files }
}

async function openKeyed({
  manifest,
  keys,
  body,
  limits,
}: {
  readonly manifest: KeyedManifest
  readonly keys: Uint8Array
  readonly body: Uint8Array
  readonly limits: ArchiveLimits
}): Promise<readonly ArchiveFile[]> {
  const record = decodeKeys(keys)
  const opened = await openBody(body, { outer: record.outer, catalogue: manifest.catalogue, limits })
  const files = assembleCopy(opened, record).toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  )
  if (sha256(encodeContents(files, record.salt)) !== manifest.contents)
    throw new SealError('hash-mismatch', 'the assembled copy is not the one that the manifest signs')
  return files
}

async function openWhole({
  manifest,
  listing,
  body,
  identity,
  limits,
}: {
  readonly manifest: WholeManifest
  readonly listing: Uint8Array
  readonly body: Uint8Array
  readonly identity: string
  readonly limits: ArchiveLimits
}): Promise<readonly ArchiveFile[]> {
  if (sha256(listing) !== manifest.contents.plaintext) {
    throw new SealError('hash-mismatch', 'the decrypted list of contents is not the one that the manifest signs')
  }
  const files = readArchive(await decryptAge(body, { identities: [identity] }), limits)
  openContents(listing, files)
  return files
}

/**
 * The name of a package in receipts and logs: SHA-256 of the package file without its body, which the manifest binds. So it is the same whether the body
 * came with it or apart. In format 1, where the body is the copy, it is that of the whole file.
 */
export function packageHash(bytes: Uint8Array): string {
  return sha256(splitPackage(bytes)?.keyed ?? bytes)
}
