import type { Selectable } from 'kysely'
import type { EventTable, StreamTable, Tx } from './schema.ts'

/** A row of `events`. */
export type EventRow = Selectable<EventTable>
/** A row of `streams`. */
export type StreamRow = Selectable<StreamTable>

/** The streams with these names that exist. */
export async function findStreams(tx: Tx, names: readonly string[]): Promise<readonly StreamRow[]> {
  if (names.length === 0) return []
  return await tx.selectFrom('streams').selectAll().where('stream', 'in', names).execute()
}

/** Writes the streams' new heads and numbers, and the key of those that are new. A key once set is never replaced. */
export async function putStreams(tx: Tx, rows: readonly StreamRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('streams')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .column('stream')
        .doUpdateSet((eb) => ({ next_n: eb.ref('excluded.next_n'), head: eb.ref('excluded.head') })),
    )
    .execute()
}

/** Adds events; an index or a place in a stream that is taken is the database's unique violation. */
export async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('events')
      .values([...rows])
      .execute()
}

/** The events at these indices of the log that exist, in no particular order. */
export async function findEvents(tx: Tx, indices: readonly number[]): Promise<readonly EventRow[]> {
  if (indices.length === 0) return []
  return await tx.selectFrom('events').selectAll().where('idx', 'in', indices).execute()
}

/** Events by index, after `after` (exclusive; -1 for all), at most `limit`, of one stream or of all. */
export async function listEvents(
  tx: Tx,
  options: { readonly after: number; readonly limit: number; readonly stream?: string },
): Promise<readonly EventRow[]> {
  let query = tx.selectFrom('events').selectAll().where('idx', '>', options.after)
  if (options.stream !== undefined) query = query.where('stream', '=', options.stream)
  return await query.orderBy('idx').limit(options.limit).execute()
}
