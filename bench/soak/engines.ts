import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'

/** Which database a hub runs on. */
export type EngineKind = 'embedded' | 'PostgreSQL'

/** A hub in a process of its own on a database of its own, synced as in production. */
export interface EngineHub {
  readonly hub: HubProcess
  readonly token: string
  /** Connection URI of the database, null for the embedded one. */
  readonly databaseUrl: string | null
  /** Kills the hub and starts it again on the same data. */
  restart(): Promise<EngineHub>
  remove(): Promise<void>
}

/** Starts a hub on an engine. */
export async function startHubOn(engine: EngineKind): Promise<EngineHub> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const dataDir = join(folder, 'hub')
  const bin = engine === 'PostgreSQL' ? findServerBinaries() : null
  if (bin !== null) makeCluster(bin, folder)
  const server = bin === null ? null : await startCluster(bin, folder, [])
  const databaseUrl = server === null ? null : server.url('postgres')
  const start = async (): Promise<EngineHub> => {
    const hub = await spawnHub(dataDir, databaseUrl)
    return {
      hub,
      token: readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim(),
      databaseUrl,
      restart: async () => {
        await hub.kill()
        return await start()
      },
      remove: async () => {
        await hub.kill()
        await server?.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
  return await start()
}
