import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { findServerBinaries, makeCluster, startCluster, withClient } from '@sigillo/testkit/postgres-cluster'
import { initWitness } from '@sigillo/witness/witness-folder'
import { startWitness } from '@sigillo/witness/start-witness'
import type { Drill } from './drill.ts'

const ORIGIN = 'hub.example/log'

/**
 * Goal L5: a database restored from an older backup. In every other trial the whole machine is restored, high-water file and all, so
 * that only the witness remembers the newer tree.
 */
export const rollBack: Drill = {
  id: 'L5',
  title: 'restored backup',
  goal: 'refuses to sign in every trial; the newer database is welcome again',
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: async (size) => {
    const trials = size === 'full' ? 50 : 6
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, [])
    try {
      const counts = { refused: 0, continued: 0 }
      for (let trial = 0; trial < trials; trial++) {
        const seen = await restoreOnce(join(folder, String(trial)), (name) => server.url(name), trial)
        counts.refused += seen.refused ? 1 : 0
        counts.continued += seen.continued ? 1 : 0
      }
      return {
        passed: counts.refused === trials && counts.continued === trials,
        figures: { trials, refused: counts.refused, 'newer one continued': counts.continued },
      }
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Seen {
  /** The older database was refused, with the reason. */
  readonly refused: boolean
  /** The newer one was then taken again, with the same checkpoint as before. */
  readonly continued: boolean
}

async function restoreOnce(folder: string, url: (database: string) => string, trial: number): Promise<Seen> {
  const names = { live: `live_${String(trial)}`, backup: `backup_${String(trial)}`, kept: `kept_${String(trial)}` }
  const wholeMachine = trial % 2 === 1
  const dataDir = join(folder, 'hub')
  const admin = (statement: string): Promise<unknown> =>
    withClient(url('postgres'), (client) => client.query(statement))
  await admin(`create database ${names.live}`)
  const witness = await witnessOf(join(folder, 'witness'), dataDir)
  const start = (): Promise<Hub> =>
    startHub({ dataDir, origin: ORIGIN, databaseUrl: url(names.live), witnesses: witness.policy })
  try {
    await commitSome(await start(), dataDir, 1 + (trial % 5))
    await admin(`create database ${names.backup} template ${names.live}`)
    cpSync(dataDir, join(folder, 'hub-backup'), { recursive: true })
    const newest = await commitSome(await start(), dataDir, 1 + (trial % 7))
    await admin(`alter database ${names.live} rename to ${names.kept}`)
    await admin(`alter database ${names.backup} rename to ${names.live}`)
    cpSync(dataDir, join(folder, 'hub-newest'), { recursive: true })
    if (wholeMachine) restoreFolder(join(folder, 'hub-backup'), dataDir)
    const refused = await start().then(
      (hub) => hub.stop().then(() => false),
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'log-rolled-back',
    )
    await admin(`drop database ${names.live}`)
    await admin(`alter database ${names.kept} rename to ${names.live}`)
    restoreFolder(join(folder, 'hub-newest'), dataDir)
    const again = await commitSome(await start(), dataDir, 0)
    return { refused, continued: again.split('\n').slice(0, 3).join() === newest.split('\n').slice(0, 3).join() }
  } finally {
    await witness.stop()
    await admin(`drop database if exists ${names.live}`)
  }
}

function restoreFolder(from: string, to: string): void {
  rmSync(to, { recursive: true })
  cpSync(from, to, { recursive: true })
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
