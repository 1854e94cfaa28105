import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    if (holder !== null && holder !== 'absent' && isAlive(holder)) {
      throw new DeskError(
        'vault-locked',
        `the vault is in use by process ${holder.pid}; wait for it to end (lock file ${path})`,
      )
    }
    takeOver(path, own)
  }
  return () => {
    rmSync(path, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly started: string
}

/** The lock appears whole or not at all: a lock that is read while it is still empty would look like one whose process is gone. */
function tryCreate(path: string, content: string): boolean {
  const whole = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(whole, content, { flag: 'wx', mode: 0o600 })
    publish(whole, path, content)
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw new DeskError(
      'not-writable',
      `cannot create the lock file ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  } finally {
    rmSync(whole, { force: true })
  }
}

/** Some file systems have no hard links; there the lock appears in two steps. */
function publish(whole: string, path: string, content: string): void {
  try {
    linkSync(whole, path)
  } catch (cause) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(cause))) throw cause
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

/**
 * Replaces a lock whose process is gone. A second lock lets one process do so at a time: between looking at a lock and removing it, another process could
 * have replaced it.
 */
function takeOver(path: string, own: string): void {
  const guard = `${path}.takeover`
  const busy = new DeskError('vault-locked', `the vault was taken by another process just now (lock file ${path})`)
  if (!tryCreate(guard, own)) {
    if (isLeft(guard)) rmSync(guard, { force: true })
    throw busy
  }
  try {
    // Given back meanwhile, it may be anybody's again in the next instant: only what is certainly left behind is removed.
    if (isLeft(path)) rmSync(path, { force: true })
    if (!tryCreate(path, own)) throw busy
  } finally {
    rmSync(guard, { force: true })
  }
}

/** True for a lock that is there and whose process is gone. */
function isLeft(path: string): boolean {
  const holder = readHolder(path)
  return holder !== 'absent' && (holder === null || !isAlive(holder))
}

/** Who holds a lock; null when the file names nobody. */
function readHolder(path: string): Holder | null | 'absent' {
  try {
    const [pid = '', started = ''] = readFileSync(path, 'utf8').split(' ')
    return /^\d+$/.test(pid) ? { pid: Number(pid), started } : null
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? 'absent' : null
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
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
