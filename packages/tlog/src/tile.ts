import { isCount, joinBytes, parseDecimal } from './encoding.ts'
import { TlogError } from './errors.ts'
import { HASH_BYTES } from './merkle.ts'

/** Hashes in a full tile, entries in a full bundle (c2sp.org/tlog-tiles). */
export const TILE_WIDTH: number = 256

/** Largest entry that a bundle can hold, in bytes. */
export const MAX_ENTRY_BYTES: number = 0xffff

/**
 * A tile of hashes at tile level 0..6, or a bundle of entries. `index` counts tiles of that level; `width` is 1..256, and below 256
 * for a partial tile. Tile level l holds hashes of subtrees of 256^l leaves.
 */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** A resource of the log and its content. */
export interface TileFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Path below the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`. Throws `bad-argument` outside the ranges of `TileName`. */
export function tilePath(tile: TileName): string {
  const { level, index, width } = tile
  if (level !== 'entries' && !(isCount(level) && level <= 63))
    throw new TlogError('bad-argument', `no tile level ${level}`)
  if (!isCount(index)) throw new TlogError('bad-argument', `no tile index ${index}`)
  if (!isCount(width) || width < 1 || width > TILE_WIDTH) throw new TlogError('bad-argument', `no tile width ${width}`)
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ''}`
}

/** Inverse of `tilePath`; `null` for anything that `tilePath` does not write. Made for paths out of requests. */
export function parseTilePath(path: string): TileName | null {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path)
  if (match === null) return null
  const level = match[1] === 'entries' ? 'entries' : Number(match[1])
  const index = Number((match[2] ?? '').replace(/[x/]/g, ''))
  const width = match[3] === undefined ? TILE_WIDTH : (parseDecimal(match[3]) ?? 0)
  if (width < 1 || width > TILE_WIDTH || !isCount(index) || (level !== 'entries' && level > 63)) return null
  const tile: TileName = { level, index, width }
  return tilePath(tile) === path ? tile : null
}

/** Number of hashes at tile level `level` of a tree of `size` leaves: floor(size / 256^level). */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/**
 * The tile that holds hash `position` of a level, as it stands in a tree of `size` leaves; `null` if that tree does not have it.
 * `level` as in `TileName`.
 */
export function tileHolding(level: number | 'entries', position: number, size: number): TileName | null {
  const count = hashesAtLevel(size, level === 'entries' ? 0 : level)
  if (position >= count) return null
  const index = Math.floor(position / TILE_WIDTH)
  return { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) }
}

/** Tile levels that a tree of `size` leaves has: 0 for the empty tree, 3 for 70,000 leaves. */
export function levelCount(size: number): number {
  let levels = 0
  while (hashesAtLevel(size, levels) > 0) levels++
  return levels
}

/**
 * What an append from `oldSize` to `newSize` leaves writes: full and partial tiles of every level that changes, and the bundles of
 * the new entries. From 0 it names every tile of the tree.
 */
export function tilesWritten(oldSize: number, newSize: number): TileName[] {
  const written: TileName[] = []
  const levels: (number | 'entries')[] = [
    'entries',
    ...Array.from({ length: levelCount(newSize) }, (_, level) => level),
  ]
  for (const level of levels) {
    const height = level === 'entries' ? 0 : level
    const end = hashesAtLevel(newSize, height)
    const begin = hashesAtLevel(oldSize, height)
    if (begin >= end) continue
    for (let at = begin - (begin % TILE_WIDTH); at < end; at += TILE_WIDTH) {
      written.push({ level, index: at / TILE_WIDTH, width: Math.min(TILE_WIDTH, end - at) })
    }
  }
  return written
}

/** Hash `at` of a tile's bytes. */
export function hashInTile(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)
}

/**
 * Entry bundle: each entry behind its length as big-endian uint16. Throws `bad-argument` on more than 256 entries or one above
 * 65,535 bytes.
 */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw new TlogError('bad-argument', `${entries.length} entries in one bundle`)
  return joinBytes(entries.flatMap((entry) => [entryLength(entry), entry]))
}

/** Inverse of `encodeBundle`. Throws `bad-tile` unless the bytes are exactly `width` entries. */
export function decodeBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    if (entries.length === width) throw new TlogError('bad-tile', `the bundle holds more than ${width} entries`)
    const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    if (at + 2 + length > bytes.length)
      throw new TlogError('bad-tile', `entry ${entries.length} of the bundle is cut off`)
    entries.push(bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  if (entries.length < width)
    throw new TlogError('bad-tile', `the bundle holds ${entries.length} entries, not ${width}`)
  return entries
}

function entryLength(entry: Uint8Array): Uint8Array {
  if (entry.length > MAX_ENTRY_BYTES)
    throw new TlogError('bad-argument', `an entry of ${entry.length} bytes is too long`)
  return new Uint8Array([entry.length >> 8, entry.length & 0xff])
}
