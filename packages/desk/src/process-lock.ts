import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DeskError } from './errors.ts'

/**
 * Takes a lock file that holds this process's pid and start time, so that two processes never write the same data. A lock whose process is gone is taken over.
 * @returns a function that gives the lock back
 * @throws DeskError `vault-locked` naming the process that holds it
 */
export function takeLock(path: string): () => void {
  const own = `${process.pid} ${startTime(process.pid) ?? ''}`
  if (!tryCreate(path, own)) {
    const holder = readHolder(path)
    if (holder !== null && isAlive(holder)) {
      throw new DeskError(
        'vault-locked',
        `the vault is in use by process ${holder.pid}; wait for it to end (lock file ${path})`,
      )
    }
    rmSync(path, { force: true })
    if (!tryCreate(path, own))
      throw new DeskError('vault-locked', `the vault was taken by another process just now (lock file ${path})`)
  }
  return () => {
    rmSync(path, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly started: string
}

function tryCreate(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw new DeskError(
      'not-writable',
      `cannot create the lock file ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

function readHolder(path: string): Holder | null {
  try {
    const [pid = '', started = ''] = readFileSync(path, 'utf8').split(' ')
    return /^\d+$/.test(pid) ? { pid: Number(pid), started } : null
  } catch {
    return null
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
  const now = startTime(pid)
  return now === null || started === '' || now === started
}

/** Field 22 of /proc/<pid>/stat (clock ticks since boot), which tells a reused pid apart; null where there is no /proc. */
function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
