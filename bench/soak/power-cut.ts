import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import {
  type ClusterServer,
  findServerBinaries,
  giveToServer,
  makeCluster,
  startCluster,
} from '@sigillo/testkit/postgres-cluster'
import { type Acknowledged, examine, type Loss, writeUntilItEnds } from './acknowledged.ts'
import type { Drill, Outcome, Size } from './drill.ts'
import { lacksLoopDisk, type LoopDisk, makeLoopDisk } from './loop-disk.ts'

/** Goal L4 on a PostgreSQL server: the power of the disk with the database and the hub's own files is cut under load. */
export const powerCut: Drill = {
  id: 'L4',
  title: 'power cut under load, PostgreSQL',
  goal: '0 acknowledged events lost; the control without fsync loses some',
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : lacksLoopDisk()),
  run: (size, say) =>
    honestAndControl(size, say, {
      honest: (disk) => onServer(disk, ['fsync=on']),
      control: (disk) => onServer(disk, ['fsync=off', 'checkpoint_timeout=1h']),
    }),
}

/** Goal L4 on the embedded database, whose syncs are our own code; in the control, `eatmydata` swallows them. */
export const embeddedPowerCut: Drill = {
  id: 'L4',
  title: 'power cut under load, embedded database',
  goal: '0 acknowledged events lost; the control without fsync loses some',
  lacks: () => (existsSync(EATMYDATA) ? lacksLoopDisk() : `${EATMYDATA} missing (apt install eatmydata)`),
  run: (size, say) =>
    honestAndControl(size, say, {
      honest: (disk) => embedded(disk, []),
      control: (disk) => embedded(disk, [EATMYDATA]),
    }),
}

const EATMYDATA = '/usr/bin/eatmydata'

/** A hub on a disk: started once for each power cut. */
interface Scene {
  /** Null when what the cut left cannot be started on. */
  start(): Promise<HubProcess | null>
  /** Ends everything that has files on the disk. */
  kill(): Promise<void>
  /** Removes what it had beside the disk. */
  remove(): void
}

type MakeScene = (disk: LoopDisk) => Scene

async function honestAndControl(
  size: Size,
  say: (line: string) => void,
  { honest, control }: Readonly<Record<'honest' | 'control', MakeScene>>,
): Promise<Outcome> {
  const rounds = size === 'full' ? 100 : 4
  const { acknowledged, lost, doubled, inconsistent } = await cuts(rounds, honest, say)
  const without = await cuts(size === 'full' ? 5 : 2, control, say)
  return {
    passed: lost + doubled + inconsistent === 0 && acknowledged > rounds && without.lost > 0,
    figures: {
      'power cuts': rounds,
      acknowledged,
      lost,
      doubled,
      inconsistent,
      'lost by the control': `${String(without.lost)} of ${String(without.acknowledged)}`,
    },
  }
}

function onServer(disk: LoopDisk, settings: readonly string[]): Scene {
  const bin = findServerBinaries() ?? ''
  const folder = join(disk.path, 'postgres')
  const sockets = mkdtempSync('/tmp/sigillo-soak-')
  mkdirSync(folder)
  makeCluster(bin, folder)
  giveToServer(sockets)
  // The cluster is made without syncing; what is tried here begins when it is on the disk.
  execFileSync('sync')
  let server: ClusterServer | null = null
  let hub: HubProcess | null = null
  return {
    start: async () => {
      server = await startCluster(bin, folder, settings, sockets).catch(() => null)
      hub = server === null ? null : await spawnHub(dataDirOn(disk), server.url('postgres')).catch(() => null)
      return hub
    },
    kill: async () => {
      await Promise.all([server?.kill(), hub?.kill()])
    },
    remove: () => rmSync(sockets, { recursive: true, force: true }),
  }
}

function embedded(disk: LoopDisk, through: readonly string[]): Scene {
  let hub: HubProcess | null = null
  return {
    start: async () => (hub = await spawnHub(dataDirOn(disk), null, through).catch(() => null)),
    kill: async () => void (await hub?.kill()),
    remove: () => {},
  }
}

const dataDirOn = (disk: LoopDisk): string => join(disk.path, 'hub')

interface Totals {
  readonly acknowledged: number
  lost: number
  doubled: number
  inconsistent: number
}

async function cuts(rounds: number, make: MakeScene, say: (line: string) => void): Promise<Totals> {
  const disk = makeLoopDisk(600)
  const acknowledged: Acknowledged = new Map()
  const totals = { lost: 0, doubled: 0, inconsistent: 0 }
  let scene: Scene | null = null
  try {
    scene = make(disk)
    for (let round = 0; round <= rounds; round++) {
      const loss = await cutOnce(scene, disk, round === rounds ? null : `r${String(round)}`, acknowledged)
      if (loss === 'unusable') {
        // Without syncing the database itself may not survive; then all of it is lost.
        totals.lost = acknowledged.size
        totals.inconsistent++
        break
      }
      totals.lost = Math.max(totals.lost, loss.lost)
      totals.doubled = Math.max(totals.doubled, loss.doubled)
      totals.inconsistent += loss.consistent ? 0 : 1
      if (round % 10 === 9) say(`${String(round + 1)} of ${String(rounds)} cuts, ${String(acknowledged.size)} events`)
    }
    return { acknowledged: acknowledged.size, ...totals }
  } finally {
    scene?.remove()
    disk.remove()
  }
}

/** Starts what is on the disk, examines it, and unless `prefix` is null writes until the power is cut. */
async function cutOnce(
  scene: Scene,
  disk: LoopDisk,
  prefix: string | null,
  acknowledged: Acknowledged,
): Promise<Loss | 'unusable'> {
  const hub = await scene.start()
  if (hub === null) {
    await scene.kill()
    return 'unusable'
  }
  const address = { url: hub.url, token: readFileSync(join(dataDirOn(disk), 'vendor.token'), 'utf8').trim() }
  const loss = await examine(address, hub.logKey, acknowledged)
  const writing = prefix === null ? null : writeUntilItEnds(address, prefix, acknowledged)
  if (writing !== null) {
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800))
    disk.cutPower()
  }
  await scene.kill()
  await writing
  if (writing !== null) disk.powerUp()
  return loss
}
