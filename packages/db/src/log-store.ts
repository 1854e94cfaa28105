import { type Selectable, sql } from 'kysely'
import type { LogStateTable, TileTable, Tx } from './schema.ts'

/** The newest signed tree and its checkpoint: all that readers may know of. */
export type LogState = Omit<Selectable<LogStateTable>, 'id' | 'pending_size' | 'pending_root'>
/** A tree that was committed and is not signed yet. */
export interface PendingTree {
  readonly size: number
  readonly root: Uint8Array
}
/** The row of `log_state`: the signed tree, and the one that is to be signed next. */
export interface StoredLog {
  readonly state: LogState
  readonly pending: PendingTree | null
}
/** A row of `tiles`. */
export type TileRow = Selectable<TileTable>

const STATE_ID = 1

/** The newest signed state, or null before the log exists. */
export async function readLogState(tx: Tx): Promise<LogState | null> {
  return (await logState(tx).executeTakeFirst()) ?? null
}

/** The signed state and the pending tree, or null before the log exists. */
export async function readLog(tx: Tx): Promise<StoredLog | null> {
  return storedLog(await wholeLog(tx).executeTakeFirst())
}

/** The same, holding the row until the transaction ends: whoever holds it is the only sequencer, over all processes. */
export async function lockLog(tx: Tx): Promise<StoredLog | null> {
  return storedLog(await wholeLog(tx).forUpdate().executeTakeFirst())
}

function logState(tx: Tx) {
  return tx.selectFrom('log_state').select(['origin', 'size', 'root', 'checkpoint', 'at']).where('id', '=', STATE_ID)
}

function wholeLog(tx: Tx) {
  return logState(tx).select(['pending_size', 'pending_root'])
}

function storedLog(row: Omit<Selectable<LogStateTable>, 'id'> | undefined): StoredLog | null {
  if (row === undefined) return null
  const { pending_size: size, pending_root: root, ...state } = row
  return { state, pending: size === null || root === null ? null : { size, root } }
}

/** Creates the state of a new log. Returns false when another process was faster. */
export async function createLogState(tx: Tx, state: LogState): Promise<boolean> {
  const result = await tx
    .insertInto('log_state')
    .values({ id: STATE_ID, ...state, pending_size: null, pending_root: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Names the tree to be signed next, if `oldSize` leaves are signed and no other tree waits; returns whether that was so. */
export async function putPendingTree(tx: Tx, oldSize: number, pending: PendingTree): Promise<boolean> {
  const result = await tx
    .updateTable('log_state')
    .set({ pending_size: pending.size, pending_root: pending.root })
    .where('id', '=', STATE_ID)
    .where('size', '=', oldSize)
    .where('pending_size', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Makes the pending tree the signed one. Returns false when this tree does not wait: another process was faster. */
export async function putSignedTree(tx: Tx, signed: Omit<LogState, 'origin'>): Promise<boolean> {
  const result = await tx
    .updateTable('log_state')
    .set({ ...signed, pending_size: null, pending_root: null })
    .where('id', '=', STATE_ID)
    .where('pending_size', '=', signed.size)
    .where('pending_root', '=', signed.root)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Puts another checkpoint of the signed tree of `size` leaves in place of the stored one, after a change of keys. */
export async function replaceCheckpoint(tx: Tx, size: number, checkpoint: string): Promise<void> {
  await tx.updateTable('log_state').set({ checkpoint }).where('id', '=', STATE_ID).where('size', '=', size).execute()
}

/** Appends leaves from index `from` on. */
export async function insertLeaves(tx: Tx, from: number, leaves: readonly Uint8Array[]): Promise<void> {
  if (leaves.length === 0) return
  await sql`
    insert into leaves (idx, leaf)
    select * from unnest(${leaves.map((_, i) => from + i)}::bigint[], ${[...leaves]}::bytea[])`.execute(tx)
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
