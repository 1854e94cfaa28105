import { SealError } from '../errors.ts'

/** Bytes of a ustar header, and the unit every member is padded to (POSIX.1-1988, `ustar` interchange format). */
export const BLOCK = 512

/** Largest member size that the 11 octal digits of a ustar header hold. */
export const MAX_MEMBER_BYTES = 0o77777777777

interface Field {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The header's fields in order; `end` is exclusive. Lets a reader say which field was changed instead of a byte number. */
const FIELDS: readonly Field[] = [
  { name: 'name', start: 0, end: 100 },
  { name: 'mode', start: 100, end: 108 },
  { name: 'uid', start: 108, end: 116 },
  { name: 'gid', start: 116, end: 124 },
  { name: 'size', start: 124, end: 136 },
  { name: 'mtime', start: 136, end: 148 },
  { name: 'checksum', start: 148, end: 156 },
  { name: 'type', start: 156, end: 157 },
  { name: 'link name', start: 157, end: 257 },
  { name: 'magic', start: 257, end: 263 },
  { name: 'version', start: 263, end: 265 },
  { name: 'user name', start: 265, end: 297 },
  { name: 'group name', start: 297, end: 329 },
  { name: 'device major', start: 329, end: 337 },
  { name: 'device minor', start: 337, end: 345 },
  { name: 'prefix', start: 345, end: 500 },
  { name: 'padding', start: 500, end: 512 },
]

/** Name of the header field that holds byte `offset` (0..511). */
export function fieldAt(offset: number): string {
  return FIELDS.find((field) => offset >= field.start && offset < field.end)?.name ?? 'header'
}

/**
 * The one header this room writes for a regular file: mode 0644, owner 0, time 0, no owner names. GNU tar writes the same bytes for
 * `--format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644`.
 *
 * @throws SealError 'bad-path' when the name fits neither the 100-byte field nor prefix/name (155 + 100); 'too-large' above 8 GiB.
 */
export function encodeHeader(path: string, size: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_MEMBER_BYTES) {
    throw new SealError('too-large', `${path} has ${size} bytes; a ustar member holds at most ${MAX_MEMBER_BYTES}`)
  }
  const header = new Uint8Array(BLOCK)
  const { prefix, name } = splitPath(path)
  header.set(name, 0)
  header.set(prefix, 345)
  putAscii(header, 100, '0000644\0')
  putAscii(header, 108, '0000000\0')
  putAscii(header, 116, '0000000\0')
  putAscii(header, 124, `${size.toString(8).padStart(11, '0')}\0`)
  putAscii(header, 136, '00000000000\0')
  putAscii(header, 156, '0')
  putAscii(header, 257, 'ustar\x0000')
  putAscii(header, 329, '0000000\0')
  putAscii(header, 337, '0000000\0')
  putAscii(header, 148, `${checksum(header).toString(8).padStart(6, '0')}\0 `)
  return header
}

/** Sum of the header's bytes with the checksum field counted as eight spaces (POSIX). */
function checksum(header: Uint8Array): number {
  let sum = 8 * 0x20
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte
  return sum
}

/** Splits a path the way GNU tar does: at the last slash that leaves a prefix of at most 155 bytes, so that equal paths give equal headers. */
function splitPath(path: string): { readonly prefix: Uint8Array; readonly name: Uint8Array } {
  const bytes = new TextEncoder().encode(path)
  if (bytes.length <= 100) return { prefix: new Uint8Array(), name: bytes }
  const slash = bytes.subarray(0, 156).lastIndexOf(0x2f)
  const name = bytes.subarray(slash + 1)
  if (slash <= 0 || name.length > 100) {
    throw new SealError(
      'bad-path',
      `path is too long for a ustar archive (at most 155 + 100 bytes, split at a slash): ${path}`,
    )
  }
  return { prefix: bytes.subarray(0, slash), name }
}

/** The path a header names, before any check of its characters. `null` when the bytes are not UTF-8 or run past a NUL. */
export function decodePath(header: Uint8Array): string | null {
  const name = text(header.subarray(0, 100))
  const prefix = text(header.subarray(345, 500))
  if (name === null || prefix === null) return null
  return prefix === '' ? name : `${prefix}/${name}`
}

/** The size a header states, or `null` unless it is exactly eleven octal digits and a NUL. */
export function decodeSize(header: Uint8Array): number | null {
  const field = text(header.subarray(124, 136))
  return field !== null && /^[0-7]{11}$/.test(field) ? Number.parseInt(field, 8) : null
}

function text(field: Uint8Array): string | null {
  const nul = field.indexOf(0)
  const end = nul === -1 ? field.length : nul
  if (field.subarray(end).some((byte) => byte !== 0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(field.subarray(0, end))
  } catch {
    return null
  }
}

function putAscii(target: Uint8Array, at: number, value: string): void {
  target.set(new TextEncoder().encode(value), at)
}
