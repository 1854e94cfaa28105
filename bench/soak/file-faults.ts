import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type VendorClient, vendorClient } from '@sigillo/api/client'
import { ApiError } from '@sigillo/api/errors'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { type SignerProcess, spawnSigner } from '@sigillo/testkit/signer-process'
import { runWitness } from '@sigillo/testkit/witness-process'
import { formatSubmission } from '@sigillo/tlog/add-checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { createMemoryLog } from '@sigillo/tlog/memory-log'
import { initWitness } from '@sigillo/witness/witness-folder'
import { type Acknowledged, examine } from './acknowledged.ts'
import type { Drill, Outcome, Size } from './drill.ts'
import {
  DATABASE_FAULTS,
  databaseThread,
  type Fault,
  FILE_FAULTS,
  fileThread,
  inject,
  lacksStrace,
  ONE_FILE_THREAD,
} from './strace.ts'

const ORIGIN = 'log.example/early'
const GOAL = 'every call fails once, each failure is told, nothing acknowledged is lost, and work goes on'

/** Goal L11 at the witness's state file. */
export const witnessFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, witness',
  goal: GOAL,
  lacks: lacksStrace,
  run: async (size) => await each(faultsOf(size, FILE_FAULTS), faultAtWitness),
}

/** Goal L11 at the hub's high-water file, the only file that it writes for an event. */
export const hubFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, hub',
  goal: GOAL,
  lacks: lacksServer,
  run: async (size) =>
    await onServer(async (folder, url) => {
      const scene = sceneIn(join(folder, 'hub'))
      return await each(faultsOf(size, FILE_FAULTS), async (fault) => {
        const hub = await spawnHub(scene.dataDir, url, ONE_FILE_THREAD)
        const seen = await faultAtHub(hub, scene, {
          threadOf: () => fileThread(hub.child.pid ?? 0),
          fault,
          folder: scene.dataDir,
        })
        return await afterRestart(seen, scene, () => spawnHub(scene.dataDir, url))
      })
    }),
}

/** Goal L11 at the signer's high-water file, seen from its hub. */
export const signerFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, signer',
  goal: GOAL,
  lacks: lacksServer,
  run: async (size) =>
    await onServer(async (folder, url) => {
      const scene = sceneIn(join(folder, 'hub'))
      const [own, socket] = [join(folder, 'signer'), join(folder, 'sockets', 'signer')]
      return await each(faultsOf(size, FILE_FAULTS), async (fault) => {
        const startHub = (): Promise<HubProcess> => spawnHub(scene.dataDir, url, [], socket)
        const seen = await withSigner(own, socket, ONE_FILE_THREAD, async ({ child }) =>
          faultAtHub(await startHub(), scene, { threadOf: () => fileThread(child.pid ?? 0), fault, folder: own }),
        )
        return await withSigner(own, socket, [], () => afterRestart(seen, scene, startHub))
      })
    }),
}

/** Goal L11 at the files of the embedded database. Its thread ends at a failing disk, so work goes on after a restart only. */
export const embeddedFaults: Drill = {
  id: 'L11',
  title: 'failing file calls, embedded database',
  goal: GOAL,
  lacks: lacksStrace,
  run: async (size) => {
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    const scene = sceneIn(join(folder, 'hub'))
    try {
      return await each(faultsOf(size, DATABASE_FAULTS), async (fault) => {
        const hub = await spawnHub(scene.dataDir, null)
        const db = join(scene.dataDir, 'db')
        const seen = await faultAtHub(hub, scene, {
          threadOf: () => databaseThread(hub.child.pid ?? 0),
          fault,
          folder: db,
        })
        return await afterRestart({ ...seen, after: true }, scene, () => spawnHub(scene.dataDir, null))
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** What came of one fault. */
interface Seen {
  readonly injected: boolean
  /** Whether the request that met it was refused with a word about it. */
  readonly told: boolean
  /** Whether something acknowledged was lost, or work did not go on. */
  readonly broken: boolean
}

function lacksServer(): string | null {
  return findServerBinaries() === null ? 'no PostgreSQL server' : lacksStrace()
}

function faultsOf(size: Size, all: readonly Fault[]): readonly Fault[] {
  return size === 'full' ? all : all.filter(({ error }) => error === 'EIO')
}

/** A fault that met no call shows nothing, and one that nobody was told of was swallowed: both fail the drill. */
async function each(faults: readonly Fault[], strike: (fault: Fault) => Promise<Seen>): Promise<Outcome> {
  const counts = { faults: faults.length, injected: 0, told: 0, broken: 0 }
  const wrong: string[] = []
  for (const fault of faults) {
    const { injected, told, broken } = await strike(fault)
    if (injected) counts.injected++
    if (told) counts.told++
    if (broken) counts.broken++
    if (!injected || !told || broken) wrong.push(`${nameOf(fault)} ${JSON.stringify({ injected, told, broken })}`)
  }
  return {
    passed: wrong.length === 0,
    figures: { ...counts, ...(wrong.length === 0 ? {} : { wrong: wrong.join('; ') }) },
  }
}

function nameOf({ call, error, when }: Fault): string {
  return `${call}-${error}-${String(when)}`
}

async function onServer(use: (folder: string, url: string) => Promise<Outcome>): Promise<Outcome> {
  const bin = findServerBinaries() ?? ''
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  makeCluster(bin, folder)
  const server = await startCluster(bin, folder, [])
  try {
    return await use(folder, server.url('postgres'))
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
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
    let witness = await runWitness(join(dir, 'w'), '0', ONE_FILE_THREAD)
    const before = await grow(witness.url, 7, 0)
    const strace = await inject(fileThread(witness.pid), fault, join(dir, 'w'))
    const during = await grow(witness.url, 5, 7)
    const injected = await strace.stop()
    await witness.kill()
    witness = await runWitness(join(dir, 'w'), '0')
    const kept = await sizeAt(witness.url, ORIGIN)
    const after = await grow(witness.url, 3, kept)
    await witness.kill()
    // A cosignature that left must be remembered; otherwise the old state or the new one.
    const forgot = during === 200 ? kept !== 12 : kept !== 7 && kept !== 12
    return { injected, told: during === 503, broken: before !== 200 || forgot || after !== 200 }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function sizeAt(url: string, origin: string): Promise<number> {
  const hash = createHash('sha256').update(origin).digest('hex')
  const text = await (await fetch(`${url}/${hash}/checkpoint`)).text()
  return Number(text.split('\n')[1])
}

/** A hub's folder, and what its hubs answered for. */
interface Scene {
  readonly dataDir: string
  readonly acknowledged: Acknowledged
}

function sceneIn(dataDir: string): Scene {
  return { dataDir, acknowledged: new Map() }
}

/** A fault, the thread that meets it, and the folder of the file that it is about. */
interface Struck {
  readonly threadOf: () => number
  readonly fault: Fault
  readonly folder: string
}

interface SeenRunning {
  readonly injected: boolean
  readonly told: boolean
  readonly before: boolean
  readonly after: boolean
}

/** Commits an event before, during and after a fault, and ends the hub. */
async function faultAtHub(hub: HubProcess, scene: Scene, { threadOf, fault, folder }: Struck): Promise<SeenRunning> {
  try {
    const vendor = vendorClient(hub.url, tokenOf(scene))
    const name = nameOf(fault)
    const before = await commit(vendor, `${name}-before`, scene)
    const strace = await inject(threadOf(), fault, folder)
    const during = await commit(vendor, `${name}-during`, scene)
    const injected = await strace.stop()
    const after = await commit(vendor, `${name}-after`, scene)
    return { injected, told: during === 'told', before: before === 'done', after: after === 'done' }
  } finally {
    await hub.kill()
  }
}

async function withSigner<T>(
  dir: string,
  socket: string,
  through: readonly string[],
  use: (signer: SignerProcess) => Promise<T>,
): Promise<T> {
  const signer = await spawnSigner(dir, socket, through)
  try {
    return await use(signer)
  } finally {
    await signer.kill()
  }
}

/** Looks for everything that was acknowledged at a hub that was started again, which must take more. */
async function afterRestart(
  { injected, told, before, after }: SeenRunning,
  scene: Scene,
  start: () => Promise<HubProcess>,
): Promise<Seen> {
  const hub = await start()
  try {
    const token = tokenOf(scene)
    const again = await commit(vendorClient(hub.url, token), `again-${String(scene.acknowledged.size)}`, scene)
    const loss = await examine({ url: hub.url, token }, hub.logKey, scene.acknowledged)
    const lost = loss.lost + loss.doubled > 0 || !loss.consistent
    return { injected, told, broken: !before || !after || again !== 'done' || lost }
  } finally {
    await hub.kill()
  }
}

/** `told`: refused, because the log cannot be written or signed; `silent`: anything else, such as no answer. */
async function commit(
  vendor: VendorClient,
  subject: string,
  { acknowledged }: Scene,
): Promise<'done' | 'told' | 'silent'> {
  try {
    const [event] = await vendor.commit([{ type: 'leak.reported', stream: 'admin', subject, data: {} }])
    if (event === undefined) return 'silent'
    acknowledged.set(event.index, subject)
    return 'done'
  } catch (error) {
    return error instanceof ApiError && error.code === 'log-unavailable' ? 'told' : 'silent'
  }
}

function tokenOf({ dataDir }: Scene): string {
  return readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim()
}
