import { type ChildProcess, spawn } from 'node:child_process'

const program = `
import { startHub } from ${JSON.stringify(new URL('../../packages/hub/src/start-hub.ts', import.meta.url).href)}
const [dataDir, databaseUrl, signer] = process.argv.slice(1)
const hub = await startHub({
  dataDir, origin: 'hub.example/log', ...(databaseUrl ? { databaseUrl } : {}), ...(signer ? { signer } : {}),
})
console.log(JSON.stringify({ url: hub.url, logKey: hub.logKey }))`

/** A hub in a process of its own, so that it can be killed in the middle of anything. */
export interface HubProcess {
  readonly child: ChildProcess
  readonly url: string
  readonly logKey: string
  /** Ends it without warning and waits until it is gone. */
  kill(): Promise<void>
}

/**
 * Starts a hub in a process of its own: over `databaseUrl`, or over its embedded database when that is null. `through` is a program
 * and its arguments that run it, such as `faketime`; `signer` is the socket of the process that holds its log key. Rejects with the first line that the process writes to stderr instead.
 */
export async function spawnHub(
  dataDir: string,
  databaseUrl: string | null,
  through: readonly string[] = [],
  signer: string | null = null,
): Promise<HubProcess> {
  const own = [process.execPath, '--conditions=@sigillo/source', '--input-type=module', '-e', program, dataDir]
  const [command, ...args] = [...through, ...own, databaseUrl ?? '', signer ?? '']
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.stderr.once('data', (chunk: Buffer) => reject(new Error(chunk.toString())))
    child.once('exit', (code) => reject(new Error(`the hub ended with ${String(code)} before it answered`)))
  })
  const { url, logKey }: { url: string; logKey: string } = JSON.parse(line)
  return { child, url, logKey, kill: async () => (child.kill('SIGKILL'), await ended) }
}
