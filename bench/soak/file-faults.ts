import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { runWitness } from '@sigillo/testkit/witness-process'
import { formatSubmission } from '@sigillo/tlog/add-checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { createMemoryLog } from '@sigillo/tlog/memory-log'
import { initWitness } from '@sigillo/witness/witness-folder'
import { type Acknowledged, examine } from './acknowledged.ts'
import type { Drill, Outcome, Size } from './drill.ts'
import { type Fault, FILE_FAULTS, inject, lacksStrace } from './strace.ts'

const ORIGIN = 'log.example/early'
const GOAL = 'after every failing call: nothing acknowledged is lost, the error is told, and work goes on'

/** Goal L11 at the witness's state file. */
export const witnessFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, witness',
  goal: GOAL,
  lacks: lacksStrace,
  run: async (size) => {
    const seen: Seen[] = []
    for (const fault of faultsOf(size)) seen.push(await faultAtWitness(fault))
    return summary(seen)
  },
}

/** Goal L11 at the hub's high-water file, the only file that it writes for an event. */
export const hubFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, hub',
  goal: GOAL,
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : lacksStrace()),
  run: async (size) => {
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, [])
    const dataDir = join(folder, 'hub')
    const acknowledged: Acknowledged = new Map()
    const seen: Seen[] = []
    try {
      for (const fault of faultsOf(size))
        seen.push(await faultAtHub(fault, dataDir, server.url('postgres'), acknowledged))
      return summary(seen)
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Seen {
  readonly injected: boolean
  readonly refused: boolean
  readonly broken: boolean
}

function faultsOf(size: Size): readonly Fault[] {
  return size === 'full' ? FILE_FAULTS : FILE_FAULTS.filter(({ error }) => error === 'EIO')
}

/** A fault that met no call shows nothing; at least half must have met one, and at least one must have been refused. */
function summary(seen: readonly Seen[]): Outcome {
  const count = (of: keyof Seen): number => seen.filter((one) => one[of]).length
  const figures = {
    faults: seen.length,
    injected: count('injected'),
    refused: count('refused'),
    broken: count('broken'),
  }
  const { injected, refused, broken } = figures
  return { passed: broken === 0 && refused > 0 && injected >= seen.length / 2, figures }
}

async function faultAtWitness(fault: Fault): Promise<Seen> {
  const dir = mkdtempSync('/tmp/sigillo-soak-')
  const key = generateNoteKey(ORIGIN)
  const log = createMemoryLog(noteSigner(key.secret))
  const grow = async (url: string, leaves: number, oldSize: number): Promise<number | null> => {
    log.append(Array.from({ length: leaves }, (_, i) => utf8(`leaf ${String(log.size() + i)}`)))
    const proof = oldSize === 0 ? [] : await log.consistency(oldSize)
    const body = new Uint8Array(formatSubmission({ oldSize, proof, checkpoint: await log.checkpoint() }))
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body }).catch(() => null)
    return response?.status ?? null
  }
  try {
    await initWitness(join(dir, 'w'), { name: 'witness.example/w', logs: [key.vkey] })
    let witness = await runWitness(join(dir, 'w'), '0')
    const before = await grow(witness.url, 7, 0)
    const strace = await inject(witness.pid, fault)
    const during = await grow(witness.url, 5, 7)
    const injected = await strace.stop()
    await witness.kill()
    witness = await runWitness(join(dir, 'w'), '0')
    const kept = await sizeAt(witness.url, ORIGIN)
    const after = await grow(witness.url, 3, kept)
    await witness.kill()
    // A cosignature that left must be remembered; otherwise the old state or the new one.
    const forgot = during === 200 ? kept !== 12 : kept !== 7 && kept !== 12
    const broken = before !== 200 || forgot || after !== 200 || (during !== 200 && during !== 503)
    return { injected, refused: during === 503, broken }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function sizeAt(url: string, origin: string): Promise<number> {
  const hash = createHash('sha256').update(origin).digest('hex')
  const text = await (await fetch(`${url}/${hash}/checkpoint`)).text()
  return Number(text.split('\n')[1])
}

async function faultAtHub(
  fault: Fault,
  dataDir: string,
  databaseUrl: string,
  acknowledged: Acknowledged,
): Promise<Seen> {
  const hub = await spawnHub(dataDir, databaseUrl)
  const token = readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim()
  const vendor = vendorClient(hub.url, token)
  const commit = async (subject: string): Promise<boolean> => {
    const committed = await vendor
      .commit([{ type: 'leak.reported', stream: 'admin', subject, data: {} }])
      .catch(() => null)
    if (committed?.[0] !== undefined) acknowledged.set(committed[0].index, subject)
    return committed !== null
  }
  const name = `${fault.call}-${fault.error}-${String(fault.when)}`
  const before = await commit(`${name}-before`)
  const strace = await inject(hub.child.pid ?? 0, fault)
  const during = await commit(`${name}-during`)
  const injected = await strace.stop()
  const after = await commit(`${name}-after`)
  await hub.kill()
  const again = await spawnHub(dataDir, databaseUrl)
  const loss = await examine({ url: again.url, token }, again.logKey, acknowledged)
  await again.kill()
  const broken = !before || !after || loss.lost + loss.doubled > 0 || !loss.consistent
  return { injected, refused: !during, broken }
}
