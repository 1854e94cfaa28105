import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initWitness } from '@sigillo/witness/witness-folder'

const main = new URL('../../witness/src/main.ts', import.meta.url).pathname

/** A witness in a process of its own. */
export interface WitnessProcess {
  readonly name: string
  readonly dir: string
  readonly vkey: string
  /** Stays the same over restarts. */
  readonly url: string
  /** `kill -9`. */
  kill(): Promise<void>
  restart(): Promise<void>
}

/** Makes a witness that follows a log, and runs it. `name` is that of its key. */
export async function spawnWitness(name: string, log: string): Promise<WitnessProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'witness-process-'))
  const vkey = await initWitness(dir, { name, logs: [log] })
  let running = await run(dir, '0')
  const { url } = running
  return {
    name,
    dir,
    vkey,
    url,
    kill: () => running.kill(),
    restart: async () => {
      await running.kill()
      running = await run(dir, new URL(url).port)
    },
  }
}

async function run(dir: string, port: string): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const args = ['--conditions=@sigillo/source', main, 'run', dir, '--port', port]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const text = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', () => reject(new Error(`the witness did not start: ${errors}`)))
  })
  const [url = ''] = text.split(' ')
  return { url, kill: async () => (child.kill('SIGKILL'), await ended) }
}
