import { describe, expect, it } from 'vitest'
import { gatherEvidence } from './evidence.ts'
import type { IssuedCopy, TracedSite } from './evidence.ts'
import { startJoint } from './joint.ts'
import { testPairs } from './pairs.ts'
import type { Attack } from './simulate-attacks.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from './simulate.ts'
import type { Draw } from './simulate.ts'
import { decodeSingle } from './single.ts'
import { SINGLE_SHARE } from './trace.ts'

// A2, at a size for every day; the bench counts 200,000 innocent copies.

const ATTACKS: readonly Attack[] = [
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
const CASES = 66
const INNOCENTS = 20
const MOST_LEAKERS = 4
const LEVEL = 0.01

const leaks: readonly (readonly [
  string,
  (draw: Draw, sites: readonly TracedSite[], leakers: readonly IssuedCopy[], t: number) => (number | null)[],
])[] = [
  [
    'merged by leakers',
    (draw, sites, leakers, t) =>
      simulateLeak(draw, sites, leakers.slice(0, 1 + (t % MOST_LEAKERS)), { attack: ATTACKS[t % ATTACKS.length]! }),
  ],
  ['all read alike', (_, sites, __, t) => sites.map(() => t % 2)],
  [
    'read as the likeliest symbol',
    (_, sites) => sites.map(({ numerators }) => numerators.indexOf(Math.max(...numerators))),
  ],
  ['one copy’s word', (_, __, leakers) => [...leakers[0]!.symbols]],
  ['drawn anew', (draw, sites) => [...simulateCopies(draw, sites, 1)[0]!.symbols]],
]

function drawSites(draw: Draw, t: number): TracedSite[] {
  const codes = [
    () => simulateSites(draw, 96, 2, 'JOINT6'),
    () => simulateSites(draw, 96, 2, 'GL6'),
    () => simulateSites(draw, 24, 16, 'GL6'),
    () => [...simulateSites(draw, 60, 2, 'GL8'), ...simulateSites(draw, 14, 8, 'GL6')],
    () => simulateSites(draw, 60, 2, 'HALF'),
  ]
  return codes[t % codes.length]!()
}

/** Four standard deviations above what is expected at the level; counts within one case are nearly independent. */
function most(count: number): number {
  return Math.floor(LEVEL * count + 4 * Math.sqrt(LEVEL * (1 - LEVEL) * count))
}

describe('innocent copies seldom look suspicious, to any decoder', () => {
  it.each(leaks)('when the leak is %s', (_, leak) => {
    const low = { L5: 0, EM: 0, MIXEM: 0, J: 0, trace: 0 }
    const anyone = { L5: 0, EM: 0, MIXEM: 0, J: 0, trace: 0, pairs: 0 }
    for (let t = 0; t < CASES; t++) {
      const draw = seededDraw(70_000 + t)
      const sites = drawSites(draw, t)
      const copies = simulateCopies(draw, sites, INNOCENTS + MOST_LEAKERS)
      const evidence = gatherEvidence(sites, leak(draw, sites, copies, t), copies)
      const joint = startJoint(evidence)
      const family = (name: 'L5' | 'EM' | 'MIXEM'): number[] => decodeSingle(evidence, name).map((test) => test.p)
      const [S, J] = [family('MIXEM'), copies.map((_, copy) => joint.test(copy).p)]
      const together = J.map((p, copy) => Math.min(p / (1 - SINGLE_SHARE), S[copy]! / SINGLE_SHARE))
      const found = { L5: family('L5'), EM: family('EM'), MIXEM: S, J, trace: together }
      for (const name of ['L5', 'EM', 'MIXEM', 'J', 'trace'] as const) {
        const innocent = found[name].slice(MOST_LEAKERS)
        low[name] += innocent.filter((p) => p <= LEVEL).length
        if (innocent.some((p) => p <= LEVEL / copies.length)) anyone[name]++
      }
      const suspects = copies.slice(0, MOST_LEAKERS).map((copy) => copy.recipient)
      const pairs = testPairs(evidence, joint).filter(({ recipients }) => !recipients.some((r) => suspects.includes(r)))
      if (pairs.some(({ p }) => p <= LEVEL / ((copies.length * (copies.length - 1)) / 2))) anyone.pairs++
    }
    for (const count of Object.values(low)) expect(count).toBeLessThanOrEqual(most(CASES * INNOCENTS))
    for (const count of Object.values(anyone)) expect(count).toBeLessThanOrEqual(most(CASES))
  })
})
