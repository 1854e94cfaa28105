import { describe, expect, it } from 'vitest'
import { gatherEvidence } from './evidence.ts'
import type { IssuedCopy, TracedSite } from './evidence.ts'
import { startJoint } from './joint.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from './simulate.ts'
import type { Draw } from './simulate.ts'

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
        expect(before.tests(suspect).some(({ sets }) => sets.some(({ members }) => members.includes(suspect)))).toBe(
          false,
        )
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
