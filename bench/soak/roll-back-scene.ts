import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import { readLogState } from '@sigillo/db/log-store'
import {
  type ClusterServer,
  findServerBinaries,
  giveToServer,
  makeCluster,
  startCluster,
  withClient,
} from '@sigillo/testkit/postgres-cluster'

/** Where a hub's data is. */
export interface Place {
  readonly dataDir: string
  readonly databaseUrl?: string
}

/** Copies of database and folder of a stopped hub, as the engine is backed up in earnest. */
export interface Backups {
  makeDatabase(name: string): Promise<{ readonly databaseUrl?: string }>
  dropDatabase(name: string): Promise<void>
  /** Returns where the copy is. */
  backUp(live: Place, to: string): Promise<string>
  /** A place of its own with the older database; its other files are the older ones too if `wholeMachine`, and else the newest. */
  restore(backup: string, live: Place, wholeMachine: boolean): Promise<Place>
  /** The checkpoint that the database of a stopped hub holds. */
  checkpointOf(place: Place): Promise<string | undefined>
  discard(place: Place): Promise<void>
  close(): Promise<void>
}

/** A folder, copied. */
export async function embeddedBackups(): Promise<Backups> {
  return {
    makeDatabase: async () => ({}),
    dropDatabase: async () => {},
    backUp: async (live, to) => (cpSync(live.dataDir, to, { recursive: true }), to),
    restore: async (backup, live, wholeMachine) => {
      const dataDir = filesFor(backup, live, wholeMachine)
      rmSync(join(dataDir, 'db'), { recursive: true })
      cpSync(join(backup, 'db'), join(dataDir, 'db'), { recursive: true })
      return { dataDir }
    },
    checkpointOf: async ({ dataDir }) => {
      const engine = await openEmbedded({ dataDir })
      try {
        return (await readLogState(engine.db))?.checkpoint
      } finally {
        await engine.close()
      }
    },
    discard: async ({ dataDir }) => rmSync(dataDir, { recursive: true }),
    close: async () => {},
  }
}

/** `pg_basebackup` of the running server; a restored one is a server of its own over that copy. */
export async function serverBackups(folder: string): Promise<Backups> {
  const bin = findServerBinaries() ?? ''
  makeCluster(bin, folder)
  const server = await startCluster(bin, folder, [])
  const restored = new Map<string, ClusterServer>()
  const admin = (statement: string): Promise<unknown> =>
    withClient(server.url('postgres'), (client) => client.query(statement))
  return {
    makeDatabase: async (name) => {
      await admin(`create database ${name}`)
      return { databaseUrl: server.url(name) }
    },
    dropDatabase: async (name) => void (await admin(`drop database if exists ${name}`)),
    backUp: async (live, to) => {
      cpSync(live.dataDir, to, { recursive: true })
      const cluster = join(to, 'cluster')
      const copy = ['-D', join(cluster, 'data'), '--checkpoint=fast', '--no-sync', '-d', server.url('postgres')]
      execFileSync(join(bin, 'pg_basebackup'), copy, { stdio: ['ignore', 'ignore', 'pipe'] })
      giveToServer(cluster, true)
      return to
    },
    restore: async (backup, live, wholeMachine) => {
      const older = await startCluster(bin, join(backup, 'cluster'), [])
      const dataDir = filesFor(backup, live, wholeMachine)
      restored.set(dataDir, older)
      const [, name = ''] = /\/(live_\d+)\?/.exec(live.databaseUrl ?? '') ?? []
      return { dataDir, databaseUrl: older.url(name) }
    },
    checkpointOf: async ({ databaseUrl = '' }) => {
      const engine = await openServer({ url: databaseUrl })
      try {
        return (await readLogState(engine.db))?.checkpoint
      } finally {
        await engine.close()
      }
    },
    discard: async ({ dataDir }) => {
      await restored.get(dataDir)?.stop()
      restored.delete(dataDir)
      rmSync(dataDir, { recursive: true })
    },
    close: async () => {
      await Promise.all([...restored.values(), server].map((each) => each.stop()))
    },
  }
}

/** Today's folder, or the one of the backup, as the folder of the restored hub. */
function filesFor(backup: string, live: Place, wholeMachine: boolean): string {
  const dataDir = `${backup}-restored`
  const from = wholeMachine ? backup : live.dataDir
  const isCluster = (path: string): boolean => path === join(from, 'cluster')
  cpSync(from, dataDir, { recursive: true, filter: (path) => !isCluster(path) })
  return dataDir
}
