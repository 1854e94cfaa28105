import { spawn } from 'node:child_process'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPosta } from './start.ts'

/** What one proof of concept did. */
export interface ProofResult {
  readonly proof: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** One line for a person. */
  readonly detail: string
}

export interface BundleCheck {
  /** True when none failed. A skipped proof does not count as a failure, but is to be shown. */
  readonly ok: boolean
  readonly results: readonly ProofResult[]
}

export interface CheckOptions {
  /** A Posta that runs already. Without it, one is started and ended. Without `canary`, any canary text will do. */
  readonly posta?: { readonly port: number; readonly canary?: string }
  /** Python to use. Default `python3`. */
  readonly python?: string
  /** File names under `poc/` to run. Default both; one that is not there fails. */
  readonly proofs?: readonly string[]
}

const PROOFS = ['posta_handoff.py', 'posta_handoff.mjs'] as const
const TIME_LIMIT_MS = 60_000
const OUTPUT_LIMIT = 1 << 20

interface Run {
  /** Null when the program could not be started or was stopped. */
  readonly status: number | null
  readonly output: string
  readonly missing: boolean
}

/** Runs the bundle's proofs of concept in `dir/poc` against a live Posta: each must exit 0 and print that Posta's canary. */
export async function checkBundle(dir: string, options: CheckOptions = {}): Promise<BundleCheck> {
  const own = options.posta === undefined ? await startPosta() : null
  const posta = options.posta ?? own
  if (posta === null || posta === undefined) throw new Error('no Posta to run against')
  try {
    const results: ProofResult[] = []
    for (const proof of options.proofs ?? PROOFS) {
      results.push(await checkProof(dir, proof, posta, options.python ?? 'python3'))
    }
    return { ok: results.every(({ outcome }) => outcome !== 'failed'), results }
  } finally {
    await own?.stop()
  }
}

async function checkProof(
  dir: string,
  proof: string,
  { port, canary }: NonNullable<CheckOptions['posta']>,
  python: string,
): Promise<ProofResult> {
  const script = join(dir, 'poc', proof)
  if (!existsSync(script)) return { proof, outcome: 'failed', detail: `${script} is not there` }
  const run = proof.endsWith('.py')
    ? await runProgram(python, ['-B', script, '--port', String(port)])
    : await runProgram(process.execPath, [script, '--url', `http://127.0.0.1:${port}`])
  if (run.missing) return { proof, outcome: 'skipped', detail: `skipped: ${python} is not installed` }
  if (run.status !== 0) {
    return { proof, outcome: 'failed', detail: `exit status ${run.status}: ${lastLine(run.output)}` }
  }
  const seen = canary === undefined ? /posta canary [0-9A-Za-z-]+/.exec(run.output)?.[0] : canary
  if (seen === undefined || !run.output.includes(seen))
    return { proof, outcome: 'failed', detail: 'no canary in the output' }
  return { proof, outcome: 'passed', detail: seen }
}

function runProgram(program: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-OUTPUT_LIMIT)
      })
    }
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: null, output: error.message, missing: error.code === 'ENOENT' }),
    )
    child.on('close', (status) => resolve({ status, output, missing: false }))
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

function readArguments(args: readonly string[]): { dir: string; port: number | null; json: boolean } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { posta: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const [dir] = positionals
  if (dir === undefined || positionals.length > 1) throw new Error('usage: check.ts DIR [--posta PORT] [--json]')
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${dir} is not a folder`)
  const port = values.posta === undefined ? null : Number(values.posta)
  if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new Error(`--posta ${values.posta}: want a port from 1 to 65535`)
  }
  return { dir, port, json: values.json }
}

async function main(): Promise<number> {
  const { dir, port, json } = readArguments(process.argv.slice(2))
  const check = await checkBundle(dir, port === null ? {} : { posta: { port } })
  const lines = check.results.map(({ proof, outcome, detail }) => `${proof}  ${outcome.toUpperCase()}  ${detail}`)
  process.stdout.write(`${json ? JSON.stringify(check) : lines.join('\n')}\n`)
  return check.ok ? 0 : 1
}

const started = process.argv[1]
if (started !== undefined && existsSync(started) && realpathSync(started) === import.meta.filename) {
  try {
    process.exitCode = await main()
  } catch (error) {
    process.stderr.write(`check: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
