import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { WitnessError } from '../errors.ts'

/**
 * Takes a lock file that names this process by pid and start time: two processes with one key and one state could cosign two
 * histories. The lock of a process that is gone is taken over. Returns how to give it back. Throws {@link WitnessError} `locked`.
 */
export function lockFolder(path: string): () => void {
  const own = `${process.pid} ${startOf(process.pid) ?? ''}`
  if (!create(path, own)) takeOver(path, own)
  return () => rmSync(path, { force: true })
}

/** Only one process at a time may take over, and only what is stale then: otherwise two could remove each other's fresh locks. */
function takeOver(path: string, own: string): void {
  const turn = `${path}.takeover`
  if (!create(turn, own))
    throw new WitnessError('locked', `another process is starting this witness; if none is, remove ${turn}`)
  try {
    const holder = read(path)
    if (isRunning(holder))
      throw new WitnessError('locked', `process ${holder.split(' ')[0] ?? ''} runs this witness already (${path})`)
    rmSync(path, { force: true })
    if (!create(path, own)) throw new WitnessError('locked', `another process started this witness just now (${path})`)
  } finally {
    rmSync(turn, { force: true })
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A lock without a pid is left over from a process that died while it wrote. */
function isRunning(holder: string): boolean {
  const [pid = '', started = ''] = holder.split(' ')
  if (!/^[1-9]\d*$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = startOf(Number(pid))
  return now === null || started === '' || now === started
}

/** Field 22 of /proc/<pid>/stat, clock ticks since boot: tells a reused pid apart. Null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
