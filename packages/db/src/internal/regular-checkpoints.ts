import { sql } from 'kysely'
import type { Tx } from '../schema.ts'

/** How often the WAL is looked at. */
const EVERY_MS = 2_000
/** Bytes of WAL from which on a checkpoint is worth its writes. */
const MOST_WAL = 16 * 1024 * 1024

/**
 * Makes checkpoints while WAL grows. A server has a process for that; PGlite is PostgreSQL's single-user mode, which makes one at an orderly end
 * only: without this the WAL of a hub that runs for months is never removed, and is all replayed after a power cut.
 *
 * A checkpoint takes its turn among the queries. One that fails says nothing here: what made it fail ends the engine, or fails the next write.
 *
 * @returns ends it, after the checkpoint that is being made
 */
export function startRegularCheckpoints(db: Tx, everyMs: number = EVERY_MS): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let isIdle = true
  const timer = setInterval(() => {
    if (!isIdle) return
    isIdle = false
    running = checkpointWhenDue(db)
      .catch(() => undefined)
      .finally(() => {
        isIdle = true
      })
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

async function checkpointWhenDue(db: Tx): Promise<void> {
  if ((await walSinceCheckpoint(db)) >= MOST_WAL) await sql`checkpoint`.execute(db)
}

/** Bytes of WAL that would be replayed now. */
export async function walSinceCheckpoint(db: Tx): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::text as bytes from pg_control_checkpoint()`.execute(db)
  return Number(rows[0]?.bytes ?? 0)
}
