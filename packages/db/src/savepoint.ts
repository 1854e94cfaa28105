import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/**
 * Runs `work` inside the running transaction so that its failure undoes only its own writes: the error is thrown on, the
 * transaction stays usable.
 */
export async function withSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint step`.execute(tx)
  try {
    const result = await work()
    await sql`release savepoint step`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint step`.execute(tx)
    throw error
  }
}
