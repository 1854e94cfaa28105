import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// What it costs and saves that the embedded engine keeps V8 from recompiling PGlite: `npm run bench:db`. Three runs each, in turn; the median counts.

interface Run {
  readonly rates: Readonly<Record<string, number>>
  readonly peakMib: number
}

const RUNS = 3
const READS = fileURLToPath(new URL('./reads.ts', import.meta.url))
const OFF = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

function run(flags: readonly string[]): Run {
  const found: Run = JSON.parse(execFileSync(process.execPath, [...flags, READS], { encoding: 'utf8' }))
  return found
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const runs = Array.from({ length: RUNS }, () => ({ off: run(OFF), on: run([]) }))
const line = (name: string, off: number, on: number): string =>
  `${name.padEnd(36)} ${off.toFixed(0).padStart(10)} ${on.toFixed(0).padStart(10)} ${(off / on).toFixed(2).padStart(8)}\n`
process.stdout.write(`${''.padEnd(36)} ${'as it is'.padStart(10)} ${'V8 free'.padStart(10)} ${'ratio'.padStart(8)}\n`)
for (const name of Object.keys(runs[0]?.off.rates ?? {})) {
  const of = (side: 'off' | 'on'): number => median(runs.map((one) => one[side].rates[name] ?? Number.NaN))
  process.stdout.write(line(`${name}, a processor second`, of('off'), of('on')))
}
const peak = (side: 'off' | 'on'): number => median(runs.map((one) => one[side].peakMib))
process.stdout.write(line('peak of memory, MiB', peak('off'), peak('on')))
