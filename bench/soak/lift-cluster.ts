import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'

/** Several hub processes over one PostgreSQL server, each of which can be killed and started again. */
export interface HubCluster {
  /** Those that run. */
  readonly live: () => readonly HubProcess[]
  /** The vendor's token. */
  readonly token: string
  /** Ends the named ones without warning. */
  readonly kill: (places: readonly number[]) => Promise<void>
  /** Starts those that do not run; resolves when they answer, with the time of the first. */
  readonly restart: () => Promise<number>
  readonly close: () => Promise<void>
}

/** What every process of one hub needs to have the same. */
const SHARED_FILES = ['log.key', 'vendor.token', 'webhook.key', 'sign-in.key']

/** Starts `count` processes of one hub. `bin` is the folder of PostgreSQL's programs. */
export async function startHubCluster(bin: string, count: number): Promise<HubCluster> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  makeCluster(bin, folder)
  const server = await startCluster(bin, folder, [])
  const dirs = Array.from({ length: count }, (_, place) => join(folder, `hub-${String(place)}`))
  const hubs: (HubProcess | null)[] = dirs.map(() => null)
  const start = async (place: number): Promise<number> => {
    hubs[place] = await spawnHub(dirs[place] ?? '', server.url('postgres'))
    return Date.now()
  }
  const kill = async (places: readonly number[]): Promise<void> => {
    const victims = places.flatMap((place) => hubs[place] ?? [])
    for (const place of places) hubs[place] = null
    await Promise.all(victims.map((hub) => hub.kill()))
  }
  const close = async (): Promise<void> => {
    await kill(hubs.map((_, place) => place))
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await start(0)
    for (const dir of dirs.slice(1)) {
      mkdirSync(dir, { mode: 0o700 })
      for (const file of SHARED_FILES) copyFileSync(join(dirs[0] ?? '', file), join(dir, file))
    }
    const restart = async (): Promise<number> => {
      const missing = hubs.flatMap((hub, place) => (hub === null ? [place] : []))
      return Math.min(...(await Promise.all(missing.map(start))))
    }
    await restart()
    const token = readFileSync(join(dirs[0] ?? '', 'vendor.token'), 'utf8').trim()
    return { live: () => hubs.filter((hub) => hub !== null), token, kill, restart, close }
  } catch (error) {
    await close()
    throw error
  }
}
