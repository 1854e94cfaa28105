import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** A command that runs until it is told to stop, in a process of its own. */
export interface CommandProcess {
  readonly child: ChildProcess
  /** The JSON that it printed when it was up. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Lines of its stderr so far. */
  lines(): readonly string[]
  /** Sends a signal and waits for the next line of stderr that matches; gives that line. */
  signal(signal: NodeJS.Signals, line: RegExp): Promise<string>
  /** Ends it and waits until it is gone; gives its exit status. */
  stop(): Promise<number | null>
}

/** Runs `sigillo ARGS --json` until it has printed its first line. Rejects with what it writes to stderr if it ends before. */
export async function runCommand(...args: readonly string[]): Promise<CommandProcess> {
  const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const printed = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.trimEnd().endsWith('}')) resolve(out)
    })
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said}`)))
  })
  const facts: Readonly<Record<string, unknown>> = JSON.parse(printed)
  const lines = (): readonly string[] => said.split('\n').slice(0, -1)
  return {
    child,
    facts,
    lines,
    signal: async (signal, line) => {
      const before = lines().length
      child.kill(signal)
      for (;;) {
        const found = lines()
          .slice(before)
          .find((one) => line.test(one))
        if (found !== undefined) return found
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${said}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    stop: async () => (child.kill('SIGTERM'), await ended),
  }
}
