import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const SIGHUP_BIT = 1n

let dir: string
let outer: ChildProcess
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'first-'))
})
afterEach(() => {
  outer.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

/** Runs `sigillo ARGS` as process 1 of a space of its own, as a container does; gives its number here. */
async function asProcessOne(...args: readonly string[]): Promise<{ pid: number; ended: Promise<number | null> }> {
  outer = spawn(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--pid',
      '--fork',
      '--kill-child',
      process.execPath,
      '--conditions=@sigillo/source',
      MAIN,
      ...args,
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise<number | null>((resolve) => outer.once('exit', (code) => resolve(code)))
  await new Promise((resolve) => outer.once('spawn', resolve))
  const of = String(outer.pid)
  return { pid: Number(await until(() => readFileSync(`/proc/${of}/task/${of}/children`, 'utf8').trim())), ended }
}

/** Waits until this gives something other than ''. */
async function until(look: () => string): Promise<string> {
  for (;;) {
    const seen = look()
    if (seen !== '') return seen
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Whether a process has a handler for SIGHUP, which the hub has from its first step on. */
function hearsHangups(pid: number): boolean {
  const caught = /^SigCgt:\s*(\S+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${caught}`) & SIGHUP_BIT) !== 0n
}

test('a hub that is process 1 and still waits for its signer ends at SIGTERM', async () => {
  const { pid, ended } = await asProcessOne(
    'hub',
    '--data',
    join(dir, 'hub'),
    '--port',
    '0',
    '--signer',
    join(dir, 'none'),
  )
  await until(() => (hearsHangups(pid) ? 'yes' : ''))
  process.kill(pid, 'SIGTERM')
  // Without a handler it would go on, find no signer after 10 s and end with status 2.
  expect(await ended).toBe(143)
}, 30_000)
