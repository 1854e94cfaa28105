import { concatBytes, isCount } from './encoding.ts'
import { TlogError } from './errors.ts'
import {
  consistencyNodes,
  consistencyProof,
  HASH_BYTES,
  type HashAt,
  inclusionNodes,
  inclusionProof,
  nodeHash,
  rootNodes,
  rootOf,
  type TreeNode,
} from './merkle.ts'
import { decodeBundle, hashInTile, TILE_WIDTH, type TileName, tileHolding, tilePath } from './tile.ts'

/** Reads one tile or bundle by its path; `null` when the log does not have it. May fail in its own way, which is passed on. */
export type ReadTile = (path: string) => Promise<Uint8Array | null>

const tileHeight = 8

/** Root of the tree of `size` leaves, from its tiles. Throws `missing-tile` and `bad-tile`. */
export async function rootFromTiles(size: number, readTile: ReadTile): Promise<Uint8Array> {
  return rootOf(size, await loadHashes(rootNodes(size), size, readTile))
}

/** Inclusion proof from at most two tiles a level. Throws like `inclusionProof`, and `missing-tile`, `bad-tile`. */
export async function inclusionFromTiles(index: number, size: number, readTile: ReadTile): Promise<Uint8Array[]> {
  return inclusionProof(index, size, await loadHashes(inclusionNodes(index, size), size, readTile))
}

/** Inclusion proofs of several leaves, which share the tiles they read and the inner hashes they compute. Throws like `inclusionFromTiles`. */
export async function inclusionsFromTiles(
  indices: readonly number[],
  size: number,
  readTile: ReadTile,
): Promise<Uint8Array[][]> {
  const nodes = indices.flatMap((index) => inclusionNodes(index, size))
  const hashAt = await loadHashes(nodes, size, readTile)
  return indices.map((index) => inclusionProof(index, size, hashAt))
}

/**
 * Consistency proof from the tiles of the new tree. Throws like `consistencyProof`, and `missing-tile`, `bad-tile`.
 */
export async function consistencyFromTiles(
  oldSize: number,
  newSize: number,
  readTile: ReadTile,
): Promise<Uint8Array[]> {
  return consistencyProof(oldSize, newSize, await loadHashes(consistencyNodes(oldSize, newSize), newSize, readTile))
}

/**
 * Loads the tiles that hold the given nodes of a tree of `size` leaves and returns a reader over them, which throws `missing-hash`
 * for nodes not asked for. Where a partial tile is gone, the full one is tried, as c2sp.org/tlog-tiles lets logs delete partial tiles.
 */
export async function loadHashes(nodes: readonly TreeNode[], size: number, readTile: ReadTile): Promise<HashAt> {
  const tiles = new Map<string, Uint8Array>()
  for (const node of nodes) {
    const tile = tileOfNode(node, size)
    const key = `${tile.level}/${tile.index}`
    if (!tiles.has(key)) tiles.set(key, await readHashTile(tile, readTile))
  }
  const known = new Map<string, Uint8Array>()
  const hashAt: HashAt = (level, index) => {
    const place = placeOfNode({ level, index })
    const bytes = tiles.get(`${place.level}/${Math.floor(place.first / TILE_WIDTH)}`)
    const at = place.first % TILE_WIDTH
    if (bytes === undefined || bytes.length < (at + place.count) * HASH_BYTES) {
      throw new TlogError('missing-hash', `the hash at level ${level}, index ${index} was not loaded`)
    }
    if (place.count === 1) return concatBytes(hashInTile(bytes, at))
    const key = `${level}/${index}`
    const hash = known.get(key) ?? nodeHash(hashAt(level - 1, 2 * index), hashAt(level - 1, 2 * index + 1))
    known.set(key, hash)
    return hash
  }
  return hashAt
}

/** One tile of hashes, checked for its length. Throws `missing-tile` or `bad-tile` with its path. */
export async function readHashTile(tile: TileName, readTile: ReadTile): Promise<Uint8Array> {
  const found = await readOrFull(tile, readTile)
  const expected = found.width * HASH_BYTES
  if (found.bytes.length !== expected) {
    throw new TlogError('bad-tile', `${tilePath(tile)} has ${found.bytes.length} bytes, not ${expected}`)
  }
  return found.bytes.subarray(0, tile.width * HASH_BYTES)
}

/** The entries of one bundle. Throws `missing-tile` or `bad-tile` with its path. */
export async function readBundle(tile: TileName, readTile: ReadTile): Promise<Uint8Array[]> {
  const found = await readOrFull(tile, readTile)
  try {
    return decodeBundle(found.bytes, found.width).slice(0, tile.width)
  } catch (error) {
    throw new TlogError('bad-tile', `${tilePath(tile)}: ${error instanceof TlogError ? error.message : 'unreadable'}`)
  }
}

async function readOrFull(tile: TileName, readTile: ReadTile): Promise<{ bytes: Uint8Array; width: number }> {
  const own = await readTile(tilePath(tile))
  if (own !== null) return { bytes: own, width: tile.width }
  const full = tile.width < TILE_WIDTH ? await readTile(tilePath({ ...tile, width: TILE_WIDTH })) : null
  if (full === null) throw new TlogError('missing-tile', `${tilePath(tile)} is missing`)
  return { bytes: full, width: TILE_WIDTH }
}

/** Hash over `count` hashes of a tile from `at`, where `count` is a power of two: the root of that subtree. */
export function hashOfRun(tile: Uint8Array, at: number, count: number): Uint8Array {
  if (count === 1) return concatBytes(hashInTile(tile, at))
  return nodeHash(hashOfRun(tile, at, count / 2), hashOfRun(tile, at + count / 2, count / 2))
}

/** A node as a run of hashes at a tile level. */
function placeOfNode(node: TreeNode): { level: number; first: number; count: number } {
  const level = Math.floor(node.level / tileHeight)
  const count = 2 ** (node.level % tileHeight)
  return { level, first: node.index * count, count }
}

function tileOfNode(node: TreeNode, size: number): TileName {
  const place = placeOfNode(node)
  const tile = isCount(place.first) ? tileHolding(place.level, place.first + place.count - 1, size) : null
  if (tile === null)
    throw new TlogError('bad-argument', `a tree of ${size} leaves has no node ${node.level}/${node.index}`)
  return tile
}
