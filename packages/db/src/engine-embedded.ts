import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { takeDataDirLock } from './data-dir-lock.ts'
import type { Engine } from './engine.ts'
import { DbError } from './errors.ts'
import type { WorkerInput, WorkerMessage } from './internal/embedded-worker.ts'
import { openPool } from './internal/pool.ts'
import { startRegularCheckpoints } from './internal/regular-checkpoints.ts'
import { codeOf } from '@sigillo/seal/error-code'
import { reasonOf } from './internal/reason.ts'
import { shredEmbedded } from './internal/shred.ts'

/** The PGlite release that cached templates belong to; a test compares it with the installed one. */
export const PGLITE_VERSION = '0.5.14'

/** Name that a `pg` client gives the socket of port 5432 in a folder. */
const SOCKET_NAME = '.s.PGSQL.5432'
/** `sun_path` holds 108 bytes on Linux, the last of them a zero. */
const LONGEST_SOCKET_PATH = 107

/**
 * Opens the embedded PostgreSQL (PGlite) in `dataDir/db`, making it at the first start. It runs on a thread of its own behind a
 * Unix socket in a private temporary folder; commits reach the disk before they are answered.
 *
 * There is one connection, as PGlite has one session: a query on `db` inside a transaction waits for that transaction, so
 * everything inside one must use its `tx`.
 *
 * Throws {@link DbError} `locked` (second process on the folder), `bad-data-dir`, `engine-failed`.
 */
export async function openEmbedded(options: {
  readonly dataDir: string
  /** Folder for the cached fresh cluster, default `$XDG_CACHE_HOME/sigillo`; null switches the cache off. */
  readonly templateDir?: string | null
  /** Milliseconds between looks at the WAL, which a checkpoint cuts short when it has grown; default 2,000. */
  readonly checkpointEveryMs?: number
}): Promise<Engine> {
  const dataDir = resolve(options.dataDir)
  makeDataDir(dataDir)
  const lock = takeDataDirLock(dataDir)
  let socketDir: string | undefined
  try {
    socketDir = makeSocketDir()
    const templateDir = options.templateDir === undefined ? defaultTemplateDir() : options.templateDir
    const thread = startThread({
      dbDir: join(dataDir, 'db'),
      socketPath: join(socketDir, SOCKET_NAME),
      templatePath: templateDir === null ? null : join(templateDir, `pglite-${PGLITE_VERSION}-v1.tar.zst`),
    })
    await thread.ready.catch((error: unknown) => {
      const line = `the embedded database in ${dataDir} did not start: ${reasonOf(error)}`
      throw new DbError('engine-failed', line, { cause: error })
    })
    return joinEngine(thread, socketDir, lock, options.checkpointEveryMs)
  } catch (error) {
    if (socketDir !== undefined) rmSync(socketDir, { recursive: true, force: true })
    lock.release()
    throw error
  }
}

function joinEngine(
  thread: EngineThread,
  socketDir: string,
  lock: { release(): void },
  checkpointEveryMs?: number,
): Engine {
  const { pool, db } = openPool(
    {
      host: socketDir,
      user: 'postgres',
      database: 'postgres',
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 60_000,
    },
    () => undefined,
  )
  const stopCheckpoints = startRegularCheckpoints(db, checkpointEveryMs)
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    try {
      await stopCheckpoints()
      await pool.end()
      await thread.stop()
    } finally {
      rmSync(socketDir, { recursive: true, force: true })
      lock.release()
    }
  }
  return {
    kind: 'embedded',
    db,
    failed: thread.failed,
    shred: (tables) => shredEmbedded(db, tables),
    close: () => (closed ??= close()),
  }
}

interface EngineThread {
  /** Resolves when the socket listens; rejects when the engine cannot start. */
  readonly ready: Promise<void>
  /** Resolves with the reason when the thread ends without being asked to. */
  readonly failed: Promise<Error>
  stop(): Promise<void>
}

function startThread(input: WorkerInput): EngineThread {
  // The same file beside this one, as source or as built output.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = new URL(`./internal/embedded-worker.${extension}`, import.meta.url)
  // The thread needs none of the flags this process was started with, and some (`--input-type`) would stop it.
  const worker = new Worker(entry, { workerData: input, execArgv: [] })
  let stopping = false
  let reason: Error | undefined
  const up = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<Error>()
  const ended = Promise.withResolvers<void>()
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'ready') up.resolve()
    if (message.type === 'failed') reason ??= new Error(message.reason)
  })
  worker.on('error', (error) => {
    reason ??= error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', () => {
    const error = new DbError('engine-failed', `the embedded database stopped: ${reason?.message ?? 'unknown reason'}`)
    up.reject(reason ?? error)
    if (!stopping) failed.resolve(error)
    ended.resolve()
  })
  up.promise.catch(() => undefined)
  const stop = async (): Promise<void> => {
    stopping = true
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    worker.postMessage('stop')
    await ended.promise
  }
  return { ready: up.promise, failed: failed.promise, stop }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (!statSync(dataDir).isDirectory()) throw new Error('it is not a folder')
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = codeOf(error) === 'EEXIST' ? 'it is not a folder' : reasonOf(error)
    throw new DbError('bad-data-dir', `cannot use ${dataDir} as data folder: ${reason}`, { cause: error })
  }
}

/** A folder that only we can enter, whose socket path fits the system's limit. */
function makeSocketDir(): string {
  const candidates = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp']
  for (const base of candidates) {
    if (base === undefined || Buffer.byteLength(join(base, 'sigillo-XXXXXX', SOCKET_NAME)) > LONGEST_SOCKET_PATH)
      continue
    try {
      return mkdtempSync(join(base, 'sigillo-'))
    } catch {
      // Not writable: try the next.
    }
  }
  throw new DbError('bad-data-dir', 'no temporary folder with a short enough path for a socket; set TMPDIR to one')
}

function defaultTemplateDir(): string {
  const cache = process.env['XDG_CACHE_HOME']
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'sigillo')
}
