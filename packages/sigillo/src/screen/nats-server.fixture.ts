import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { z } from 'zod'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Path of the real server (Debian's `nats-server`), or undefined. */
export const NATS_SERVER: string | undefined = [
  '/usr/sbin/nats-server',
  '/usr/bin/nats-server',
  '/usr/local/bin/nats-server',
].find((path) => existsSync(path))

/** A running server with JetStream. */
export interface NatsServer {
  readonly url: string
  addStream(name: string): Promise<void>
  publish(stream: string, message: unknown): Promise<void>
  /** What a consumer still has to give out, and what it gave out and waits for. */
  pending(stream: string, consumer: string): Promise<{ waiting: number; unacknowledged: number }>
  stop(): Promise<void>
}

export async function startNatsServer(): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-nats-'))
  const args = ['-js', '-a', '127.0.0.1', '-p', '-1', '-sd', folder, '--ports_file_dir', folder]
  const server = spawn(NATS_SERVER ?? '', args)
  const ports = join(folder, `nats-server_${server.pid ?? 0}.ports`)
  await until(() => existsSync(ports) && readFileSync(ports, 'utf8').includes('nats://'))
  const url = `nats://127.0.0.1:${/nats:\/\/[\d.]+:(\d+)/.exec(readFileSync(ports, 'utf8'))?.[1]}`
  const connection = await connect({ servers: url })
  const manager = await jetstreamManager(connection)
  return {
    url,
    addStream: async (name) => {
      await manager.streams.add({ name, subjects: [name] })
    },
    publish: async (stream, message) => {
      await jetstream(connection).publish(stream, JSON.stringify(message))
    },
    pending: async (stream, consumer) => {
      const info = await manager.consumers.info(stream, consumer)
      return { waiting: info.num_pending, unacknowledged: info.num_ack_pending }
    },
    stop: async () => {
      await connection.close()
      server.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const line = z.object({
  sample: z.string(),
  hits: z.array(z.unknown()),
  refused: z.string().optional(),
  message: z.object({ stream: z.string(), seq: z.number(), delivery: z.number() }),
})

/** A result line, and when it came. */
export type Line = z.infer<typeof line> & { readonly at: number }

/** `sigillo screen --nats` in a process of its own. */
export interface Machine {
  readonly lines: readonly Line[]
  readonly errors: () => string
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGTERM: what it is at is finished. */
  stop(): Promise<void>
}

/** A machine that has the exported index and no vault. */
export function startMachine(env: NodeJS.ProcessEnv, index: string, feed: readonly string[]): Machine {
  const args = ['--conditions=@sigillo/source', MAIN, 'screen', '--index', index, '--nats', ...feed]
  const child = spawn(process.execPath, args, {
    env: { ...env, SIGILLO_VAULT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  let text = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const whole = (text + chunk.toString('utf8')).split('\n')
    text = whole.pop() ?? ''
    for (const each of whole) lines.push({ ...line.parse(JSON.parse(each)), at: performance.now() })
  })
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = (signal: 'SIGKILL' | 'SIGTERM') => async () => {
    child.kill(signal)
    await ended
  }
  return { lines, errors: () => errors, kill: end('SIGKILL'), stop: end('SIGTERM') }
}

/** Waits for a condition, at most a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1200 && !(await condition()); round += 1) await sleep(50)
}
