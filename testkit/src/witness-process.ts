import { spawn } from 'node:child_process'

const main = new URL('../../packages/witness/src/main.ts', import.meta.url).pathname

/** A witness in a process of its own. */
export interface WitnessProcess {
  readonly url: string
  readonly pid: number
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>
}

/**
 * Runs the witness of folder `dir`, which must be made already. `port` 0 is any free one. `through` is a program and its arguments
 * that run it, such as `strace`. Rejects with what the process said when it does not start.
 */
export async function runWitness(dir: string, port: string, through: readonly string[] = []): Promise<WitnessProcess> {
  const own = [process.execPath, '--conditions=@sigillo/source', main, 'run', dir, '--port', port]
  const [command = '', ...args] = [...through, ...own]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const text = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', () => reject(new Error(`the witness did not start: ${errors}`)))
  })
  const [url = ''] = text.split(' ')
  return { url, pid: child.pid ?? 0, kill: async () => (child.kill('SIGKILL'), await ended) }
}
