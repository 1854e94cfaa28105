import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gatherEvidence } from './evidence.ts'
import type { Evidence, TracedSite } from './evidence.ts'
import { startJoint } from './joint.ts'
import type { BiasFamily } from './law.ts'
import type { Attack } from './simulate-attacks.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from './simulate.ts'
import type { Draw } from './simulate.ts'
import { decodeSingle } from './single.ts'
import { conditionalPValue } from './tail.ts'
import { SINGLE_SHARE } from './trace.ts'

// The acceptance lines A3 to A10 at a size for every day: the bench simulates the same lines with hundreds of trials. A1, the exact tail, is
// `tail.test.ts`; A2, the level, is `level.test.ts`; A11: equal bytes in `trace.test.ts`, blind reading in the tests of the marks package.

interface Line {
  readonly id: string
  readonly decoder: 'J' | 'S' | 'tardos-exact'
  readonly code: BiasFamily | 'q16' | 'q16+3GL6'
  readonly leakers: number
  readonly attack: Attack
  readonly marks: number
  readonly erased?: number
  readonly misread?: number
  readonly goal?: 'all'
  readonly least: number
  readonly most?: number
}
const lines: readonly Line[] = JSON.parse(
  readFileSync(new URL('../../../bench/fingerprint/acceptance-lines.json', import.meta.url), 'utf8'),
).lines

const RECIPIENTS = 100
const THRESHOLD = 1e-6 / RECIPIENTS
/** Floors and ceilings give way by this many standard deviations of the count of trials: one false alarm in 700 on a line just kept. */
const MARGIN = 3

function trialsFor({ decoder, marks }: Line): number {
  if (decoder !== 'J') return 100
  return marks > 400 ? 16 : 40
}

function margin(share: number, trials: number): number {
  return MARGIN * Math.sqrt((share * (1 - share)) / trials)
}

function drawSites(draw: Draw, code: Line['code'], marks: number): TracedSite[] {
  return Array.from({ length: marks }, (_, i) => {
    const q = code === 'q16' || (code === 'q16+3GL6' && i % 4 === 0) ? 16 : 2
    const family = code === 'HALF' || code === 'GL8' ? code : 'GL6'
    return { ...simulateSites(draw, 1, q, family)[0]!, id: `site-${i}` }
  })
}

function simulate({ code, leakers, attack, marks, erased = 0, misread = 0 }: Line, seed: number): Evidence {
  const draw = seededDraw(seed)
  const sites = drawSites(draw, code, marks)
  const copies = simulateCopies(draw, sites, RECIPIENTS)
  const reading = simulateLeak(draw, sites, copies.slice(0, leakers), { attack, misread })
  const left = Math.round(marks * (1 - erased))
  return gatherEvidence(
    sites,
    reading.map((symbol, i) => (i < left ? symbol : null)),
    copies,
  )
}

const DECODERS: Readonly<Record<Line['decoder'], (evidence: Evidence, leakers: number) => number[]>> = {
  J: (evidence, leakers) => {
    const joint = startJoint(evidence)
    return Array.from({ length: leakers }, (_, copy) => joint.test(copy).p / (1 - SINGLE_SHARE))
  },
  S: (evidence, leakers) =>
    decodeSingle(evidence)
      .slice(0, leakers)
      .map((test) => test.p),
  'tardos-exact': (evidence, leakers) => Array.from({ length: leakers }, (_, copy) => symmetricTardos(evidence, copy)),
}

/** The textbook score 1/sqrt(r (1 - r)) a match, in sixteenths, with its exact p-value. */
function symmetricTardos({ readable, classes, classOf, match }: Evidence, copy: number): number {
  const chances = Array.from(classOf, (c) => classes[c]!.chance)
  const weights = chances.map((r) => Math.round(16 / Math.sqrt(r * (1 - r))))
  const earned = weights.reduce((sum, weight, i) => sum + weight * match[copy * readable + i]!, 0)
  return conditionalPValue(weights, chances, earned)
}

function titleOf({ id, decoder, code, leakers, attack, marks, erased, misread, goal, least, most }: Line): string {
  const damage = [erased && `${erased} erased`, misread && `${misread} misread`].filter(Boolean).join(', ')
  const named = goal === 'all' ? 'all' : 'one'
  const asked = most === undefined ? `at least ${least}` : `${least} to ${most}`
  return `${id}: ${marks} ${code} marks, ${leakers} leakers, ${attack}${damage && `, ${damage}`}: ${decoder} names ${named} in ${asked}`
}

describe('a leak is traced as often as promised, at 1e-6 among 100 copies', () => {
  it.each(lines.map((line) => [titleOf(line), line] as const))('%s', (_, line) => {
    const trials = trialsFor(line)
    const beside = line.decoder === 'J' && line.leakers > 1
    let [reached, reachedByS] = [0, 0]
    for (let t = 0; t < trials; t++) {
      const evidence = simulate(line, 80_000 + t)
      const caught = DECODERS[line.decoder](evidence, line.leakers).map((p) => p <= THRESHOLD)
      if (line.goal === 'all' ? !caught.includes(false) : caught.includes(true)) reached++
      if (beside && DECODERS.S(evidence, line.leakers).some((p) => p <= THRESHOLD)) reachedByS++
    }
    const { least, most = 1 } = line
    expect(reached / trials).toBeGreaterThanOrEqual(least - margin(least, trials))
    expect(reached / trials).toBeLessThanOrEqual(most + margin(most, trials))
    // A10: S never does much better than J.
    if (line.goal !== 'all') expect((reachedByS - reached) / trials).toBeLessThanOrEqual(0.03)
  })

  it('covers every line from A3 to A10', () => {
    expect([...new Set(lines.map((line) => line.id))]).toEqual(['A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9', 'A10'])
  })
})
