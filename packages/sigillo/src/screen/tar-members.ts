import { RefusedArchive } from './unpack-budget.ts'

const BLOCK = 512
const REGULAR: ReadonlySet<number> = new Set([0, 0x30, 0x37])

export interface TarMember {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Whether the bytes begin with a tar header whose sum is right. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && bytes[0] !== 0 && hasRightSum(bytes.subarray(0, BLOCK))
}

/**
 * The regular files of a tar as any tool writes it (old, ustar, pax, GNU): names are hints here, so long names and attributes of
 * extension headers are passed over. Views into `bytes`.
 *
 * @throws RefusedArchive where a header is broken or the archive ends early
 */
export function* tarMembers(bytes: Uint8Array): Generator<TarMember> {
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) return
    if (!hasRightSum(header)) throw new RefusedArchive('a tar header is broken')
    const size = sizeOf(header)
    const start = at + BLOCK
    if (size === null || start + size > bytes.length) throw new RefusedArchive('the tar ends inside a member')
    if (REGULAR.has(header[156] ?? 0)) yield { path: pathOf(header), bytes: bytes.subarray(start, start + size) }
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
}

function hasRightSum(header: Uint8Array): boolean {
  const stated = octal(header.subarray(148, 156))
  if (stated === null) return false
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return sum === stated
}

/** Octal, or GNU's base 256 for what does not fit. */
function sizeOf(header: Uint8Array): number | null {
  const field = header.subarray(124, 136)
  if ((field[0] ?? 0) < 0x80) return octal(field)
  const size = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
  return Number.isSafeInteger(size) ? size : null
}

function octal(field: Uint8Array): number | null {
  const text = latin(field).trim()
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null
}

function pathOf(header: Uint8Array): string {
  const name = latin(header.subarray(0, 100))
  const isUstar = latin(header.subarray(257, 262)) === 'ustar'
  const prefix = isUstar && header[263] === 0x30 ? latin(header.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function latin(field: Uint8Array): string {
  const end = field.indexOf(0)
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8')
}
