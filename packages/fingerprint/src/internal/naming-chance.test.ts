import { describe, expect, it } from 'vitest'
import type { BiasFamily } from '../law.ts'
import { namingChances } from './naming-chance.ts'
import type { Mixture, Remains } from './naming-chance.ts'

const NATS = Math.log(100 / 1e-6) + 2.37

function sites(
  q: number,
  count: number,
  agree: number = 1,
  differ: number = agree,
  lead: number | null = null,
): Remains {
  return { q, count, agree, differ, lead }
}

function together(leakers: number, spreads: Partial<Mixture> = {}): Mixture {
  return { leakers, leadSpread: 0, lossSpread: 0, ...spreads }
}

function one(ways: readonly (readonly Remains[])[], mixture: Mixture, family: BiasFamily = 'HALF'): number {
  return namingChances(ways, mixture, { family, nats: NATS, misread: 0 }).one
}

/** Marks for a chance of 50 and 95 % of naming one of 1..5 even leakers: decoder J, N = 100, alpha = 1e-6 (bench/fingerprint/calibrate-planner.ts). */
const SIMULATED: Readonly<Record<string, readonly (readonly [half: number, sure: number])[]>> = {
  HALF: [
    [30, 30],
    [82, 93],
  ],
  JOINT6: [
    [37, 47],
    [90, 119],
    [161, 221],
    [248, 324],
    [375, 498],
  ],
  GL6: [
    [41, 53],
    [98, 137],
    [173, 248],
    [268, 344],
    [399, 521],
  ],
  q4: [
    [15, 15],
    [32, 36],
    [55, 62],
    [86, 99],
    [125, 150],
  ],
  q8: [
    [10, 10],
    [19, 22],
    [28, 34],
    [41, 49],
    [54, 64],
  ],
  q16: [
    [7, 8],
    [13, 14],
    [18, 21],
    [23, 28],
    [30, 34],
  ],
}

describe('the marks needed against even leakers are those that were simulated', () => {
  const cases = Object.entries(SIMULATED).flatMap(([code, curve]) =>
    curve.map(([half, sure], at) => [code, at + 1, half, sure] as const),
  )
  it.each(cases)('%s, %s leakers: %s for one half, %s for 95 %%', (code, leakers, half, sure) => {
    const [q, family] = code.startsWith('q') ? [Number(code.slice(1)), 'HALF' as const] : [2, code as BiasFamily]
    const chance = (count: number): number => one([[sites(q, count)]], together(leakers), family)
    expect(chance(0.85 * half - 1)).toBeLessThan(0.5)
    expect(chance(1.15 * half + 1)).toBeGreaterThan(0.5)
    expect(chance(0.85 * sure - 1)).toBeLessThan(0.95)
    expect(chance(1.15 * sure + 2)).toBeGreaterThan(0.95)
  })
})

describe('who wrote how much', () => {
  const names = (lead: number | null, count: number = 26): readonly Remains[] => [sites(4, count, 1, 1, lead)]

  it('one of two who wrote nearly all is named on marks that would not do for even ones', () => {
    expect(one([names(null)], together(2))).toBeLessThan(0.2)
    expect(one([names(0.9)], together(2))).toBeGreaterThan(0.9)
  })

  it('pieces from one copy are better than a mixture: the fewer pieces, the more somebody stands out', () => {
    const chances = [0, 0.1, 0.5, 0.98].map((leadSpread) => one([names(null)], together(2, { leadSpread })))
    expect(chances).toEqual(chances.toSorted((a, b) => a - b))
    expect(chances.at(-1)).toBeGreaterThan(0.8)
  })

  it('all are named seldom where one wrote nearly all', () => {
    const { one: some, all } = namingChances([names(0.9, 60)], together(2), { family: 'HALF', nats: NATS, misread: 0 })
    expect(some).toBeGreaterThan(0.99)
    expect(all).toBeLessThan(0.1)
  })
})

describe('texts merged of two copies, where more is read of what agrees, name as often as simulated', () => {
  // Binary sites under HALF and sites of four words; decoder J on 30 simulated leaks each.
  const simulated = [
    [sites(2, 38, 0.72, 0.34), sites(4, 46, 0.84, 0.3), 0.9],
    [sites(2, 54, 0.93, 0.61), sites(4, 36, 0.99, 0.17), 0.83],
    [sites(2, 40, 0.8, 0.4), sites(4, 30, 0.8, 0.1), 0.47],
    [sites(2, 60, 0.8, 0.1), sites(4, 20, 0.8, 0), 0.87],
    [sites(2, 44, 0.6, 0.5), sites(4, 60, 0.6, 0.3), 0.9],
  ] as const
  it.each(simulated)('%o and %o: %s', (orders, names, expected) => {
    const chance = one([[orders, names]], together(2))
    expect(chance).toBeGreaterThan(expected - 0.25)
    expect(chance).toBeLessThan(expected + 0.1)
  })
})

describe('losses', () => {
  it('where only what agrees is left, a mark says as much as of a single leaker', () => {
    const agreeing = one([[sites(2, 70, 1, 0)]], together(2))
    const even = one([[sites(2, 35)]], together(2))
    expect(agreeing).toBeGreaterThan(0.8)
    expect(even).toBeLessThan(0.05)
  })

  it('that hang together make what would be sure unsure, and what would be hopeless possible', () => {
    const chance = (count: number, lossSpread: number): number =>
      one([[sites(2, count, 0.5)]], together(1, { lossSpread }))
    expect(chance(90, 0)).toBeGreaterThan(0.99)
    expect(chance(90, 0.6)).toBeLessThan(0.85)
    expect(chance(40, 0)).toBeLessThan(0.02)
    expect(chance(40, 0.6)).toBeGreaterThan(0.1)
  })

  it('in ways of which half leave all and half nothing, half of the leakers are named', () => {
    expect(one([[sites(2, 100)], [sites(2, 100, 0)]], together(1))).toBeCloseTo(0.5, 2)
  })
})
