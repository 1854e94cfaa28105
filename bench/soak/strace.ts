import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** One system call that is made to fail. */
export interface Fault {
  readonly call: string
  /** Name of the error, such as `EIO`. */
  readonly error: string
  /** Which call after the injection began fails, from 1. */
  readonly when: number
}

/** The calls by which a small file is replaced durably, each failing as a worn-out or full disk makes it. */
export const FILE_FAULTS: readonly Fault[] = [
  ...faults('openat', ['EIO', 'ENOSPC', 'EMFILE'], 2),
  ...faults('fsync', ['EIO', 'ENOSPC'], 2),
  ...faults('rename', ['EIO', 'ENOSPC'], 1),
  ...faults('close', ['EIO'], 2),
]

/** What is missing for injecting faults, or null. */
export function lacksStrace(): string | null {
  return existsSync('/usr/bin/strace') ? null : 'strace missing (apt install strace)'
}

/** Attaches to all threads of a process and makes a call fail; resolves when it is attached. `stop` detaches and leaves the process as it is. */
export async function inject(pid: number, fault: Fault): Promise<{ stop(): Promise<boolean> }> {
  const { call, error, when } = fault
  const what = `inject=${call}:error=${error}:when=${String(when)}`
  const child = spawn('strace', ['-f', '-p', String(pid), '-e', `trace=${call}`, '-e', what])
  let report = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      report += chunk.toString()
      if (report.includes('attached')) resolve()
    })
    child.once('exit', () => reject(new Error(`strace did not attach: ${report.slice(0, 200)}`)))
  })
  return {
    /** Whether the fault was injected at all. */
    stop: async () => {
      await end(child)
      return report.includes('(INJECTED)')
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGINT')
  await ended
}

function faults(call: string, errors: readonly string[], upTo: number): Fault[] {
  return errors.flatMap((error) => Array.from({ length: upTo }, (_, i) => ({ call, error, when: i + 1 })))
}
