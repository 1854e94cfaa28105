// The thread that runs PGlite: a query then never holds the event loop of the hub. It imports nothing of ours outside this
// folder, so that it starts under any loader and without the source condition.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { DurableNodeFS } from './durable-node-fs.ts'
import { buildTemplate, readTemplate, storeTemplate } from './template.ts'

/** What the main thread gives. */
export interface WorkerInput {
  readonly dbDir: string
  readonly socketPath: string
  /** Where a fresh cluster is cached between first starts; null builds it anew each time. */
  readonly templatePath: string | null
}

/** What the thread says: up, going down on request, or broken. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: string }

const input: WorkerInput = workerData

function say(message: WorkerMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort?.postMessage(message)
}

/** Ends the thread at once: no answer may leave after a failed sync. In a worker, `process.exit` ends only the worker. */
function stopOnDiskFailure(error: Error): never {
  say({ type: 'failed', reason: `the disk refused a write: ${error.message}` })
  process.exit(1)
}

/**
 * Recompiling PGlite's largest function for speed takes half a gigabyte for a moment, in every start: measured 684 MiB at the peak with it, 141
 * without. It costs speed: about a fifth of the events a second, a fifth to a third of counts and scans, little of what reads one row (figures and
 * how to measure: docs/soak-figures.md). V8 has no such switch for one module, so this holds for all WebAssembly of the process.
 */
function keepCompilerSmall(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}

/** PostgreSQL's default of 128 MiB of shared buffers lies beside the system's own cache, and makes the memory of the module grow. */
const SHARED_BUFFERS = '16MB'

function startParams(): string[] {
  const params = PGlite.defaultStartParams.filter((param) => param !== '-F')
  return [
    ...params,
    '-c',
    'wal_sync_method=fsync',
    '-c',
    'max_wal_size=256MB',
    '-c',
    `shared_buffers=${SHARED_BUFFERS}`,
  ]
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Opens the cluster, making it first if there is none. A marker beside the folder exists exactly while it is being made: a
 * folder found together with its marker was interrupted before anything was acknowledged, and is made again.
 */
async function openCluster(): Promise<{ pg: PGlite; fresh: Uint8Array<ArrayBuffer> | null }> {
  const marker = `${input.dbDir}.creating`
  if (existsSync(marker)) rmSync(input.dbDir, { recursive: true, force: true })
  const options = { startParams: startParams() }
  if (existsSync(join(input.dbDir, 'PG_VERSION'))) {
    const pg = await PGlite.create({ ...options, fs: new DurableNodeFS(input.dbDir, stopOnDiskFailure) })
    return { pg, fresh: null }
  }
  const cached = input.templatePath === null ? null : await readTemplate(input.templatePath)
  const tar = cached ?? (await buildTemplate())
  closeSync(openSync(marker, 'w', 0o600))
  syncFolder(dirname(marker))
  mkdirSync(input.dbDir, { recursive: true, mode: 0o700 })
  const pg = await PGlite.create({
    ...options,
    fs: new DurableNodeFS(input.dbDir, stopOnDiskFailure),
    loadDataDir: new Blob([tar]),
  })
  rmSync(marker)
  syncFolder(dirname(marker))
  return { pg, fresh: cached === null ? tar : null }
}

async function main(): Promise<void> {
  const { pg, fresh } = await openCluster()
  const server = new PGLiteSocketServer({ db: pg, path: input.socketPath, maxConnections: 2 })
  await server.start()
  say({ type: 'ready' })
  const stored = fresh === null || input.templatePath === null ? null : storeTemplate(input.templatePath, fresh)
  await new Promise<void>((resolve) => parentPort?.once('message', () => resolve()))
  await stored
  await server.stop()
  await pg.close()
  say({ type: 'stopped' })
}

keepCompilerSmall()
try {
  await main()
} catch (error) {
  say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}
process.exit(0)
