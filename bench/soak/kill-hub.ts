import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { spawnSigner } from '@sigillo/testkit/signer-process'
import {
  type ClusterServer,
  findServerBinaries,
  makeCluster,
  startCluster,
  withClient,
} from '@sigillo/testkit/postgres-cluster'
import { type Acknowledged, examine, writeUntilItEnds } from './acknowledged.ts'
import type { Drill, Outcome } from './drill.ts'

type Victim = 'hub' | 'signer' | 'backend' | 'postmaster'

/** Goal L3 on a PostgreSQL server: the hub, its signer, one of the server's processes or the whole server is killed at any instant. */
export const killHub: Drill = {
  id: 'L3',
  title: 'killed under load, PostgreSQL',
  goal: '0 acknowledged events lost, 0 doubled, 0 inconsistent trees; recovery within 5 s',
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: async (size, say) => {
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    makeCluster(bin, folder)
    const dataDir = join(folder, 'hub')
    let server = await startCluster(bin, folder, [])
    const database = server.url('postgres')
    const signer = await startSigner(folder)
    try {
      const outcome = await rounds(size === 'full' ? 500 : 12, say, {
        victims: ['hub', 'signer', 'backend', 'postmaster'],
        start: () => spawnHub(dataDir, database, [], signer.socket),
        token: () => readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim(),
        kill: async (victim, hub) => {
          if (victim === 'signer') await signer.killAndRestart()
          if (victim === 'postmaster') server = await killServer(bin, folder, server)
          if (victim === 'backend') await killBackend(database)
          await hub.kill()
        },
      })
      return outcome
    } finally {
      await signer.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Goal L3 on the embedded database, which lives and dies with the hub; its signer does not. */
export const killEmbeddedHub: Drill = {
  id: 'L3',
  title: 'killed under load, embedded database',
  goal: '0 acknowledged events lost, 0 doubled, 0 inconsistent trees; recovery within 5 s',
  lacks: () => null,
  run: async (size, say) => {
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    const dataDir = join(folder, 'hub')
    const signer = await startSigner(folder)
    try {
      return await rounds(size === 'full' ? 100 : 6, say, {
        victims: ['hub', 'signer'],
        start: () => spawnHub(dataDir, null, [], signer.socket),
        token: () => readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim(),
        kill: async (victim, hub) => {
          if (victim === 'signer') await signer.killAndRestart()
          await hub.kill()
        },
      })
    } finally {
      await signer.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Scene {
  /** Whose turn it is, round after round. */
  readonly victims: readonly Victim[]
  readonly start: () => Promise<HubProcess>
  readonly token: () => string
  /** Ends the victim at once, and the hub with it. */
  readonly kill: (victim: Victim, hub: HubProcess) => Promise<void>
}

async function rounds(count: number, say: (line: string) => void, scene: Scene): Promise<Outcome> {
  const acknowledged: Acknowledged = new Map()
  const totals = { lost: 0, doubled: 0, inconsistent: 0, slowest: 0, start: 0, check: 0 }
  let checked = -1
  for (let round = 0; round <= count; round++) {
    const from = performance.now()
    const hub = await scene.start()
    const started = performance.now()
    const address = { url: hub.url, token: scene.token() }
    const recent = await examine(address, hub.logKey, acknowledged, checked)
    if (round > 0) slower(totals, { from, started, until: performance.now() })
    checked = recent.events - 1
    // All rounds are examined once more at the end, which is no part of a recovery.
    const loss = round === count ? await examine(address, hub.logKey, acknowledged) : recent
    totals.lost += loss.lost
    totals.doubled += loss.doubled
    totals.inconsistent += loss.consistent ? 0 : 1
    if (round === count) {
      await hub.kill()
      break
    }
    const writing = writeUntilItEnds(address, `r${String(round)}`, acknowledged)
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 700))
    await scene.kill(scene.victims[round % scene.victims.length] ?? 'hub', hub)
    await writing
    if (round % 25 === 24) say(`${String(round + 1)} of ${String(count)} rounds, ${String(acknowledged.size)} events`)
  }
  const { lost, doubled, inconsistent, slowest, start, check } = totals
  return {
    passed: lost + doubled + inconsistent === 0 && acknowledged.size > count && slowest <= 5000,
    figures: {
      rounds: count,
      acknowledged: acknowledged.size,
      lost,
      doubled,
      inconsistent,
      'slowest recovery, s': seconds(slowest),
      'slowest start, s': seconds(start),
      'slowest check of the tree, s': seconds(check),
    },
  }
}

/** A recovery is a hub's start and a check of all that it holds; the slowest of each counts. In milliseconds. */
function slower(
  totals: { slowest: number; start: number; check: number },
  { from, started, until }: Readonly<Record<'from' | 'started' | 'until', number>>,
): void {
  totals.slowest = Math.max(totals.slowest, until - from)
  totals.start = Math.max(totals.start, started - from)
  totals.check = Math.max(totals.check, until - started)
}

const seconds = (milliseconds: number): number => Number((milliseconds / 1000).toFixed(1))

interface KilledSigner {
  readonly socket: string
  /** Killed under load; the hub stays without it for a moment. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

async function startSigner(folder: string): Promise<KilledSigner> {
  const dataDir = join(folder, 'signer')
  const socket = join(folder, 'run', 'socket')
  let signer = await spawnSigner(dataDir, socket)
  return {
    socket,
    killAndRestart: async () => {
      await signer.kill()
      await new Promise((resolve) => setTimeout(resolve, 100))
      signer = await spawnSigner(dataDir, socket)
    },
    stop: () => signer.kill(),
  }
}

async function killServer(bin: string, folder: string, server: ClusterServer): Promise<ClusterServer> {
  await server.kill()
  // The orphaned backends hold shared memory for a moment; the next postmaster waits for none of them, so it is asked again.
  for (let attempt = 0; ; attempt++) {
    try {
      return await startCluster(bin, folder, [])
    } catch (error) {
      if (attempt >= 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** Kills one busy backend, after which the server restarts all of them. */
async function killBackend(database: string): Promise<void> {
  await withClient(database, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = 'postgres' and pid <> pg_backend_pid()
       order by (state = 'active') desc limit 1`,
    )
    const pid = rows[0]?.pid
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }).catch(() => undefined)
  await waitForServer(database)
}

async function waitForServer(database: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await withClient(database, (client) => client.query('select 1'))
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
