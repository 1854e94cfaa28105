import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** One system call that is made to fail. */
export interface Fault {
  readonly call: string
  /** Name of the error, such as `EIO`. */
  readonly error: string
  /** Which of these calls of the thread fails, counted from 1 when the injection begins. */
  readonly when: number
}

/**
 * The calls by which a small file is replaced durably, each failing as a worn-out or full disk makes it. The first `write` of the thread is the
 * one that tells the event loop that the draft is open; the second is the draft's.
 */
export const FILE_FAULTS: readonly Fault[] = [
  ...faults('openat', ['EIO', 'ENOSPC', 'EMFILE'], [1, 2]),
  ...faults('write', ['EIO', 'ENOSPC'], [2]),
  ...faults('fsync', ['EIO', 'ENOSPC'], [1, 2]),
  ...faults('rename', ['EIO', 'ENOSPC'], [1]),
  ...faults('close', ['EIO'], [1, 2]),
]

/** The calls by which the embedded database puts a commit on disk. */
export const DATABASE_FAULTS: readonly Fault[] = [
  ...faults('pwrite64', ['EIO', 'ENOSPC'], [1, 2]),
  ...faults('fsync', ['EIO', 'ENOSPC'], [1]),
]

/**
 * Runs a program so that all of its file calls but those of a database thread come from one thread, in the order in which they are asked for:
 * `strace` counts calls for each thread.
 */
export const ONE_FILE_THREAD: readonly string[] = ['env', 'UV_THREADPOOL_SIZE=1']

/** What is missing for injecting faults, or null. */
export function lacksStrace(): string | null {
  return existsSync('/usr/bin/strace') ? null : 'strace missing (apt install strace)'
}

/** The thread that does the file calls of a process under {@link ONE_FILE_THREAD}. */
export function fileThread(pid: number): number {
  return threadNamed(pid, 'libuv-worker')
}

/** The thread of the embedded database: the only worker of a hub. */
export function databaseThread(pid: number): number {
  return threadNamed(pid, 'WorkerThread')
}

/**
 * Attaches to one thread and makes one of its calls fail. Resolves when it is attached. `stop` detaches, leaves the process as it is, and says
 * whether the call that failed was one on a file below `folder`.
 */
export async function inject(
  thread: number,
  { call, error, when }: Fault,
  folder: string,
): Promise<{ stop(): Promise<boolean> }> {
  const what = `inject=${call}:error=${error}:when=${String(when)}`
  const child = spawn('strace', ['-y', '-p', String(thread), '-e', `trace=${call}`, '-e', what])
  let report = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      report += chunk.toString()
      if (report.includes('attached')) resolve()
    })
    child.once('exit', () => reject(new Error(`strace did not attach: ${report.slice(0, 200)}`)))
  })
  return {
    stop: async () => {
      await end(child)
      return report.split('\n').some((line) => line.includes('(INJECTED)') && line.includes(folder))
    },
  }
}

function threadNamed(pid: number, name: string): number {
  const tasks = `/proc/${String(pid)}/task`
  const found = readdirSync(tasks).filter((tid) => readFileSync(`${tasks}/${tid}/comm`, 'utf8').trim() === name)
  const [tid] = found
  if (tid === undefined || found.length > 1) throw new Error(`${String(found.length)} threads are called ${name}`)
  return Number(tid)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGINT')
  await ended
}

function faults(call: string, errors: readonly string[], when: readonly number[]): Fault[] {
  return errors.flatMap((error) => when.map((at) => ({ call, error, when: at })))
}
