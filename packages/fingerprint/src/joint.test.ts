import { describe, expect, it } from 'vitest'
import { gatherEvidence } from './evidence.ts'
import type { IssuedCopy, TracedSite } from './evidence.ts'
import { startJoint } from './joint.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from './simulate.ts'
import type { Attack } from './simulate-attacks.ts'
import type { Draw } from './simulate.ts'
import { decodeSingle } from './single.ts'

type Mix = readonly (readonly [count: number, q: number])[]
const CODES: readonly (readonly [string, Mix])[] = [
  ['binary', [[96, 2]]],
  ['q-ary', [[24, 16]]],
  [
    'mixed',
    [
      [60, 2],
      [14, 8],
    ],
  ],
]

function sitesOf(draw: Draw, mix: Mix): TracedSite[] {
  return mix.flatMap(([count, q]) => simulateSites(draw, count, q, 'GL6'))
}

function withoutWord(
  copies: readonly IssuedCopy[],
  suspect: number,
  draw: Draw,
  sites: readonly TracedSite[],
): IssuedCopy[] {
  return copies.map((copy, j) =>
    j === suspect ? { ...copy, symbols: simulateCopies(draw, sites, 1)[0]!.symbols } : copy,
  )
}

describe('a suspect’s own word has no part in the tests it is put to', () => {
  for (const [name, mix] of CODES) {
    it(`${name} code: sets, shares, models and weights stay bit-identical when the word is replaced`, () => {
      const draw = seededDraw(31)
      const sites = sitesOf(draw, mix)
      const copies = simulateCopies(draw, sites, 24)
      const reading = simulateLeak(draw, sites, copies.slice(0, 3), { attack: 'interleave', erased: 0.1 })
      const before = startJoint(gatherEvidence(sites, reading, copies))
      for (const suspect of [0, 1, 2, 11, 23]) {
        const changed = withoutWord(copies, suspect, draw, sites)
        const after = startJoint(gatherEvidence(sites, reading, changed))
        expect(after.tests(suspect)).toEqual(before.tests(suspect))
        expect(before.tests(suspect).some((test) => test.given.includes(suspect))).toBe(false)
      }
    })
  }

  it('also when more copies are in play than pairs are formed from', () => {
    const draw = seededDraw(32)
    const sites = sitesOf(draw, [[40, 2]])
    const copies = simulateCopies(draw, sites, 520)
    const reading = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'interleave' })
    const before = startJoint(gatherEvidence(sites, reading, copies))
    for (const suspect of [0, 519]) {
      const inverted = copies.map((copy, j) =>
        j === suspect ? { ...copy, symbols: copy.symbols.map((x) => 1 - x) } : copy,
      )
      expect(startJoint(gatherEvidence(sites, reading, inverted)).tests(suspect)).toEqual(before.tests(suspect))
    }
  })

  it('but everybody else’s words do', () => {
    const draw = seededDraw(33)
    const sites = sitesOf(draw, [[96, 2]])
    const copies = simulateCopies(draw, sites, 24)
    const reading = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'interleave' })
    const changed = withoutWord(copies, 0, draw, sites)
    const [before, after] = [copies, changed].map((each) => startJoint(gatherEvidence(sites, reading, each)).tests(1))
    expect(after).not.toEqual(before)
  })
})

describe('the budget of one suspect', () => {
  it.each(CODES)('is spent at most once: %s code', (_, mix) => {
    const draw = seededDraw(34)
    const sites = sitesOf(draw, mix)
    const copies = simulateCopies(draw, sites, 20)
    const reading = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'coin' })
    const decoder = startJoint(gatherEvidence(sites, reading, copies))
    for (const suspect of [0, 10]) {
      const spent = decoder.tests(suspect).reduce((sum, test) => sum + test.weight, 0)
      expect(spent).toBeGreaterThan(0.5)
      expect(spent).toBeLessThanOrEqual(1 + 1e-12)
    }
  })
})

describe('innocent copies', () => {
  const attacks: Attack[] = ['interleave', 'majority', 'minority', 'coin', 'all-ones', 'scrub']
  const cases = 150
  const leaks: readonly (readonly [
    string,
    (draw: Draw, sites: TracedSite[], copies: IssuedCopy[], t: number) => (number | null)[],
  ])[] = [
    [
      'merged by leakers',
      (draw, sites, copies, t) => simulateLeak(draw, sites, copies.slice(0, 1 + (t % 4)), { attack: attacks[t % 6]! }),
    ],
    ['all read alike', (_, sites, __, t) => sites.map(() => t % 2)],
    [
      'read as the likeliest symbol',
      (_, sites) => sites.map(({ numerators }) => numerators.indexOf(Math.max(...numerators))),
    ],
    ['drawn anew', (draw, sites) => [...simulateCopies(draw, sites, 1)[0]!.symbols]],
  ]
  it.each(leaks)('seldom look suspicious when the leak is %s', (_, leak) => {
    const hits = { S: 0, J: 0, all: 0 }
    for (let t = 0; t < cases; t++) {
      const draw = seededDraw(70_000 + t)
      const sites = sitesOf(draw, CODES[t % 3]![1])
      const copies = simulateCopies(draw, sites, 24)
      const evidence = gatherEvidence(sites, leak(draw, sites, copies, t), copies)
      const decoder = startJoint(evidence)
      const single = decodeSingle(evidence)
      for (let copy = 4; copy < copies.length; copy++) {
        hits.all++
        if (single[copy]!.p <= 0.01) hits.S++
        if (decoder.test(copy).p <= 0.01) hits.J++
      }
    }
    // 3000 tests at level .01: 30 expected at most, so that 50 would be more than three standard deviations too many.
    expect(hits.all).toBe(cases * 20)
    expect(hits.S).toBeLessThanOrEqual(50)
    expect(hits.J).toBeLessThanOrEqual(50)
  })
})

describe('guilty copies', () => {
  const plans: readonly (readonly [leakers: number, attack: Attack, mix: Mix, least: number])[] = [
    [2, 'interleave', [[160, 2]], 0.9],
    [2, 'all-ones', [[112, 2]], 0.85],
    [3, 'majority', [[192, 2]], 0.9],
    [3, 'minority', [[160, 2]], 0.9],
    [2, 'interleave', [[32, 16]], 0.9],
    [
      3,
      'interleave',
      [
        [120, 2],
        [40, 16],
      ],
      0.9,
    ],
  ]
  it.each(plans)(
    '%s leakers, %s, %j: J convicts at least one at 1e-6 in a share of %s',
    (leakers, attack, mix, least) => {
      const trials = 30
      let caught = 0
      for (let t = 0; t < trials; t++) {
        const draw = seededDraw(80_000 + t)
        const sites = sitesOf(draw, mix)
        const copies = simulateCopies(draw, sites, 100)
        const reading = simulateLeak(draw, sites, copies.slice(0, leakers), {
          attack,
          misread: mix.length > 1 ? 0.02 : 0,
        })
        const decoder = startJoint(gatherEvidence(sites, reading, copies))
        if ([0, 1, 2, 3].slice(0, leakers).some((copy) => decoder.test(copy).p <= 1e-8)) caught++
      }
      expect(caught / trials).toBeGreaterThanOrEqual(least)
    },
  )

  it('S convicts one leaker on 64 marks, and on 32 marks of one half', () => {
    for (const [count, family] of [
      [64, 'GL6'],
      [32, 'HALF'],
    ] as const) {
      let caught = 0
      for (let t = 0; t < 60; t++) {
        const draw = seededDraw(90_000 + t)
        const sites = simulateSites(draw, count, 2, family)
        const copies = simulateCopies(draw, sites, 20)
        if (decodeSingle(gatherEvidence(sites, [...copies[7]!.symbols], copies))[7]!.p <= 1e-8) caught++
      }
      expect(caught).toBeGreaterThanOrEqual(family === 'HALF' ? 60 : 56)
    }
  })
})
