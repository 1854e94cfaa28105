import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf } from './error-code.ts'
import { isDeserted, openDoor, removeDoor } from './internal/lock-door.ts'

/** Who holds a data folder. `started` is the process's start time in clock ticks since boot, null where /proc is missing. */
interface Holder {
  readonly pid: number
  readonly started: string | null
  readonly boot: string | null
  readonly host: string
  /** Where `pid` counts, as containers count their own; null where /proc is missing. */
  readonly space: string | null
  /** Whether the lock has a door, which shows from everywhere on this machine whether the holder lives. */
  readonly door: boolean
  /** Makes two locks of one process differ. */
  readonly nonce: string
}

/** A folder that is this process's until it gives it back. */
export interface FolderLock {
  readonly release: () => void
}

/** What is locked. */
export interface FolderLockOptions {
  /** Name of the lock file inside the folder. */
  readonly file: string
  /** Makes what is thrown out of a line that says who has the folder and what to do. */
  readonly refusal: (message: string) => Error
}

/**
 * Takes a folder for this process; a second taker (another process, or this one again) gets the refusal.
 * The lock of a process that ended without giving it back is recognised by pid, start time and boot and is taken over;
 * from within another container, where the pid means another process or none, by its door, on which nobody listens any more.
 * A lock from another machine is never taken over: whether that machine still runs cannot be known from here.
 */
export function takeFolderLock(folder: string, options: FolderLockOptions): FolderLock {
  const path = join(folder, options.file)
  const nonce = randomBytes(8).toString('hex')
  const door = openDoor(folder, nonce)
  const mine: Holder = { ...identify(process.pid), door: door.isOpen, nonce }
  const release = (): void => {
    releaseIfMine(path, mine)
    door.close()
  }
  const draft = `${path}.${mine.nonce}`
  let isTaken = false
  try {
    // Synced before it gets its name: else a power cut leaves a lock that says nothing, and nothing starts by itself.
    writeFileSync(draft, `${JSON.stringify(mine)}\n`, { mode: 0o600, flag: 'wx', flush: true })
    for (let attempt = 0; attempt < 3; attempt++) {
      isTaken = tryLink(draft, path)
      if (isTaken) return { release }
      removeIfStale({ path, folder, mine, refusal: options.refusal })
    }
  } finally {
    rmSync(draft, { force: true })
    if (!isTaken) door.close()
  }
  throw options.refusal(`${folder} is being taken by another process at this moment; try again`)
}

/** One try to take a folder over. */
interface Taking {
  readonly path: string
  readonly folder: string
  readonly mine: Holder
  readonly refusal: (message: string) => Error
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Throws the refusal when the holder lives; moves the file away when it is stale. */
function removeIfStale(taking: Taking): void {
  const { path, folder, mine, refusal } = taking
  const seen = readHolder(path)
  if (seen === 'gone') return
  if (seen === 'unreadable') {
    throw refusal(`${path} is not a lock of ours; if no process uses ${folder}, delete that file and try again`)
  }
  refuseWhileAlive(seen, taking)
  // Rename decides between several processes that all saw the stale file: only one gets it.
  const aside = `${path}.stale-${mine.nonce}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  // Somebody faster had already put a new lock there: give it back.
  if (typeof moved === 'object' && moved.nonce !== seen.nonce) tryLink(aside, path)
  else if (seen.door) removeDoor(folder, seen.nonce)
  rmSync(aside, { force: true })
}

/** Throws the refusal unless it is certain that the holder ended. */
function refuseWhileAlive(seen: Holder, { path, folder, mine, refusal }: Taking): void {
  const number = String(seen.pid)
  if (seen.host !== mine.host)
    throw refusal(
      `${folder} is in use on machine ${seen.host} (process ${number}); if it is not, delete ${path} and try again`,
    )
  if (seen.boot === mine.boot && seen.space !== null && seen.space !== mine.space) {
    if (!seen.door || !isDeserted(folder, seen.nonce))
      throw refusal(
        `${folder} is in use by a process of another container (number ${number} there); if it is not, delete ${path} and try again`,
      )
  } else if (isAlive(seen)) {
    throw refusal(
      `${folder} is already in use by process ${number}; stop it first, two processes on one folder destroy what it holds`,
    )
  }
}

function releaseIfMine(path: string, mine: Holder): void {
  const seen = readHolder(path)
  if (typeof seen === 'object' && seen.nonce === mine.nonce) rmSync(path, { force: true })
}

function readHolder(path: string): Holder | 'gone' | 'unreadable' {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : 'unreadable'
  }
  return shortHolder(text) ?? holderIn(text) ?? 'unreadable'
}

/** Pid and start time: witnesses wrote no more than this once. */
function shortHolder(text: string): Holder | null {
  const [, pid, started = ''] = /^([1-9]\d*) (\d*)$/.exec(text) ?? []
  if (pid === undefined) return null
  const unsaid = { boot: null, space: null, door: false, nonce: '' }
  return { ...unsaid, pid: Number(pid), started: started === '' ? null : started, host: hostname() }
}

function holderIn(text: string): Holder | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const object = value
  const field = (name: keyof Holder): unknown => Reflect.get(object, name)
  const [pid, host, nonce] = [field('pid'), field('host'), field('nonce')]
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof nonce !== 'string') return null
  return {
    pid,
    host,
    nonce,
    started: textOrNull(field('started')),
    boot: textOrNull(field('boot')),
    space: textOrNull(field('space')),
    door: field('door') === true && /^[0-9a-f]+$/.test(nonce),
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function isAlive(holder: Holder): boolean {
  const now = identify(holder.pid)
  if (holder.boot !== null && now.boot !== null && holder.boot !== now.boot) return false
  if (holder.started !== null && now.boot !== null) return now.started === holder.started
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function identify(pid: number): Omit<Holder, 'nonce' | 'door'> {
  return {
    pid,
    started: readStartTime(pid),
    boot: readText('/proc/sys/kernel/random/boot_id'),
    host: hostname(),
    space: readSpace(),
  }
}

/** Field 22 of /proc/PID/stat; the second field may hold spaces and brackets, so count from its last bracket. */
function readStartTime(pid: number): string | null {
  const stat = readText(`/proc/${String(pid)}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** The kernel's name for what this process's numbers count in. */
function readSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return null
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
