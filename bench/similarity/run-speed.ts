import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
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
  /** Resident memory above that of the empty process and the texts themselves, once the samples are through. */
  readonly megabytes: number
  readonly machine: string
}

/** Speed and memory, ours and those of the peers that can keep an index or compare digests. */
export async function runSpeed(): Promise<void> {
  for (const artefacts of [1000, 10_000]) show(await job('sigillo', artefacts))
  show(await job('lexer', 0))
  const load = loadavg()[0] ?? 0
  const alone = await job('sigillo', 10_000)
  const two = await Promise.all([job('sigillo', 10_000), job('sigillo', 10_000)])
  const together = two.reduce((sum, row) => sum + row.samples / row.elapsedSeconds, 0)
  const ratio = {
    what: 'two workers on two cores',
    alone: alone.samples / alone.elapsedSeconds,
    together,
    load,
    machine: alone.machine,
  }
  keepRow('workers', 'two', ratio)
  console.log(`two workers: ${(ratio.together / ratio.alone).toFixed(2)} times one`)
  for (const name of ['Dolos', 'ssdeep'] as const) {
    const missing = PEERS.find((peer) => peer.name === name)?.missing() ?? null
    if (missing !== null) console.log(`MISSING peer ${name}: install ${missing}`)
    else for (const artefacts of name === 'Dolos' ? [1000] : [1000, 10_000]) show(await job(name, artefacts))
  }
}

function show(row: SpeedRow): void {
  keepRow('speed', `${row.what} ${row.artefacts}`, row)
  console.log(
    `${row.what}, ${row.artefacts} artefacts: ${row.samplesPerSecond.toFixed(0)} samples/s, ${row.megabytesPerSecond.toFixed(1)} MB/s, ${row.megabytes.toFixed(0)} MB, build ${row.buildSeconds.toFixed(1)} s`,
  )
}

async function job(what: string, artefacts: number): Promise<SpeedRow> {
  const program = join(import.meta.dirname, 'speed-process.ts')
  const args = [
    '--conditions=@sigillo/source',
    '--expose-gc',
    '--max-old-space-size=8000',
    '--stack-size=8000',
    program,
    what,
    String(artefacts),
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  for await (const chunk of child.stdout) out += String(chunk)
  const line = out.trim().split('\n').at(-1) ?? ''
  return { ...(JSON.parse(line) as Omit<SpeedRow, 'machine'>), machine: cpus()[0]?.model ?? 'unknown' }
}
