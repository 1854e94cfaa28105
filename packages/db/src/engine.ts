import type { Schema, Tx } from './schema.ts'

/** An open database, embedded or a server: the same driver, the same SQL, the same column types. */
export interface Engine {
  readonly kind: 'embedded' | 'server'
  readonly db: Tx
  /**
   * Resolves with the reason if the engine breaks while in use (thread died, disk refused a sync); never rejects, and stays
   * pending on an orderly close. After it resolved every query fails.
   */
  readonly failed: Promise<Error>
  /**
   * Has the database's own files lose what its rows lost, as far as the engine can: the embedded one rewrites the tables and drops its write-ahead log;
   * a server frees the space, and its log and its backups are whoever's who runs it.
   */
  shred(tables: readonly (keyof Schema)[]): Promise<void>
  /** Waits for running queries, stops the engine, gives the lock back. May be called twice. */
  close(): Promise<void>
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. `work` must use only its `tx`. */
export function inTransaction<T>(engine: Engine, work: (tx: Tx) => Promise<T>): Promise<T> {
  return engine.db.transaction().execute(work)
}
