import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FolderLock, takeFolderLock } from './folder-lock.ts'

let dir: string
const containers: ChildProcess[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => {
  for (const child of containers.splice(0)) child.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
class Locked extends Error {}
const LOCK_FILE = 'lock.json'
const takeLock = (folder: string): FolderLock =>
  takeFolderLock(folder, { file: LOCK_FILE, refusal: (message) => new Locked(message) })
const lockFile = (): string => join(dir, LOCK_FILE)
const writeLock = (holder: object): void => writeFileSync(lockFile(), JSON.stringify(holder))

function refusal(): Locked {
  try {
    takeLock(dir)
  } catch (error) {
    if (error instanceof Locked) return error
    throw error
  }
  throw new Error('the lock was given')
}

/** A process that runs until it is killed, and its start time as the kernel tells it. */
async function sleeper(): Promise<{ pid: number; started: string; end(): Promise<void> }> {
  const child = spawn('sleep', ['600'])
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise((resolve) => child.once('spawn', resolve))
  const pid = child.pid ?? 0
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return { pid, started, end: async () => (child.kill('SIGKILL'), await ended) }
}

/** Takes the folder in a container's own space of process numbers and keeps it until killed; gives what it said. */
async function takeInContainer(folder: string): Promise<{ said: string; kill(): Promise<void> }> {
  const module = fileURLToPath(new URL('./folder-lock.ts', import.meta.url))
  const code = `import { takeFolderLock } from ${JSON.stringify(module)}
    setInterval(() => undefined, 60_000)
    const options = { file: ${JSON.stringify(LOCK_FILE)}, refusal: (message) => new Error(message) }
    try { takeFolderLock(${JSON.stringify(folder)}, options); console.log('taken') } catch (error) { console.log(error.message) }`
  const space = ['--user', '--map-root-user', '--pid', '--mount-proc', '--fork', '--kill-child']
  const child = spawn('unshare', [...space, process.execPath, '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  containers.push(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    child.once('error', reject)
    void ended.then(() => reject(new Error('it ended without a word')))
  })
  return { said, kill: async () => (child.kill('SIGKILL'), await ended) }
}

describe('the lock of a data folder', () => {
  test('is given once, and again after it was released', () => {
    const lock = takeLock(dir)
    expect(refusal()).toMatchObject({
      message: expect.stringContaining(`process ${String(process.pid)}`),
    })
    lock.release()
    takeLock(dir).release()
    expect(readdirSync(dir)).toEqual([])
  })

  test('is refused while another process lives that holds it', async () => {
    const other = await sleeper()
    writeLock({ pid: other.pid, started: other.started, boot: bootId(), host: hostname(), nonce: 'aa' })
    expect(refusal().message).toContain(`already in use by process ${String(other.pid)}`)
    await other.end()
    takeLock(dir).release()
  })

  test('is taken over when the holder ended and its number was given to another process', async () => {
    const other = await sleeper()
    writeLock({
      pid: other.pid,
      started: String(Number(other.started) - 1),
      boot: bootId(),
      host: hostname(),
      nonce: 'aa',
    })
    const lock = takeLock(dir)
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
    await other.end()
  })

  test('is taken over after a reboot, even when the same number runs again', () => {
    writeLock({ pid: process.pid, started: '1', boot: 'another-boot', host: hostname(), nonce: 'aa' })
    takeLock(dir).release()
  })

  test('as witnesses once wrote it, pid and start time, is taken over when that process is gone, and only then', async () => {
    const other = await sleeper()
    writeFileSync(lockFile(), `${String(other.pid)} ${other.started}`)
    expect(refusal().message).toContain(`already in use by process ${String(other.pid)}`)
    await other.end()
    takeLock(dir).release()
  })

  test('of another machine is never taken over', () => {
    writeLock({ pid: 1, started: '1', boot: 'b', host: 'elsewhere.example', nonce: 'aa' })
    expect(refusal().message).toContain('in use on machine elsewhere.example')
  })

  test.each(['', 'not json', 'null', '{"pid":"x"}', '[]'])(
    'that cannot be read (%j) is refused with a way out',
    (text) => {
      writeFileSync(lockFile(), text)
      expect(refusal().message).toMatch(/not a lock of ours; .* delete that file/)
    },
  )

  test('released twice or by its loser leaves the winner in place', () => {
    const first = takeLock(dir)
    first.release()
    const second = takeLock(dir)
    first.release()
    expect(refusal().message).toContain('already in use')
    second.release()
  })

  test('is refused in a container while a process outside holds it, whose number means nothing there', async () => {
    const lock = takeLock(dir)
    const other = await takeInContainer(dir)
    expect(other.said).toContain(`in use by a process of another container (number ${String(process.pid)} there)`)
    await other.kill()
    lock.release()
  })

  test('of a container is refused outside and in other containers while it lives, and taken over once it was killed', async () => {
    const holder = await takeInContainer(dir)
    expect(holder.said).toBe('taken')
    const other = await takeInContainer(dir)
    expect(other.said).toContain('in use by a process of another container (number 1 there)')
    await other.kill()
    expect(refusal().message).toContain('in use by a process of another container (number 1 there)')
    await holder.kill()
    takeLock(dir).release()
    expect(readdirSync(dir)).toEqual([])
  })

  test('of a container without a door is never taken over', () => {
    writeLock({ pid: 1, started: '1', boot: bootId(), host: hostname(), space: 'pid:[1]', nonce: 'aa' })
    expect(refusal().message).toContain('if it is not, delete')
  })

  test('has no door where its path is too long for a socket, and is given all the same', () => {
    const long = join(dir, 'a'.repeat(120))
    mkdirSync(long)
    const lock = takeLock(long)
    expect(JSON.parse(readFileSync(join(long, LOCK_FILE), 'utf8'))).toMatchObject({ door: false })
    lock.release()
    expect(readdirSync(long)).toEqual([])
  })
})
