import type { Selectable } from 'kysely'
import type { LogStateTable, TileTable, Tx } from './schema.ts'

/** The row of `log_state`. */
export type LogState = Omit<Selectable<LogStateTable>, 'id'>
/** A row of `tiles`. */
export type TileRow = Selectable<TileTable>

const STATE_ID = 1

/** The newest signed state, or null before the log exists. */
export async function readLogState(tx: Tx): Promise<LogState | null> {
  return (await logState(tx).executeTakeFirst()) ?? null
}

/** The same, holding the row until the transaction ends: whoever holds it is the only sequencer, over all processes. */
export async function lockLogState(tx: Tx): Promise<LogState | null> {
  return (await logState(tx).forUpdate().executeTakeFirst()) ?? null
}

function logState(tx: Tx) {
  return tx.selectFrom('log_state').select(['origin', 'size', 'root', 'checkpoint', 'at']).where('id', '=', STATE_ID)
}

/** Creates the state of a new log. Returns false when another process was faster. */
export async function createLogState(tx: Tx, state: LogState): Promise<boolean> {
  const result = await tx
    .insertInto('log_state')
    .values({ id: STATE_ID, ...state })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Replaces the state if its size still is `oldSize`; returns whether it was. */
export async function replaceLogState(tx: Tx, oldSize: number, state: LogState): Promise<boolean> {
  const result = await tx
    .updateTable('log_state')
    .set(state)
    .where('id', '=', STATE_ID)
    .where('size', '=', oldSize)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Appends leaves from index `from` on. */
export async function insertLeaves(tx: Tx, from: number, leaves: readonly Uint8Array[]): Promise<void> {
  if (leaves.length === 0) return
  await tx
    .insertInto('leaves')
    .values(leaves.map((leaf, i) => ({ idx: from + i, leaf })))
    .execute()
}

/** Leaves `from` (inclusive) to `to` (exclusive), in order; shorter when the log ends before `to`. */
export async function readLeaves(tx: Tx, from: number, to: number): Promise<readonly Uint8Array[]> {
  const rows = await tx
    .selectFrom('leaves')
    .select('leaf')
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  return rows.map((row) => row.leaf)
}

/** The leaves at these indices that exist, in no particular order. */
export async function findLeaves(
  tx: Tx,
  indices: readonly number[],
): Promise<readonly { readonly idx: number; readonly leaf: Uint8Array }[]> {
  if (indices.length === 0) return []
  return await tx.selectFrom('leaves').select(['idx', 'leaf']).where('idx', 'in', indices).execute()
}

/** Writes tiles as they now are; what was there must be a prefix of it. */
export async function putTiles(tx: Tx, tiles: readonly TileRow[]): Promise<void> {
  if (tiles.length === 0) return
  await tx
    .insertInto('tiles')
    .values([...tiles])
    .onConflict((conflict) =>
      conflict.columns(['level', 'n']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
    )
    .execute()
}

/** Those of the asked tiles that exist, as wide as they are now, in no particular order. */
export async function readTiles(
  tx: Tx,
  keys: readonly { readonly level: number; readonly n: number }[],
): Promise<readonly TileRow[]> {
  if (keys.length === 0) return []
  return await tx
    .selectFrom('tiles')
    .selectAll()
    .where((eb) => eb.or(keys.map((key) => eb.and([eb('level', '=', key.level), eb('n', '=', key.n)]))))
    .execute()
}
