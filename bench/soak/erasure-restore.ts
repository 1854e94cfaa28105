import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import { spawnHub, type HubProcess } from '@sigillo/testkit/hub-process'
import { type ClusterServer, findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import type { EngineKind } from './engines.ts'

export const DUMP = '/usr/bin/pg_dump'
export const RESTORE = '/usr/bin/pg_restore'

/** A hub with everything that it keeps below one folder, as it runs or as it was restored. */
export interface Place {
  readonly hub: HubProcess
  readonly token: string
  /** The database itself, with the hub stopped. */
  inDatabase<T>(work: (engine: Engine) => Promise<T>): Promise<T>
  /** Backs up by the way of docs/operate.md, restores in an empty folder, on a server of its own, and starts the hub there. Ends this one where the way asks for it. */
  restoreIn(folder: string): Promise<Place>
  /** Files and folders that hold all there is: also a dump, as a server's backups are dumps. */
  everything(): readonly string[]
  stop(): Promise<void>
}

/** Starts a hub in an empty folder. */
export async function startPlace(engine: EngineKind, folder: string): Promise<Place> {
  mkdirSync(folder, { recursive: true })
  return await openPlace(folder, engine === 'PostgreSQL' ? await newServer(folder) : null)
}

async function newServer(folder: string): Promise<ClusterServer> {
  const bin = findServerBinaries() ?? ''
  makeCluster(bin, folder)
  return await startCluster(bin, folder, [])
}

async function openPlace(folder: string, server: ClusterServer | null): Promise<Place> {
  const dataDir = join(folder, 'hub')
  const database = server?.url('postgres') ?? null
  let hub = await spawnHub(dataDir, database)
  const start = async (): Promise<void> => {
    hub = await spawnHub(dataDir, database)
  }
  return {
    get hub() {
      return hub
    },
    token: readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim(),
    inDatabase: async (work) => {
      await hub.kill()
      const opened = database === null ? await openEmbedded({ dataDir }) : await openServer({ url: database })
      try {
        return await work(opened)
      } finally {
        await opened.close()
        await start()
      }
    },
    restoreIn: async (elsewhere) => {
      mkdirSync(elsewhere)
      if (server === null) await hub.kill()
      cpSync(dataDir, join(elsewhere, 'hub'), { recursive: true })
      if (server === null) {
        await start()
        return await openPlace(elsewhere, null)
      }
      const backup = join(folder, 'backup.dump')
      execFileSync(DUMP, ['-Fc', '-f', backup, '--dbname', server.url('postgres')])
      const other = await newServer(elsewhere)
      execFileSync(RESTORE, ['--no-owner', '--dbname', other.url('postgres'), backup])
      return await openPlace(elsewhere, other)
    },
    everything: () => {
      if (server === null) return [dataDir]
      const dump = join(folder, 'dump.sql')
      writeFileSync(dump, execFileSync(DUMP, ['--dbname', server.url('postgres')], { maxBuffer: 2 ** 30 }))
      return [dataDir, join(folder, 'data'), dump]
    },
    stop: async () => {
      await hub.kill()
      await server?.stop()
    },
  }
}
