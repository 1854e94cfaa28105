import { PassThrough, Writable } from 'node:stream'
import type { Io } from './io.ts'
import { run } from './run.ts'

/** Runs a command in this process and keeps what it says. */
export async function runHere(args: readonly string[], change: Partial<Io> = {}) {
  const texts = { stdout: '', stderr: '' }
  const into = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({ write: (chunk: Buffer, _, done) => ((texts[name] += chunk.toString()), done()) })
  const io: Io = {
    stdout: into('stdout'),
    stderr: into('stderr'),
    stdin: new PassThrough(),
    env: {},
    interactive: false,
    now: () => new Date(),
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
    randomness: 'system',
    ...change,
  }
  return { status: await run(args, io), ...texts }
}
