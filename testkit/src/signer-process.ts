import { type ChildProcess, spawn } from 'node:child_process'

const program = `
import { randomBytes } from 'node:crypto'
import { serveSigner } from ${JSON.stringify(new URL('../../packages/hub/src/signer/serve-signer.ts', import.meta.url).href)}
const [dataDir, socket] = process.argv.slice(1)
const signer = await serveSigner({ dataDir, socket, origin: 'hub.example/log', random: (length) => randomBytes(length) })
console.log(JSON.stringify(signer.keys))`

/** The signer of `hub.example/log` in a process of its own, so that it can be killed in the middle of anything. */
export interface SignerProcess {
  readonly child: ChildProcess
  /** Verifier keys that sign. */
  readonly keys: readonly string[]
  /** Ends it without warning and waits until it is gone. */
  kill(): Promise<void>
}

/**
 * Starts one on a folder and a socket. `through` is a program and its arguments that run it, such as `env`. Rejects with the first line that the
 * process writes to stderr instead.
 */
export async function spawnSigner(
  dataDir: string,
  socket: string,
  through: readonly string[] = [],
): Promise<SignerProcess> {
  const own = ['--conditions=@sigillo/source', '--input-type=module', '-e', program, dataDir, socket]
  const [command = '', ...args] = [...through, process.execPath, ...own]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.stderr.once('data', (chunk: Buffer) => reject(new Error(chunk.toString())))
    child.once('exit', (code) => reject(new Error(`the signer ended with ${String(code)} before it answered`)))
  })
  const keys: readonly string[] = JSON.parse(line)
  return { child, keys, kill: async () => (child.kill('SIGKILL'), await ended) }
}
