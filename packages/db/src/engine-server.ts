import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Engine } from './engine.ts'
import { DbError } from './errors.ts'
import { openPool } from './internal/pool.ts'
import { codeOf } from '@sigillo/seal/error-code'
import { reasonOf } from './internal/reason.ts'
import { shredServer } from './internal/shred.ts'
import type { Tx } from './schema.ts'

/** SQLSTATE of a server that starts, recovers from a crash, or goes down: `cannot_connect_now`. */
const NOT_NOW = '57P03'
const ASK_AGAIN_MS = 100

/** The oldest PostgreSQL this code is tested on. */
export const MINIMUM_SERVER_VERSION = 15

/**
 * Connects to a PostgreSQL server. `url` is a connection URI (`postgres://…`); its password never appears in a message.
 * Commits are always synchronous, whatever the server's default says: an answer means the event is on disk.
 * A server that is starting, as after a crash, is waited for. Throws {@link DbError} `unreachable` or `server-too-old`.
 */
export async function openServer(options: {
  readonly url: string
  /** Most connections at once; default 10. */
  readonly maxConnections?: number
  /** Milliseconds that a server which is not ready yet is waited for; default 30,000. */
  readonly patienceMs?: number
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
    const major = Math.floor((await versionOnceUp(db, options.patienceMs ?? 30_000)) / 10_000)
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
  return {
    kind: 'server',
    db,
    failed: new Promise(() => undefined),
    shred: (tables) => shredServer(db, tables),
    close,
  }
}

/** The server's version number, such as 150018. */
async function versionOnceUp(db: Tx, patienceMs: number): Promise<number> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      const { rows } = await sql<{
        version: number
      }>`select current_setting('server_version_num')::int as version`.execute(db)
      return rows[0]?.version ?? 0
    } catch (error) {
      if (codeOf(error) !== NOT_NOW || performance.now() >= until) throw error
      await sleep(ASK_AGAIN_MS)
    }
  }
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
