import { spawn } from 'node:child_process'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** One file to lay out. */
interface TestFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** How one run of an artefact's own test ended. */
export interface TestRun {
  readonly passed: boolean
  /** For a run that failed: how it ended and the last line it said. */
  readonly why: string
}

/** Seconds a run may take unless the caller says otherwise. */
export const TEST_SECONDS = 60
const KEPT_OUTPUT = 4000

/**
 * Lays a copy out in a new temporary folder and runs the author's test there, by `/bin/sh -c`. `{}` in the command stands for the folder's
 * path; without it the path is the last argument. Exit status 0 is a pass. Afterwards the folder is gone, and so is every process that the
 * command left in its own process group.
 *
 * @param seconds after which the run is ended and has failed
 */
export async function runTest(command: string, files: readonly TestFile[], seconds: number): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'sigillo-copy-'))
  try {
    for (const file of files) {
      const path = join(folder, file.path)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(path, file.bytes, { mode: 0o700 })
    }
    return await runOn(command, folder, folder, seconds)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * Runs a command on a file or folder, by `/bin/sh -c` in `cwd`. `{}` in it stands for `path`; without it the path is the last argument. No process of its group outlives it.
 *
 * @param seconds after which the run is ended and has failed
 */
export function runOn(command: string, path: string, cwd: string, seconds: number): Promise<TestRun> {
  const script = command.includes('{}') ? command.replaceAll('{}', '"$1"') : `${command} "$1"`
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script, 'sigillo-test', path], {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let late = false
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = setTimeout(() => {
      late = true
      endGroup(child.pid)
    }, seconds * 1000)
    child.once('error', reject)
    // What the command started in the background would otherwise hold the pipes open.
    child.once('exit', () => endGroup(child.pid))
    child.once('close', (status) => {
      clearTimeout(timer)
      resolve({ passed: status === 0 && !late, why: late ? `no end after ${seconds} s` : ending(status, output) })
    })
  })
}

function ending(status: number | null, output: string): string {
  const said = output.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? ''
  const how = status === null ? 'ended by a signal' : `exit ${status}`
  return said === '' ? how : `${how}: ${said}`
}

/** Ends a process group; one that has ended already is fine. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error
  }
}
