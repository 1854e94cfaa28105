import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that serves until it is stopped. */
export interface Serving {
  /** The JSON that it printed once it listened. */
  readonly said: Readonly<Record<string, string>>
  /** SIGTERM; waits for its end. */
  readonly stop: () => Promise<Ended>
}

/** Runs `sigillo` in processes of its own, from source, with these variables beside one's own. */
export interface Processes {
  /** Runs a command to its end. */
  readonly run: (...args: readonly string[]) => Promise<Ended>
  /** Starts a command with `--json` that serves. Rejects with what it said when it ends instead. */
  readonly serve: (...args: readonly string[]) => Promise<Serving>
  /** Ends everything that still runs, at once. */
  readonly killAll: () => void
}

export function openProcesses(env: Readonly<Record<string, string>> = {}): Processes {
  const children = new Set<ChildProcess>()
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, ...args], {
      env: { ...process.env, DATABASE_URL: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString('utf8')))
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (status) => {
        children.delete(child)
        resolve({ status, ...said })
      })
    })
    return { child, ended }
  }
  return {
    run: (...args) => start(args).ended,
    serve: async (...args) => {
      const { child, ended } = start([...args, '--json'])
      const said = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
        child.stdout.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString('utf8'))))
        void ended.then(({ stderr }) => reject(new Error(`sigillo ${args.join(' ')} ended: ${stderr}`)))
      })
      return { said, stop: () => (child.kill('SIGTERM'), ended) }
    },
    killAll: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}
