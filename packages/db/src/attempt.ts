import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** What came of an attempt. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

/**
 * Runs `work` inside the running transaction so that its failure undoes only its own writes and the transaction stays usable.
 * Throws only when the transaction itself is lost (connection gone, engine dead).
 */
export async function attempt<T>(tx: Tx, work: () => Promise<T>): Promise<Attempt<T>> {
  await sql`savepoint step`.execute(tx)
  try {
    const value = await work()
    await sql`release savepoint step`.execute(tx)
    return { ok: true, value }
  } catch (error) {
    await sql`rollback to savepoint step`.execute(tx)
    return { ok: false, error }
  }
}
