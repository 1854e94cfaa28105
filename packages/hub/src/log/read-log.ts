import { readLeaves, readLogState, readTiles } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { encodeBundle, parseTilePath, TILE_WIDTH, tileHolding } from '@sigillo/tlog/tile'
import type { ReadTile } from '@sigillo/tlog/tile-reader'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'

/** A signed checkpoint: the tree's size and the note. */
export interface SignedCheckpoint {
  readonly size: number
  readonly checkpoint: string
}

const HASH_BYTES = 32

/**
 * Reads tiles and entry bundles by their c2sp.org/tlog-tiles path; null for what the log does not have or no tile's path. Every
 * partial tile that was ever published can be read, since tiles only grow.
 */
export function tilesOf(tx: Tx): ReadTile {
  return async (path) => {
    const tile = parseTilePath(path)
    if (tile === null) return null
    if (tile.level === 'entries') {
      const from = tile.index * TILE_WIDTH
      const leaves = await readLeaves(tx, from, from + tile.width)
      return leaves.length === tile.width ? encodeBundle(leaves) : null
    }
    const [row] = await readTiles(tx, [{ level: tile.level, n: tile.index }])
    const length = tile.width * HASH_BYTES
    return row === undefined || row.hashes.length < length ? null : row.hashes.subarray(0, length)
  }
}

/** Reads the tiles and bundles of the tree of `size` leaves, and nothing that is stored beyond it. */
export function tilesOfTree(tx: Tx, size: number): ReadTile {
  const readTile = tilesOf(tx)
  return async (path) => {
    const tile = parseTilePath(path)
    const whole = tile === null ? null : tileHolding(tile.level, tile.index * TILE_WIDTH, size)
    return tile === null || whole === null || tile.width > whole.width ? null : await readTile(path)
  }
}

/** The newest signed checkpoint, with the log's own signature. Throws {@link HubError} `log-unavailable`. */
export async function signedNow(hub: HubContext): Promise<SignedCheckpoint> {
  const state = await readLogState(hub.engine.db)
  if (state === null) throw new HubError('log-unavailable', 'the log has no signed state')
  return state
}

/** The newest checkpoint with the cosignatures it has, after waiting at most `waitMs` for the quorum. */
export async function settledNow(hub: HubContext, waitMs: number): Promise<SignedCheckpoint> {
  const signed = await signedNow(hub)
  const settled = waitMs === 0 ? null : await hub.witnesses.covering(signed.size, waitMs)
  return settled ?? (await hub.witnesses.withCosignatures(await signedNow(hub)))
}

/**
 * The checkpoint to prove these events under: the newest one with the quorum if it covers them all, or does so in time; else the
 * newest, with the cosignatures it has.
 */
export async function signedFor(hub: HubContext, indices: readonly number[]): Promise<SignedCheckpoint> {
  const signed = await signedNow(hub)
  const size = Math.min(signed.size, Math.max(...indices) + 1)
  return (await hub.witnesses.covering(size, hub.witnessWaitMs)) ?? (await hub.witnesses.withCosignatures(signed))
}
