import { type Selectable, sql } from 'kysely'
import type { EventTable, StreamTable, Tx } from './schema.ts'

/** A row of `events`. */
export type EventRow = Selectable<EventTable>
/** An event to be added. */
export type NewEventRow = Omit<EventRow, 'erased_index' | 'erased_at'>
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
  await sql`
    insert into streams (stream, key, next_n, head)
    select * from unnest(
      ${rows.map((row) => row.stream)}::text[], ${rows.map((row) => row.key)}::bytea[],
      ${rows.map((row) => row.next_n)}::bigint[], ${rows.map((row) => row.head)}::bytea[]
    )
    on conflict (stream) do update set next_n = excluded.next_n, head = excluded.head`.execute(tx)
}

/**
 * Adds events; an index or a place in a stream that is taken is the database's unique violation. One parameter a column, not one a
 * value: PostgreSQL takes at most 65,535.
 */
export async function insertEvents(tx: Tx, rows: readonly NewEventRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into events (idx, stream, n, type, at, subject, body, salt, commitment)
    select * from unnest(
      ${rows.map((row) => row.idx)}::bigint[], ${rows.map((row) => row.stream)}::text[],
      ${rows.map((row) => row.n)}::bigint[], ${rows.map((row) => row.type)}::text[],
      ${rows.map((row) => row.at)}::timestamptz[], ${rows.map((row) => row.subject)}::text[],
      ${rows.map((row) => row.body)}::text[], ${rows.map((row) => row.salt)}::bytea[],
      ${rows.map((row) => row.commitment)}::bytea[]
    )`.execute(tx)
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
