import { type EventRow, findEvents } from '@sigillo/db/events'
import { findLeaves } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { encodeOpening, parseLeaf } from '@sigillo/tlog/leaf'
import { formatProofFile } from '@sigillo/tlog/proof-file'
import { inclusionsFromTiles } from '@sigillo/tlog/tile-reader'
import { HubError } from '../errors.ts'
import { type SignedCheckpoint, tilesOf } from './read-log.ts'

/** An event with a proof text that holds its opening, where that still exists. */
export interface Proven {
  readonly row: EventRow
  readonly proof: string
}

/** Proves that events are under a checkpoint. */
export interface Prover {
  /**
   * The events at these places, in this order, each with a proof that stands alone. Throws {@link HubError} `not-found` for a place
   * without event, or one that the checkpoint does not cover.
   */
  prove(indices: readonly number[], signed: SignedCheckpoint): Promise<readonly Proven[]>
}

interface Group {
  readonly signed: SignedCheckpoint
  readonly indices: Set<number>
  readonly proven: Promise<ReadonlyMap<number, Proven>>
}

/**
 * A prover that answers requests of one moment under one checkpoint together: the events of a batch are acknowledged at the same time,
 * and share queries, tiles and inner hashes.
 */
export function startProver(tx: Tx): Prover {
  const groups = new Map<string, Group>()

  const groupOf = (signed: SignedCheckpoint): Group => {
    const open = groups.get(signed.checkpoint)
    if (open !== undefined) return open
    const indices = new Set<number>()
    const proven = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      groups.delete(signed.checkpoint)
      return proveAll(tx, [...indices], signed)
    })
    const group = { signed, indices, proven }
    groups.set(signed.checkpoint, group)
    return group
  }

  return {
    prove: async (indices, signed) => {
      const group = groupOf(signed)
      for (const index of indices) if (index < signed.size) group.indices.add(index)
      const proven = await group.proven
      return indices.map((index) => {
        const found = proven.get(index)
        if (found === undefined) throw new HubError('not-found', `the log has no event ${String(index)}`)
        return found
      })
    },
  }
}

async function proveAll(
  tx: Tx,
  asked: readonly number[],
  signed: SignedCheckpoint,
): Promise<ReadonlyMap<number, Proven>> {
  const rows = await findEvents(tx, asked)
  const indices = rows.map((row) => row.idx)
  const leaves = new Map((await findLeaves(tx, indices)).map(({ idx, leaf }) => [idx, leaf]))
  const proofs = await inclusionsFromTiles(indices, signed.size, tilesOf(tx))
  return new Map(
    rows.map((row, at) => {
      const { idx: index } = row
      const extra = openingOf(row, leaves.get(index))
      const file = formatProofFile({ index, proof: proofs[at] ?? [], checkpoint: utf8(signed.checkpoint), extra })
      return [index, { row, proof: fromUtf8(file) }]
    }),
  )
}

function openingOf(row: EventRow, leaf: Uint8Array | undefined): Uint8Array | null {
  if (row.body === null || row.salt === null || row.erased_index !== null || leaf === undefined) return null
  return encodeOpening({ label: parseLeaf(leaf).label, salt: row.salt, body: utf8(row.body) })
}
