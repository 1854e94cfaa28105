import { mkdtempSync, rmSync } from 'node:fs'
import { findServerBinaries, makeCluster, startCluster, withClient } from './postgres-cluster.ts'

/** A PostgreSQL server of our own, gone after `stop`. */
export interface TemporaryPostgres {
  /** Server version, such as `15.18`. */
  readonly version: string
  /** Makes an empty database and returns its connection URI. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts a temporary PostgreSQL from Debian's server binaries: Unix socket only, fsync off, its folder under /tmp. As root the
 * server runs as user `postgres`. Returns null, and says so on stderr, where no server is installed (`apt install postgresql`).
 */
export async function startPostgres(): Promise<TemporaryPostgres | null> {
  const bin = findServerBinaries()
  if (bin === null) return null
  // Not under TMPDIR, which may be too long for a socket path.
  const folder = mkdtempSync('/tmp/pgtest-')
  try {
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, ['fsync=off'])
    let count = 0
    const createDatabase = async (): Promise<string> => {
      const name = `test_${String(++count)}`
      await withClient(server.url('postgres'), (client) => client.query(`create database ${name}`))
      return server.url(name)
    }
    const stop = async (): Promise<void> => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    return { version: server.version, createDatabase, stop }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
