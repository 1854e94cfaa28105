import { sql } from 'kysely'
import type { Schema, Tx } from '../schema.ts'

/**
 * Rewrites tables of the embedded database without their dead rows, and removes the write-ahead log up to now, so that neither holds what was deleted.
 *
 * A checkpoint removes whole files of the log that are behind it, and by default gives them new names to be written over later, with all that is in them.
 * So the log is led through every file that earlier checkpoints kept in this way, into a new one, with that setting off: it counts here because the engine's
 * one session makes its own checkpoints.
 */
export async function shredEmbedded(db: Tx, tables: readonly (keyof Schema)[]): Promise<void> {
  for (const table of tables) await sql`vacuum full ${sql.table(table)}`.execute(db)
  await sql`set wal_recycle = off`.execute(db)
  for (let left = (await filesAhead(db)) + 1; left >= 0; left--) {
    await sql`checkpoint`.execute(db)
    await sql`select pg_switch_wal()`.execute(db)
  }
  await sql`checkpoint`.execute(db)
  await sql`reset wal_recycle`.execute(db)
}

/** Files of the write-ahead log that wait to be written over. */
async function filesAhead(db: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_ls_waldir()
    where name ~ '^[0-9A-F]{24}$' and name > pg_walfile_name(pg_current_wal_lsn())`.execute(db)
  return rows[0]?.count ?? 0
}

/** Frees the space of dead rows on a server, for new rows to be written over them. Holds up no reader and no writer, however long it takes. */
export async function shredServer(db: Tx, tables: readonly (keyof Schema)[]): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection)
    try {
      for (const table of tables) await sql`vacuum ${sql.table(table)}`.execute(connection)
    } finally {
      await sql`reset statement_timeout`.execute(connection)
    }
  })
}
