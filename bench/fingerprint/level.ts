import { gatherEvidence } from '@sigillo/fingerprint/evidence'
import type { Evidence, IssuedCopy, TracedSite } from '@sigillo/fingerprint/evidence'
import { startJoint } from '@sigillo/fingerprint/joint'
import { testPairs } from '@sigillo/fingerprint/pairs'
import { seededDraw, simulateCopies, simulateLeak } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import { SINGLE_SHARE } from '@sigillo/fingerprint/trace'
import { singleP } from './decoders.ts'
import { drawSites } from './scene.ts'
import type { Code } from './scene.ts'

/** How the leak came about: merged by leakers, or a reading that no leaker made and that is correlated with much. */
export type Leak = Attack | 'all alike' | 'likeliest symbols' | 'one word' | 'noise' | 'uniform noise'

export const ATTACKS: readonly Attack[] = [
  'interleave',
  'majority',
  'minority',
  'coin',
  'all-ones',
  'wca',
  'scrub',
  'scrub-coin',
  'erasedet',
  'halferase',
  'random-alphabet',
]
export const LEAKS: readonly Leak[] = [
  ...ATTACKS,
  'all alike',
  'likeliest symbols',
  'one word',
  'noise',
  'uniform noise',
]

export interface LevelJob {
  readonly section: 'level'
  readonly leak: Leak
  readonly cases: number
}

/** Decoders whose level is counted. `trace`: S and J as a trace joins them. */
export const LEVEL_DECODERS = ['S (L5)', 'S (EM)', 'S (MIXEM)', 'J', 'trace'] as const

export interface LevelRow {
  readonly id: string
  readonly leak: Leak
  readonly cases: number
  readonly innocents: number
  /** By decoder: innocent copies with p <= .01, and cases with any innocent at p <= .01 / N. */
  readonly low: Readonly<Record<string, number>>
  readonly any: Readonly<Record<string, number>>
  /** Cases with a pair of two innocents at p <= .01 / C(N, 2). */
  readonly anyPair: number
}

const LEVEL = 0.01
const INNOCENTS = 100
const CODES: readonly (readonly [Code, number])[] = [
  ['JOINT6', 128],
  ['GL6', 128],
  ['q16', 24],
  ['q16+3GL6', 72],
  ['HALF', 80],
  ['GL8', 160],
]

/** Name of a row. */
export function levelRowId({ leak, cases }: LevelJob): string {
  return `${leak} codes=${CODES.map(([code]) => code).join(',')} cases=${cases}`
}

/** Simulates cases of one kind of leak and counts innocent copies that look suspicious. */
export function measureLevel(job: LevelJob): LevelRow[] {
  const low: Record<string, number> = Object.fromEntries(LEVEL_DECODERS.map((name) => [name, 0]))
  const any = { ...low }
  let anyPair = 0
  for (let t = 0; t < job.cases; t++) {
    const { evidence, guilty } = drawCase(job.leak, t)
    const recipients = evidence.copies.length
    const joint = startJoint(evidence)
    const single = singleP(evidence)
    const together = evidence.copies.map((_, copy) => joint.test(copy).p)
    const found: Record<(typeof LEVEL_DECODERS)[number], readonly number[]> = {
      'S (L5)': singleP(evidence, 'L5'),
      'S (EM)': singleP(evidence, 'EM'),
      'S (MIXEM)': single,
      J: together,
      trace: together.map((p, copy) => Math.min(p / (1 - SINGLE_SHARE), single[copy]! / SINGLE_SHARE)),
    }
    for (const name of LEVEL_DECODERS) {
      const innocent = found[name].slice(guilty)
      low[name]! += innocent.filter((p) => p <= LEVEL).length
      if (innocent.some((p) => p <= LEVEL / recipients)) any[name]!++
    }
    const accused = new Set(evidence.copies.slice(0, guilty))
    const pairs = testPairs(evidence, joint).filter((pair) => !pair.recipients.some((name) => accused.has(name)))
    if (pairs.some(({ p }) => p <= (2 * LEVEL) / (recipients * (recipients - 1)))) anyPair++
  }
  const innocents = job.cases * INNOCENTS
  return [{ id: levelRowId(job), leak: job.leak, cases: job.cases, innocents, low, any, anyPair }]
}

function drawCase(leak: Leak, t: number): { evidence: Evidence; guilty: number } {
  const draw = seededDraw(1_000_000 + 10_000 * LEAKS.indexOf(leak) + t)
  const [code, count] = CODES[t % CODES.length]!
  const guilty = guiltyIn(leak, t)
  const sites = drawSites(draw, code, count)
  const copies = simulateCopies(draw, sites, INNOCENTS + guilty)
  return { evidence: gatherEvidence(sites, readingOf(draw, leak, sites, copies.slice(0, guilty), t), copies), guilty }
}

function guiltyIn(leak: Leak, t: number): number {
  if (isAttack(leak)) return 1 + (Math.floor(t / CODES.length) % 5)
  return leak === 'one word' ? 1 : 0
}

function isAttack(leak: Leak): leak is Attack {
  return (ATTACKS as readonly Leak[]).includes(leak)
}

function readingOf(
  draw: Draw,
  leak: Leak,
  sites: readonly TracedSite[],
  leakers: readonly IssuedCopy[],
  t: number,
): (number | null)[] {
  if (isAttack(leak)) return simulateLeak(draw, sites, leakers, { attack: leak, misread: 0.02 * (t % 2) })
  return CORRELATED[leak](draw, sites, leakers, t)
}

type Reader = (draw: Draw, sites: readonly TracedSite[], leakers: readonly IssuedCopy[], t: number) => number[]

const CORRELATED: Readonly<Record<Exclude<Leak, Attack>, Reader>> = {
  'all alike': (_, sites, __, t) => sites.map(() => t % 2),
  'likeliest symbols': (_, sites) => sites.map(({ numerators }) => numerators.indexOf(Math.max(...numerators))),
  'one word': (_, __, leakers) => [...leakers[0]!.symbols],
  noise: (draw, sites) => [...simulateCopies(draw, sites, 1)[0]!.symbols],
  'uniform noise': (draw, sites) => sites.map(({ numerators }) => Math.floor(draw() * numerators.length)),
}

/**
 * The largest share that chance explains: `level` plus 3.09 standard deviations of a binomial count, exceeded once in a thousand when the
 * true share is just `level`.
 */
export function binomialBound(level: number, count: number): number {
  return level + 3.09 * Math.sqrt((level * (1 - level)) / count)
}
