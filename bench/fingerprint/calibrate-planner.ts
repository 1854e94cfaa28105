import { writeFileSync } from 'node:fs'
import { gatherEvidence } from '@sigillo/fingerprint/evidence'
import { startJoint } from '@sigillo/fingerprint/joint'
import type { BiasFamily } from '@sigillo/fingerprint/law'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from '@sigillo/fingerprint/simulate'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import { SINGLE_SHARE } from '@sigillo/fingerprint/trace'

// How many readable marks decoder J needs, by simulation: for each trial the shortest prefix of the code that convicts (bisection), then
// quantiles over the trials. The planner's tables are copied from the JSON this writes.

const RECIPIENTS = 100

interface Row {
  readonly q: number
  readonly family: BiasFamily | 'uniform'
  readonly attack: Attack
  readonly misread: number
  readonly leakers: number
  readonly alpha: number
  readonly catch: 'one' | 'all'
  readonly trials: number
  /** Marks for 50, 95 and 99 %; null: more than `limit`. */
  readonly marks: readonly (number | null)[]
  readonly limit: number
}

function shortest(
  setting: { q: number; family: BiasFamily; attack: Attack; misread: number; leakers: number },
  seed: number,
  limit: number,
  threshold: number,
  wanted: 'one' | 'all',
): number {
  const draw = seededDraw(seed)
  const sites = simulateSites(draw, limit, setting.q, setting.family)
  const copies = simulateCopies(draw, sites, RECIPIENTS)
  const reading = simulateLeak(draw, sites, copies.slice(0, setting.leakers), setting)
  const convicts = (marks: number): boolean => {
    const prefix = copies.map((copy) => ({ ...copy, symbols: copy.symbols.subarray(0, marks) }))
    const decoder = startJoint(gatherEvidence(sites.slice(0, marks), reading.slice(0, marks), prefix))
    const caught = (copy: number): boolean => decoder.test(copy).p / (1 - SINGLE_SHARE) <= threshold
    const leakers = Array.from({ length: setting.leakers }, (_, copy) => copy)
    return wanted === 'one' ? leakers.some(caught) : leakers.every(caught)
  }
  if (!convicts(limit)) return Number.POSITIVE_INFINITY
  let low = 0
  let high = limit
  while (high - low > Math.max(1, high / 64)) {
    const middle = Math.floor((low + high) / 2)
    if (convicts(middle)) high = middle
    else low = middle
  }
  return high
}

function measure(
  setting: { q: number; family: BiasFamily; attack: Attack; misread: number; leakers: number },
  limit: number,
  trials: number,
  alpha: number,
  wanted: 'one' | 'all',
): Row {
  const found = Array.from({ length: trials }, (_, t) => shortest(setting, 9000 + t, limit, alpha / RECIPIENTS, wanted))
  found.sort((a, b) => a - b)
  const marks = [0.5, 0.95, 0.99].map((share) => {
    const value = found[Math.min(trials - 1, Math.ceil(share * trials) - 1)] ?? Number.POSITIVE_INFINITY
    return Number.isFinite(value) ? value : null
  })
  const family = setting.q === 2 ? setting.family : 'uniform'
  const row: Row = { ...setting, family, alpha, catch: wanted, trials, marks, limit }
  process.stdout.write(`${JSON.stringify(row)}\n`)
  return row
}

const trials = Number(process.argv[2] ?? 100)
const rows: Row[] = []
const limits: readonly (readonly [q: number, family: BiasFamily, limits: readonly number[]])[] = [
  [2, 'HALF', [60, 160]],
  [2, 'GL6', [100, 260, 460, 760, 1000]],
  [2, 'GL8', [100, 260, 460, 760, 1000]],
  [4, 'GL6', [40, 110, 220, 340, 460]],
  [8, 'GL6', [30, 70, 120, 190, 260]],
  [16, 'GL6', [20, 50, 80, 120, 170]],
  [64, 'GL6', [12, 30, 50, 70, 100]],
]
for (const [q, family, each] of limits) {
  each.forEach((limit, i) => {
    const few = limit > 700 ? Math.ceil(trials / 3) : trials
    const setting = { q, family, attack: 'interleave' as const, misread: 0, leakers: i + 1 }
    rows.push(measure(setting, limit, few, 1e-6, 'one'))
    if (i < 2) rows.push(measure(setting, 2 * limit, few, 1e-9, 'one'))
    if (i === 1 || (i === 2 && limit < 400)) rows.push(measure(setting, 4 * limit, Math.ceil(few / 2), 1e-6, 'all'))
  })
}
for (const [q, leakers, limit] of [
  [4, 2, 160],
  [8, 2, 240],
  [16, 2, 400],
  [4, 3, 600],
] as const) {
  rows.push(measure({ q, family: 'GL6', attack: 'scrub', misread: 0, leakers }, limit, trials, 1e-6, 'one'))
}
for (const [q, leakers, limit] of [
  [2, 1, 160],
  [2, 2, 400],
  [2, 3, 600],
  [16, 1, 24],
  [16, 2, 60],
  [16, 3, 100],
] as const) {
  rows.push(measure({ q, family: 'GL6', attack: 'interleave', misread: 0.02, leakers }, limit, trials, 1e-6, 'one'))
}
writeFileSync(new URL('planner-calibration.json', import.meta.url), `${JSON.stringify(rows, null, 1)}\n`)
