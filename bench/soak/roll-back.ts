import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { HIGH_WATER_FILE } from '@sigillo/hub/log/high-water'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { findServerBinaries } from '@sigillo/testkit/postgres-cluster'
import { initWitness, STATE_FILE } from '@sigillo/witness/witness-folder'
import { startWitness } from '@sigillo/witness/start-witness'
import type { Drill, Outcome } from './drill.ts'
import { type Backups, embeddedBackups, type Place, serverBackups } from './roll-back-scene.ts'

const ORIGIN = 'hub.example/log'
const GOAL = 'refuses to sign in every trial, and signs nothing; the newer database is welcome again'

/**
 * Goal L5: a database restored from an older backup, on a PostgreSQL server with `pg_basebackup`. In every other trial the whole machine
 * is restored, high-water file and all, so that only the witness remembers the newer tree.
 */
export const rollBack: Drill = {
  id: 'L5',
  title: 'restored backup, PostgreSQL',
  goal: GOAL,
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: (size) => trials(size === 'full' ? 50 : 10, serverBackups),
}

/** Goal L5 on the embedded database, whose backup is a copy of the stopped hub's folder. */
export const embeddedRollBack: Drill = {
  id: 'L5',
  title: 'restored backup, embedded database',
  goal: GOAL,
  lacks: () => null,
  run: (size) => trials(size === 'full' ? 50 : 3, embeddedBackups),
}

async function trials(count: number, open: (folder: string) => Promise<Backups>): Promise<Outcome> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const backups = await open(folder)
  const counts = { refused: 0, silent: 0, continued: 0 }
  try {
    for (let trial = 0; trial < count; trial++) {
      const seen = await restoreOnce(backups, join(folder, String(trial)), trial)
      counts.refused += seen.isRefused ? 1 : 0
      counts.silent += seen.signedNothing ? 1 : 0
      counts.continued += seen.hasContinued ? 1 : 0
    }
  } finally {
    await backups.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    passed: Object.values(counts).every((each) => each === count),
    figures: {
      trials: count,
      refused: counts.refused,
      'nothing signed': counts.silent,
      'newer one continued': counts.continued,
    },
  }
}

interface Seen {
  /** The older database was refused, with the reason. */
  readonly isRefused: boolean
  /** Its checkpoint, the mark of what was signed last and the witness's memory are what they were. */
  readonly signedNothing: boolean
  /** The newer one was then taken again, with the same checkpoint as before. */
  readonly hasContinued: boolean
}

async function restoreOnce(backups: Backups, folder: string, trial: number): Promise<Seen> {
  const live: Place = { dataDir: join(folder, 'hub'), ...(await backups.makeDatabase(`live_${String(trial)}`)) }
  const witness = await witnessOf(join(folder, 'witness'), live.dataDir)
  const start = (place: Place): Promise<Hub> => startHub({ ...place, origin: ORIGIN, witnesses: witness.policy })
  try {
    await commitSome(await start(live), live.dataDir, 1 + (trial % 5))
    const backup = await backups.backUp(live, join(folder, 'backup'))
    const newest = await commitSome(await start(live), live.dataDir, 1 + (trial % 7))
    const remembered = await backups.restore(backup, live, trial % 2 === 1)
    const before = await signedIn(backups, remembered, folder)
    const isRefused = await start(remembered).then(
      (hub) => hub.stop().then(() => false),
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'log-rolled-back',
    )
    const signedNothing = (await signedIn(backups, remembered, folder)) === before
    await backups.discard(remembered)
    const again = await commitSome(await start(live), live.dataDir, 0)
    return { isRefused, signedNothing, hasContinued: treeOf(again) === treeOf(newest) }
  } finally {
    await witness.stop()
    await backups.dropDatabase(`live_${String(trial)}`)
  }
}

const treeOf = (checkpoint: string): string => checkpoint.split('\n').slice(0, 3).join()

/** Everything that a signature leaves a trace in. */
async function signedIn(backups: Backups, place: Place, folder: string): Promise<string> {
  const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')
  const checkpoint = await backups.checkpointOf(place)
  return JSON.stringify([checkpoint, read(place.dataDir, HIGH_WATER_FILE), read(folder, 'witness', STATE_FILE)])
}

/** Commits, waits for the witness, stops the hub; the checkpoint that was shown last. */
async function commitSome(hub: Hub, dataDir: string, events: number): Promise<string> {
  try {
    const vendor = vendorClient(hub.url, readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim())
    for (let i = 0; i < events; i++)
      await vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: `s-${String(i)}`, data: {} }])
    return await vendor.checkpoint(5000)
  } finally {
    await hub.stop()
  }
}

async function witnessOf(folder: string, dataDir: string): Promise<{ readonly policy: string; stop(): Promise<void> }> {
  mkdirSync(dataDir, { recursive: true })
  const { vkey } = await loadLogKey(dataDir, ORIGIN, (length) => randomBytes(length))
  await initWitness(folder, { name: 'lab.example/w', logs: [vkey] })
  const witness = await startWitness({ dir: folder })
  return {
    policy: `witness lab ${witness.vkey} ${witness.url}\nquorum lab\n`,
    stop: () => witness.stop(),
  }
}
