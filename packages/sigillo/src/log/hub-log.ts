import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CosignedCheckpoint, listCosigned } from '@sigillo/db/cosignatures'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import { type LogState, type PendingTree, readLog } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { tilesOf } from '@sigillo/hub/log/read-log'
import { utf8 } from '@sigillo/tlog/encoding'
import type { LogReader } from '@sigillo/tlog/fsck'
import { parseTilePath, TILE_WIDTH, tileHolding, tilePath } from '@sigillo/tlog/tile'
import { CommandError } from '../errors.ts'

/** A hub's log in its database, as it stood when the transaction began. */
export interface HubLog {
  readonly tx: Tx
  /** The signed tree. */
  readonly state: LogState
  /** The tree that was committed behind it and waits for its signature; what it adds is not in `reader`. */
  readonly pending: PendingTree | null
  readonly reader: LogReader & { readonly list: () => Promise<string[]> }
  /** Checkpoints that witnesses cosigned, oldest first. */
  readonly cosigned: readonly CosignedCheckpoint[]
}

const UNDEFINED_TABLE = '42P01'
const UNDEFINED_COLUMN = '42703'

/**
 * Opens the log of a hub to read it, in one transaction. With the embedded database the hub must be stopped; a server's may run.
 * @throws CommandError `no-log`, DbError (`locked` while the hub runs)
 */
export async function withHubLog<T>(
  dataDir: string,
  databaseUrl: string | undefined,
  work: (log: HubLog) => Promise<T>,
): Promise<T> {
  // The embedded engine would make a database where there is none.
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'db')))
    throw new CommandError('no-log', `${dataDir} holds no hub's database; DATABASE_URL names one on a server`)
  const engine = databaseUrl === undefined ? await openEmbedded({ dataDir }) : await openServer({ url: databaseUrl })
  try {
    return await engine.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => work(await readHubLog(tx)))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== UNDEFINED_TABLE && code !== UNDEFINED_COLUMN) throw error
    throw new CommandError('no-log', 'the database is not that of a hub of this version; start the hub once', {
      cause: error,
    })
  } finally {
    await engine.close()
  }
}

/** The log as it stands in this transaction. @throws CommandError `no-log` */
export async function readHubLog(tx: Tx): Promise<HubLog> {
  const stored = await readLog(tx)
  if (stored === null) throw new CommandError('no-log', 'the database has no log yet; start the hub once')
  const { state, pending } = stored
  const upTo = (paths: string[]): string[] =>
    pending === null ? paths : withoutPending(paths, state.size, pending.size)
  const cosigned = await listCosigned(tx, { atLeast: 0, limit: Number.MAX_SAFE_INTEGER })
  const reader = {
    checkpoint: () => Promise.resolve(utf8(state.checkpoint)),
    tile: tilesOf(tx),
    list: async () => upTo([...(await tilePaths(tx)), ...(await outermostBundles(tx))]),
  }
  return { tx, state, pending, reader, cosigned: cosigned.toReversed() }
}

async function tilePaths(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('tiles')
    .select(({ fn }) => ['level', 'n', fn<number>('length', ['hashes']).as('bytes')])
    .execute()
  return rows.map(({ level, n, bytes }) =>
    level < 0 || n < 0 ? `tile/${level}/${n}` : tilePath({ level, index: n, width: bytes / 32 }),
  )
}

/** Leaves are rows: those before the first and behind the last of the tree would stand in these bundles. */
async function outermostBundles(tx: Tx): Promise<string[]> {
  const ends = await tx
    .selectFrom('leaves')
    .select(({ fn }) => [fn.min('idx').as('first'), fn.max('idx').as('last')])
    .executeTakeFirst()
  if (ends === undefined || ends.first === null || ends.last === null) return []
  const { first, last } = ends
  const index = Math.floor(last / TILE_WIDTH)
  return [
    ...(first < 0 ? [`tile/entries/${first}`] : []),
    ...(last < 0 ? [] : [tilePath({ level: 'entries', index, width: (last % TILE_WIDTH) + 1 })]),
  ]
}

/** Tiles of the pending tree as they were in the signed one, so far as it had them; what neither has stays as it is. */
function withoutPending(paths: readonly string[], signed: number, pending: number): string[] {
  return paths.flatMap((path) => {
    const tile = parseTilePath(path)
    const grown = tile === null ? null : tileHolding(tile.level, tile.index * TILE_WIDTH, pending)
    if (tile === null || grown === null || tile.width > grown.width) return [path]
    const whole = tileHolding(tile.level, tile.index * TILE_WIDTH, signed)
    if (whole === null) return []
    return [tilePath({ ...tile, width: Math.min(tile.width, whole.width) })]
  })
}
