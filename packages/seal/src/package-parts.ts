import { createHash } from 'node:crypto'
import { type ArchiveFile, type ArchiveLimits, packArchive, readArchive } from './archive.ts'
import { SealError } from './errors.ts'
import { isKeyed, type PackageManifest, type SealedPart } from './manifest.ts'

/** Names of the members of a package. */
export const MEMBER = {
  manifest: 'manifest.note',
  body: 'body.age',
  keys: 'keys.age',
  contents: 'contents.age',
} as const

/** A package taken apart; all its parts have the hashes that its manifest names. `body` is null where it travels apart. */
export interface PackageParts {
  readonly manifest: PackageManifest
  readonly note: Uint8Array
  readonly body: Uint8Array | null
  /** `keys.age`, or in format 1 `contents.age`. */
  readonly sealed: Uint8Array
}

/**
 * Takes a package apart. `openNote` reads its manifest.
 *
 * @throws SealError 'truncated', 'not-a-package', 'bad-archive', 'too-large', 'hash-mismatch', and what `openNote` throws
 */
export function readParts(
  bytes: Uint8Array,
  limits: ArchiveLimits,
  openNote: (note: Uint8Array) => PackageManifest,
): PackageParts {
  const members = new Map(readContainer(bytes, limits).map((file) => [file.path, file.bytes]))
  const note = members.get(MEMBER.manifest)
  const body = members.get(MEMBER.body) ?? null
  const second = members.has(MEMBER.keys) ? MEMBER.keys : MEMBER.contents
  const sealed = members.get(second)
  const expected = body === null ? 2 : 3
  const whole = second === MEMBER.keys || body !== null
  if (note === undefined || sealed === undefined || members.size !== expected || !whole) throw notAPackage()
  const manifest = openNote(note)
  if (isKeyed(manifest) !== (second === MEMBER.keys)) throw notAPackage()
  if (body !== null) checkPart(MEMBER.body, body, manifest.body)
  if (isKeyed(manifest)) checkPart(MEMBER.keys, sealed, manifest.keys)
  else checkPart(MEMBER.contents, sealed, manifest.contents)
  return { manifest, note, body, sealed }
}

/** Throws unless `bytes` are the part that the manifest signs. @throws SealError 'hash-mismatch' */
export function checkPart(name: string, bytes: Uint8Array, expected: SealedPart): void {
  if (bytes.length !== expected.size) {
    throw new SealError('hash-mismatch', `${name} has ${bytes.length} bytes; the manifest signs ${expected.size}`)
  }
  if (sha256(bytes) !== expected.sha256)
    throw new SealError('hash-mismatch', `${name} is not the one that the manifest signs: its hash differs`)
}

/** Digest and length of a part. */
export function partOf(bytes: Uint8Array): SealedPart {
  return { sha256: sha256(bytes), size: bytes.length }
}

/** A package with its body, or null when `bytes` is a package without one, or of format 1, or no package. */
export function splitPackage(bytes: Uint8Array): { readonly keyed: Uint8Array; readonly body: Uint8Array } | null {
  const members = membersOf(bytes)
  const find = (path: string): Uint8Array | undefined => members.find((file) => file.path === path)?.bytes
  const [note, body, keys] = [find(MEMBER.manifest), find(MEMBER.body), find(MEMBER.keys)]
  if (note === undefined || body === undefined || keys === undefined) return null
  return { keyed: packKeyed(note, keys), body }
}

/** Puts a body into a package that came without it: one file that opens by itself. */
export function joinPackage(keyed: Uint8Array, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return packArchive([...readArchive(keyed), { path: MEMBER.body, bytes: body }])
}

/** A package without its body. */
export function packKeyed(note: Uint8Array, keys: Uint8Array): Uint8Array<ArrayBuffer> {
  return packArchive([
    { path: MEMBER.manifest, bytes: note },
    { path: MEMBER.keys, bytes: keys },
  ])
}

function membersOf(bytes: Uint8Array): readonly ArchiveFile[] {
  try {
    return readArchive(bytes)
  } catch (error) {
    if (error instanceof SealError) return []
    throw error
  }
}

/** Members are sorted, so that every package starts with one of these names; a shorter file may still be the beginning of a package. */
const MAGIC = [MEMBER.body, MEMBER.keys].map((name) => new TextEncoder().encode(`${name}\0`))

function readContainer(bytes: Uint8Array, limits: ArchiveLimits): readonly ArchiveFile[] {
  if (!MAGIC.some((magic) => magic.every((byte, index) => index >= bytes.length || bytes[index] === byte))) {
    throw new SealError(
      'not-a-package',
      `this file is not a sealed package: it starts with neither ${MEMBER.body} nor ${MEMBER.keys}`,
    )
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

function notAPackage(): SealError {
  return new SealError(
    'not-a-package',
    `this archive is not a sealed package: it must hold exactly ${MEMBER.manifest}, ${MEMBER.keys} and ${MEMBER.body}`,
  )
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
