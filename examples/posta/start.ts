import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A running Posta and the canary that lies in its restricted folder. */
export interface RunningPosta {
  readonly port: number
  readonly canary: string
  /** Ends the process and waits for it; may be called twice. */
  stop(): Promise<void>
}

export interface PostaOptions {
  /** Without the flaw. Default false. */
  readonly patched?: boolean
  /** File that gets one JSON line per request. */
  readonly log?: string
}

const START_LIMIT_MS = 30_000

/** Starts Posta on a free port of 127.0.0.1 with a fresh canary. Rejects with an Error when it does not come up. */
export async function startPosta({ patched = false, log }: PostaOptions = {}): Promise<RunningPosta> {
  const canary = `posta canary ${randomBytes(6).toString('hex')}`
  const script = fileURLToPath(new URL('server.ts', import.meta.url))
  const flags = [
    '--port',
    '0',
    '--canary',
    canary,
    '--attached',
    ...(patched ? ['--patched'] : []),
    ...(log === undefined ? [] : ['--log', log]),
  ]
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  try {
    return { port: await listeningPort(child), canary, stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS)
  try {
    if (child.stdout === null) throw new Error('posta has no output')
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /^posta listening on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1]
      if (port !== undefined) return Number(port)
    }
  } finally {
    clearTimeout(timer)
  }
  throw new Error('posta ended before it listened: it needs Node 22.18 or later')
}
