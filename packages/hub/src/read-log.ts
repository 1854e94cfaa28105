import { type EventRow, findEvent } from '@sigillo/db/events'
import { readLeaves, readLogState, readTiles } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { encodeOpening, parseLeaf } from '@sigillo/tlog/leaf'
import { formatProofFile } from '@sigillo/tlog/proof-file'
import { encodeBundle, parseTilePath, TILE_WIDTH } from '@sigillo/tlog/tile'
import { inclusionFromTiles, type ReadTile } from '@sigillo/tlog/tile-reader'
import type { HubContext } from './context.ts'
import { HubError } from './errors.ts'

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

/** The same, asking the database for each tile once: for proofs of many events under one checkpoint. */
export function tilesOnce(tx: Tx): ReadTile {
  const seen = new Map<string, Promise<Uint8Array | null>>()
  const read = tilesOf(tx)
  return (path) => {
    const known = seen.get(path) ?? read(path)
    seen.set(path, known)
    return known
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

/** An event with a proof text that holds its opening, where that still exists. */
export interface Proven {
  readonly row: EventRow
  readonly proof: string
}

/** The proof that event `index` is under `signed`, or null when there is no such event or the checkpoint does not cover it. */
export async function proveEvent(
  tx: Tx,
  index: number,
  signed: SignedCheckpoint,
  readTile: ReadTile,
): Promise<Proven | null> {
  const row = index < signed.size ? await findEvent(tx, index) : null
  if (row === null) return null
  const proof = await inclusionFromTiles(index, signed.size, readTile)
  const extra = await openingOf(tx, row)
  const file = formatProofFile({ index, proof, checkpoint: utf8(signed.checkpoint), extra })
  return { row, proof: fromUtf8(file) }
}

async function openingOf(tx: Tx, row: EventRow): Promise<Uint8Array | null> {
  if (row.body === null || row.salt === null) return null
  const [leaf] = await readLeaves(tx, row.idx, row.idx + 1)
  return leaf === undefined
    ? null
    : encodeOpening({ label: parseLeaf(leaf).label, salt: row.salt, body: utf8(row.body) })
}
