import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runWitness } from '@sigillo/testkit/witness-process'
import { initWitness } from '@sigillo/witness/witness-folder'

/** A witness in a process of its own. */
export interface WitnessProcess {
  readonly name: string
  readonly dir: string
  readonly vkey: string
  /** Stays the same over restarts. */
  readonly url: string
  readonly pid: number
  /** `kill -9`. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Ends it for good; its folder goes too. */
  remove(): Promise<void>
}

/** Makes a witness that follows a log, and runs it. `name` is that of its key. */
export async function spawnWitness(name: string, log: string): Promise<WitnessProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'witness-process-'))
  const vkey = await initWitness(dir, { name, logs: [log] })
  let running = await runWitness(dir, '0')
  const { url } = running
  return {
    name,
    dir,
    vkey,
    url,
    get pid() {
      return running.pid
    },
    kill: () => running.kill(),
    restart: async () => {
      await running.kill()
      running = await runWitness(dir, new URL(url).port)
    },
    remove: async () => {
      await running.kill()
      rmSync(dir, { recursive: true })
    },
  }
}
