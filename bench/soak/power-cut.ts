import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, giveToServer, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { type Acknowledged, examine, type Loss, writeUntilItEnds } from './acknowledged.ts'
import type { Drill } from './drill.ts'
import { lacksLoopDisk, type LoopDisk, makeLoopDisk } from './loop-disk.ts'

/** Goal L4: the power of the disk with the database and the hub's own files is cut under load. */
export const powerCut: Drill = {
  id: 'L4',
  title: 'power cut under load',
  goal: '0 acknowledged events lost; the control without fsync loses some',
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : lacksLoopDisk()),
  run: async (size, say) => {
    const rounds = size === 'full' ? 100 : 4
    const honest = await cuts(rounds, ['fsync=on'], say)
    const control = await cuts(size === 'full' ? 5 : 2, ['fsync=off', 'checkpoint_timeout=1h'], say)
    const { acknowledged, lost, doubled, inconsistent } = honest
    return {
      passed: lost + doubled + inconsistent === 0 && acknowledged > rounds && control.lost > 0,
      figures: {
        'power cuts': rounds,
        acknowledged,
        lost,
        doubled,
        inconsistent,
        'lost by the control': `${String(control.lost)} of ${String(control.acknowledged)}`,
      },
    }
  },
}

interface Totals {
  readonly acknowledged: number
  lost: number
  doubled: number
  inconsistent: number
}

async function cuts(rounds: number, settings: readonly string[], say: (line: string) => void): Promise<Totals> {
  const bin = findServerBinaries() ?? ''
  const disk = makeLoopDisk(600)
  const sockets = mkdtempSync('/tmp/sigillo-soak-')
  const acknowledged: Acknowledged = new Map()
  const totals = { lost: 0, doubled: 0, inconsistent: 0 }
  try {
    prepare(bin, disk, sockets)
    for (let round = 0; round <= rounds; round++) {
      const loss = await cutOnce(
        { bin, disk, sockets, settings, last: round === rounds },
        `r${String(round)}`,
        acknowledged,
      )
      if (loss === 'unusable') {
        // Without fsync the cluster itself may not survive; then all of it is lost.
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
    disk.remove()
    rmSync(sockets, { recursive: true, force: true })
  }
}

function prepare(bin: string, disk: LoopDisk, sockets: string): void {
  const folder = join(disk.path, 'postgres')
  mkdirSync(folder)
  makeCluster(bin, folder)
  mkdirSync(join(disk.path, 'hub'))
  giveToServer(sockets)
  // The cluster is made without syncing; what is tried here begins when it is on the disk.
  execFileSync('sync')
}

interface Setting {
  readonly bin: string
  readonly disk: LoopDisk
  readonly sockets: string
  readonly settings: readonly string[]
  readonly last: boolean
}

async function cutOnce(setting: Setting, prefix: string, acknowledged: Acknowledged): Promise<Loss | 'unusable'> {
  const { bin, disk, sockets, settings } = setting
  const dataDir = join(disk.path, 'hub')
  const server = await startCluster(bin, join(disk.path, 'postgres'), settings, sockets).catch(() => null)
  if (server === null) return 'unusable'
  const hub = await spawnHub(dataDir, server.url('postgres')).catch(() => null)
  if (hub === null) {
    await server.kill()
    return 'unusable'
  }
  const address = { url: hub.url, token: readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim() }
  const loss = await examine(address, hub.logKey, acknowledged)
  const writing = setting.last ? null : writeUntilItEnds(address, prefix, acknowledged)
  if (writing !== null) {
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800))
    disk.cutPower()
  }
  await Promise.all([server.kill(), hub.kill()])
  await writing
  if (writing !== null) disk.powerUp()
  return loss
}
