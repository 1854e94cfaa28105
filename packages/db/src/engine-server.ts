import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import { DbError } from './errors.ts'
import { openPool } from './internal/pool.ts'
import { reasonOf } from './internal/reason.ts'

/** The oldest PostgreSQL this code is tested on. */
export const MINIMUM_SERVER_VERSION = 15

/**
 * Connects to a PostgreSQL server. `url` is a connection URI (`postgres://…`); its password never appears in a message.
 * Commits are always synchronous, whatever the server's default says: an answer means the event is on disk.
 * Throws {@link DbError} `unreachable` or `server-too-old`.
 */
export async function openServer(options: {
  readonly url: string
  /** Most connections at once; default 10. */
  readonly maxConnections?: number
}): Promise<Engine> {
  const { pool, db } = openPool(
    {
      connectionString: options.url,
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: 10_000,
      statement_timeout: 60_000,
      idle_in_transaction_session_timeout: 60_000,
      options: '-c synchronous_commit=on -c timezone=UTC',
    },
    // A server restart breaks idle connections; the pool makes new ones, and a query that meets a dead one reports it.
    () => undefined,
  )
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= pool.end())
  try {
    const { rows } = await sql<{
      version: number
    }>`select current_setting('server_version_num')::int as version`.execute(db)
    const major = Math.floor((rows[0]?.version ?? 0) / 10_000)
    if (major < MINIMUM_SERVER_VERSION) {
      throw new DbError(
        'server-too-old',
        `PostgreSQL ${String(major)} at ${describeUrl(options.url)} is too old: ${String(MINIMUM_SERVER_VERSION)} or newer is needed`,
      )
    }
  } catch (error) {
    await close()
    if (error instanceof DbError) throw error
    throw new DbError(
      'unreachable',
      `no PostgreSQL at ${describeUrl(options.url)}: ${reasonOf(error)}; check DATABASE_URL`,
      { cause: error },
    )
  }
  return { kind: 'server', db, failed: new Promise(() => undefined), close }
}

/** Host and database of a connection URI, without user and password. */
function describeUrl(url: string): string {
  try {
    const parsed = new URL(url)
    const host = parsed.searchParams.get('host') ?? parsed.host
    return `${host}${parsed.pathname}`
  } catch {
    return 'the given address'
  }
}
