import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolConfig, types } from 'pg'
import type { Schema } from '../schema.ts'

/** `int8` as a number: our counters stay far below 2^53, and one type on both engines beats strings that look like numbers. */
const TYPES: NonNullable<PoolConfig['types']> = {
  getTypeParser: (oid, format) =>
    oid === types.builtins.INT8 && format !== 'binary' ? readSafeInteger : types.getTypeParser(oid, format),
}

function readSafeInteger(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Error(`the database returned ${value}, beyond 2^53`)
  return number
}

/** A pool and a Kysely over it. `onIdleError` hears of connections that broke while idle; queries report their own errors. */
export function openPool(
  config: PoolConfig,
  onIdleError: (error: Error) => void,
): { readonly pool: Pool; readonly db: Kysely<Schema> } {
  const pool = new Pool({ ...config, types: TYPES })
  pool.on('error', onIdleError)
  // A connection that breaks while it is lent out tells its query, and besides emits an error that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return { pool, db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }) }
}
