import { isCount, joinBytes, readU64be, u64be } from './encoding.ts'
import { TlogError } from './errors.ts'
import { emptyRoot, HASH_BYTES, leafHash, rootOf } from './merkle.ts'
import { decodeBundle, encodeBundle, hashesAtLevel, levelCount, TILE_WIDTH, type TileFile, tilePath } from './tile.ts'
import { hashOfRun, type ReadTile, readBundle, readHashTile } from './tile-reader.ts'

/**
 * The right edge of a log: all that is needed to append to it and to know its root. Immutable. At most 8 KB a tile level plus the
 * last bundle, so it fits in one database row.
 */
export interface Edge {
  /** Leaves so far. */
  readonly size: number
  /** Per tile level, the hashes of its partial tile: 32 * (floor(size / 256^level) mod 256) bytes, possibly none. */
  readonly partials: readonly Uint8Array[]
  /** Entry bundle of the last size mod 256 entries, as stored. */
  readonly bundle: Uint8Array
}

/** Result of an append. Write `files` and the new edge in one transaction, then sign `root`. */
export interface Appended {
  readonly edge: Edge
  readonly root: Uint8Array
  /** Changed tiles and bundles, full and partial. */
  readonly files: readonly TileFile[]
}

/** The edge of an empty log. */
export const emptyEdge: Edge = { size: 0, partials: [], bundle: new Uint8Array(0) }

/**
 * Appends entries. Costs O(new entries + log size) hashes and reads nothing else. Appending nothing changes nothing.
 * Throws `bad-argument` on an entry above 65,535 bytes.
 */
export function append(edge: Edge, entries: readonly Uint8Array[]): Appended {
  const hashed = appendLeafHashes(edge, entries.map(leafHash))
  const bundles = appendToBundle(edge, entries)
  return {
    edge: { ...hashed.edge, bundle: bundles.last },
    root: hashed.root,
    files: [...bundles.files, ...hashed.files],
  }
}

/**
 * The part of `append` that concerns hashes: for logs that keep their entries elsewhere. The bundle of the returned edge is empty,
 * so use one of the two for the whole life of a log.
 */
export function appendLeafHashes(edge: Edge, leafHashes: readonly Uint8Array[]): Appended {
  const partials: Uint8Array[] = []
  const files: TileFile[] = []
  let incoming = leafHashes
  for (let level = 0; incoming.length > 0 || level < edge.partials.length; level++) {
    const before = edge.partials[level] ?? new Uint8Array(0)
    if (incoming.length === 0) {
      partials.push(before)
      continue
    }
    const grown = growLevel(level, hashesAtLevel(edge.size, level), before, incoming)
    files.push(...grown.files)
    partials.push(grown.partial)
    incoming = grown.carried
  }
  const next: Edge = { size: edge.size + leafHashes.length, partials, bundle: new Uint8Array(0) }
  return { edge: next, root: edgeRoot(next), files }
}

/** Root hash of the tree that an edge describes. Throws `bad-state` if the edge is not whole. */
export function edgeRoot(edge: Edge): Uint8Array {
  if (edge.size === 0) return emptyRoot()
  requireWhole(edge)
  return rootOf(edge.size, (level, index) => {
    const partial = edge.partials[Math.floor(level / 8)] ?? new Uint8Array(0)
    const count = 2 ** (level % 8)
    return hashOfRun(partial, (index * count) % TILE_WIDTH, count)
  })
}

/** Edge of the log of `size` leaves, from its tiles: to start without stored state, or to check it. Throws `missing-tile`, `bad-tile`. */
export async function edgeFromTiles(size: number, readTile: ReadTile): Promise<Edge> {
  const partials: Uint8Array[] = []
  for (let level = 0; level < levelCount(size); level++) {
    const count = hashesAtLevel(size, level)
    const width = count % TILE_WIDTH
    const tile = { level, index: Math.floor(count / TILE_WIDTH), width }
    partials.push(width === 0 ? new Uint8Array(0) : await readHashTile(tile, readTile))
  }
  return { size, partials, bundle: await lastBundle(size, readTile) }
}

/** Bytes of an edge for storage: the size as big-endian 64-bit integer, the partial tiles, the bundle. */
export function encodeEdge(edge: Edge): Uint8Array {
  requireWhole(edge)
  return joinBytes([u64be(edge.size), ...edge.partials, edge.bundle])
}

/** Inverse of `encodeEdge`. Throws `bad-state` when the lengths do not fit the size or the bundle is broken. */
export function decodeEdge(bytes: Uint8Array): Edge {
  const size = readU64be(bytes, 0)
  if (size === null) throw new TlogError('bad-state', 'the stored log edge has no size')
  const partials: Uint8Array[] = []
  let at = 8
  for (let level = 0; level < levelCount(size); level++) {
    const length = (hashesAtLevel(size, level) % TILE_WIDTH) * HASH_BYTES
    partials.push(bytes.slice(at, at + length))
    at += length
  }
  const edge: Edge = { size, partials, bundle: bytes.slice(at) }
  requireWhole(edge)
  return edge
}

/** One level takes new hashes: completed tiles carry their root to the level above. */
function growLevel(
  level: number,
  count: number,
  before: Uint8Array,
  incoming: readonly Uint8Array[],
): { files: TileFile[]; partial: Uint8Array; carried: Uint8Array[] } {
  const bytes = joinBytes([before, ...incoming])
  const first = Math.floor(count / TILE_WIDTH)
  const files: TileFile[] = []
  const carried: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += TILE_WIDTH * HASH_BYTES) {
    const tile = bytes.slice(at, at + TILE_WIDTH * HASH_BYTES)
    const width = tile.length / HASH_BYTES
    files.push({ path: tilePath({ level, index: first + files.length, width }), bytes: tile })
    if (width === TILE_WIDTH) carried.push(hashOfRun(tile, 0, TILE_WIDTH))
  }
  const partial = bytes.slice(carried.length * TILE_WIDTH * HASH_BYTES)
  return { files, partial, carried }
}

function appendToBundle(edge: Edge, entries: readonly Uint8Array[]): { files: TileFile[]; last: Uint8Array } {
  if (entries.length === 0) return { files: [], last: edge.bundle }
  const all = [...decodeBundle(edge.bundle, edge.size % TILE_WIDTH), ...entries]
  const first = Math.floor(edge.size / TILE_WIDTH)
  const files: TileFile[] = []
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    const part = all.slice(at, at + TILE_WIDTH)
    const name = { level: 'entries' as const, index: first + files.length, width: part.length }
    files.push({ path: tilePath(name), bytes: encodeBundle(part) })
  }
  const last = all.length % TILE_WIDTH === 0 ? undefined : files.at(-1)
  return { files, last: last?.bytes ?? new Uint8Array(0) }
}

async function lastBundle(size: number, readTile: ReadTile): Promise<Uint8Array> {
  const width = size % TILE_WIDTH
  if (width === 0) return new Uint8Array(0)
  return encodeBundle(await readBundle({ level: 'entries', index: Math.floor(size / TILE_WIDTH), width }, readTile))
}

function requireWhole(edge: Edge): void {
  const levels = levelCount(edge.size)
  const whole =
    isCount(edge.size) &&
    edge.partials.length === levels &&
    edge.partials.every((part, level) => part.length === (hashesAtLevel(edge.size, level) % TILE_WIDTH) * HASH_BYTES)
  if (!whole) throw new TlogError('bad-state', `the log edge does not fit its size of ${edge.size} leaves`)
  if (edge.bundle.length === 0) return
  try {
    decodeBundle(edge.bundle, edge.size % TILE_WIDTH)
  } catch {
    throw new TlogError('bad-state', 'the last bundle of the log edge is broken')
  }
}
