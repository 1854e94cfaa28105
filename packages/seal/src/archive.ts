import { checkArchivePath } from './archive-path.ts'
import { SealError } from './errors.ts'
import { BLOCK, decodePath, decodeSize, encodeHeader, fieldAt } from './internal/ustar-header.ts'

/** One regular file of an archive. `path` obeys `checkArchivePath`. */
export interface ArchiveFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a reader accepts at most; everything is checked before memory is taken. */
export interface ArchiveLimits {
  readonly files: number
  /** Bytes of one file. */
  readonly fileBytes: number
  /** Bytes of the whole archive, headers and padding included. */
  readonly totalBytes: number
}

/** 4,096 files, 64 MiB each, 256 MiB together. */
export const DEFAULT_LIMITS: ArchiveLimits = { files: 4096, fileBytes: 64 * 2 ** 20, totalBytes: 256 * 2 ** 20 }

/**
 * Packs files into the one canonical ustar of exactly these files: members sorted by the bytes of their paths, mode 0644, owner and time 0, no
 * folders, two zero blocks at the end. Equal files give equal bytes, whatever their order.
 *
 * @throws SealError 'bad-path' for a path that `checkArchivePath` refuses, that appears twice, or that is both a file and a folder; 'too-large'.
 */
export function packArchive(files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  const sorted = files.toSorted((a, b) => comparePaths(a.path, b.path))
  for (const file of sorted) checkArchivePath(file.path)
  checkDisjoint(sorted.map((file) => file.path))
  const total = sorted.reduce((sum, file) => sum + BLOCK + padded(file.bytes.length), 2 * BLOCK)
  const out = new Uint8Array(total)
  let at = 0
  for (const { path, bytes } of sorted) {
    out.set(encodeHeader(path, bytes.length), at)
    out.set(bytes, at + BLOCK)
    at += BLOCK + padded(bytes.length)
  }
  return out
}

/**
 * Reads an archive that `packArchive` wrote, and no other: each header must be byte for byte the one we would write, padding zero, members
 * sorted and distinct, exactly two zero blocks and then the end. So packing the result again gives `bytes`, and no byte of an archive can be
 * changed without either an error here or another file content.
 *
 * File contents are views into `bytes`.
 *
 * @throws SealError 'truncated' when the bytes end early; 'too-large' beyond `limits`; 'bad-path'; 'bad-archive' for any other difference, naming
 * member and field.
 */
export function readArchive(bytes: Uint8Array, limits: ArchiveLimits = DEFAULT_LIMITS): readonly ArchiveFile[] {
  if (bytes.length > limits.totalBytes) {
    throw new SealError('too-large', `archive has ${bytes.length} bytes; at most ${limits.totalBytes} are accepted`)
  }
  const files: ArchiveFile[] = []
  let at = 0
  while (!isZero(block(bytes, at))) {
    const file = readMember(bytes, at, files.length + 1, limits)
    checkOrder(files.at(-1), file)
    files.push(file)
    at += BLOCK + padded(file.bytes.length)
  }
  checkEnd(bytes, at)
  checkDisjoint(files.map((file) => file.path))
  return files
}

function readMember(bytes: Uint8Array, at: number, ordinal: number, limits: ArchiveLimits): ArchiveFile {
  if (ordinal > limits.files) throw new SealError('too-large', `archive has more than ${limits.files} files`)
  const header = block(bytes, at)
  const path = decodePath(header)
  const size = decodeSize(header)
  if (path === null) throw new SealError('bad-archive', `member ${ordinal}: its name is not UTF-8 padded with zeros`)
  if (size === null) throw new SealError('bad-archive', `member ${ordinal}: its size is not eleven octal digits`)
  checkHeader(header, path, size, ordinal)
  if (size > limits.fileBytes) {
    throw new SealError('too-large', `${path} has ${size} bytes; at most ${limits.fileBytes} are accepted`)
  }
  const start = at + BLOCK
  if (start + padded(size) > bytes.length) throw new SealError('truncated', `archive ends inside ${path}`)
  if (!isZero(bytes.subarray(start + size, start + padded(size)))) {
    throw new SealError('bad-archive', `${path}: the padding after it is not zero`)
  }
  return { path, bytes: bytes.subarray(start, start + size) }
}

function checkHeader(header: Uint8Array, path: string, size: number, ordinal: number): void {
  checkArchivePath(path)
  const expected = encodeHeader(path, size)
  const differs = header.findIndex((byte, index) => byte !== expected[index])
  if (differs === -1) return
  const known = header[156] === 0x30 ? '' : ' (only regular files are allowed)'
  throw new SealError(
    'bad-archive',
    `member ${ordinal} (${JSON.stringify(path)}): header field ${fieldAt(differs)} is not canonical${known}`,
  )
}

function checkOrder(previous: ArchiveFile | undefined, file: ArchiveFile): void {
  if (previous === undefined) return
  const order = comparePaths(previous.path, file.path)
  if (order === 0) throw new SealError('bad-path', `path ${JSON.stringify(file.path)} appears twice`)
  if (order > 0) throw new SealError('bad-archive', `member ${JSON.stringify(file.path)} is out of order`)
}

function checkEnd(bytes: Uint8Array, at: number): void {
  if (bytes.length < at + 2 * BLOCK) throw new SealError('truncated', 'archive ends before its two closing zero blocks')
  if (!isZero(bytes.subarray(at, at + 2 * BLOCK))) {
    throw new SealError('bad-archive', 'the closing blocks of the archive are not zero')
  }
  if (bytes.length > at + 2 * BLOCK) {
    throw new SealError('bad-archive', `${bytes.length - at - 2 * BLOCK} bytes follow the end of the archive`)
  }
}

/**
 * Checks that these paths can be written side by side below any folder.
 *
 * @throws SealError 'bad-path'
 */
export function checkArchivePaths(paths: readonly string[]): void {
  for (const path of paths) checkArchivePath(path)
  checkDisjoint(paths.toSorted())
}

/** Equal paths, and paths where one is a folder of the other, cannot be written side by side. `paths` is sorted. */
function checkDisjoint(paths: readonly string[]): void {
  const seen = new Set<string>()
  for (const path of paths) {
    if (seen.has(path)) throw new SealError('bad-path', `path ${JSON.stringify(path)} appears twice`)
    seen.add(path)
  }
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash)
      if (seen.has(folder))
        throw new SealError('bad-path', `path ${JSON.stringify(folder)} is both a file and a folder`)
    }
  }
}

function block(bytes: Uint8Array, at: number): Uint8Array {
  if (at + BLOCK > bytes.length)
    throw new SealError('truncated', 'archive ends inside a header or before its closing zero blocks')
  return bytes.subarray(at, at + BLOCK)
}

function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
