import { equalBytes } from './encoding.ts'
import { HASH_BYTES } from './merkle.ts'
import { encodeBundle, parseTilePath, TILE_WIDTH, tileHolding, type TileName, tilePath } from './tile.ts'
import { type ReadTile, readBundle, readHashTile } from './tile-reader.ts'

/** A stored resource that the tree does not have, or has otherwise. */
export interface StrayPath {
  readonly path: string
  readonly reason: string
}

/**
 * Looks through everything that is stored for a verified tree of `size` leaves, the checkpoint left out. The older, narrower partial
 * tiles that a log keeps must begin like the ones that replaced them; nothing else may be there. Returns the first stray, by path.
 */
export async function findStray(paths: readonly string[], size: number, readTile: ReadTile): Promise<StrayPath | null> {
  let newest: { readonly path: string; readonly bytes: Uint8Array; readonly entries: readonly Uint8Array[] } | null =
    null
  for (const path of [...paths].sort()) {
    const tile = parseTilePath(path)
    if (tile === null) return { path, reason: 'no resource of a log has this path' }
    const whole = tileHolding(tile.level, tile.index * TILE_WIDTH, size)
    if (whole === null || tile.width > whole.width)
      return { path, reason: `the tree of ${size} leaves does not have it` }
    if (tile.width === whole.width) continue
    if (newest?.path !== tilePath(whole)) newest = { path: tilePath(whole), ...(await contentOf(whole, readTile)) }
    const beginning =
      tile.level === 'entries'
        ? encodeBundle(newest.entries.slice(0, tile.width))
        : newest.bytes.subarray(0, tile.width * HASH_BYTES)
    const stored = await readTile(path)
    if (stored === null || !equalBytes(stored, beginning))
      return { path, reason: `it is not the beginning of ${newest.path}` }
  }
  return null
}

async function contentOf(tile: TileName, readTile: ReadTile): Promise<{ bytes: Uint8Array; entries: Uint8Array[] }> {
  return tile.level === 'entries'
    ? { bytes: new Uint8Array(0), entries: await readBundle(tile, readTile) }
    : { bytes: await readHashTile(tile, readTile), entries: [] }
}
