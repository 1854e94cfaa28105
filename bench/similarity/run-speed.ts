import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PEERS } from './peers/all.ts'
import { keepRow } from './results.ts'

/** One measurement in a process of its own. */
export interface SpeedRow {
  readonly what: string
  readonly artefacts: number
  readonly samples: number
  /** Processor seconds, user and system, for building the index and for the samples. */
  readonly buildSeconds: number
  readonly screenSeconds: number
  readonly elapsedSeconds: number
  readonly samplesPerSecond: number
  readonly megabytesPerSecond: number
  /** Most memory that the process held, in MB, with everything it needs: ours has the saved index, the peers the texts. */
  readonly megabytes: number
  readonly machine: string
}

type Measured = Omit<SpeedRow, 'machine'>

const machine = cpus()[0]?.model ?? 'unknown'

/** Speed and memory, ours and those of the peers that can keep an index or compare digests. */
export async function runSpeed(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-speed-'))
  try {
    show(await indexed(folder, 1000))
    show(await indexed(folder, 10_000))
    await twoWorkers(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
  show(await job<Measured>('lexer', 0))
  for (const name of ['Dolos', 'ssdeep'] as const) {
    const missing = PEERS.find((peer) => peer.name === name)?.missing() ?? null
    if (missing !== null) console.log(`MISSING peer ${name}: install ${missing}`)
    else for (const artefacts of name === 'Dolos' ? [1000] : [1000, 10_000]) show(await job<Measured>(name, artefacts))
  }
}

/** Ours: one process builds and saves the index, another loads it and screens. */
async function indexed(folder: string, artefacts: number): Promise<Measured> {
  const file = join(folder, `${artefacts}`)
  const { seconds } = await job<{ readonly seconds: number }>('build', artefacts, file)
  return { ...(await job<Measured>('sigillo', artefacts, file)), buildSeconds: seconds }
}

async function twoWorkers(folder: string): Promise<void> {
  const load = loadavg()[0] ?? 0
  const file = join(folder, '10000')
  const work = (): Promise<Measured> => job<Measured>('sigillo', 10_000, file)
  const alone = await work()
  const two = await Promise.all([work(), work()])
  const together = two.reduce((sum, row) => sum + row.samples / row.elapsedSeconds, 0)
  const ratio = {
    what: 'two workers on two cores',
    alone: alone.samples / alone.elapsedSeconds,
    together,
    load,
    machine,
  }
  keepRow('workers', 'two', ratio)
  console.log(`two workers: ${(ratio.together / ratio.alone).toFixed(2)} times one`)
}

function show(row: Measured): void {
  keepRow('speed', `${row.what} ${row.artefacts}`, { ...row, machine })
  console.log(
    `${row.what}, ${row.artefacts} artefacts: ${row.samplesPerSecond.toFixed(0)} samples/s, ${row.megabytesPerSecond.toFixed(1)} MB/s, ${row.megabytes.toFixed(0)} MB, build ${row.buildSeconds.toFixed(1)} s`,
  )
}

async function job<T>(what: string, artefacts: number, file = ''): Promise<T> {
  const program = join(import.meta.dirname, 'speed-process.ts')
  // Dolos parses by deep recursion, and keeps all trees.
  const room = what === 'Dolos' ? ['--max-old-space-size=8000', '--stack-size=8000'] : []
  const args = ['--conditions=@sigillo/source', ...room, program, what, String(artefacts), file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  for await (const chunk of child.stdout) out += String(chunk)
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as T
}
