import { describe, expect, it } from 'vitest'
import type { SiteClass } from '../evidence.ts'
import { BINARY_RULES, Q_ARY_RULES, binomial, matchChances } from './merging.ts'

function binary(one: number, symbol: number): SiteClass {
  return { binary: true, one, symbol, chance: symbol === 1 ? one : 1 - one, count: 1 }
}

const LEAKERS = [1, 2, 3, 5, 8]

describe('merging rules', () => {
  it.each(BINARY_RULES)('$name: the two symbols of a binary site share all of the chance', (rule) => {
    for (const one of [0.1127, 0.5, 0.9]) {
      for (const leakers of LEAKERS) {
        const total = [0, 1].reduce((sum, symbol) => {
          const each = binary(one, symbol)
          const odds = binomial(leakers, each.chance)
          return sum + matchChances(rule, each, leakers).reduce((part, value, k) => part + value * odds[k]!, 0)
        }, 0)
        expect(total).toBeCloseTo(1, 12)
      }
    }
  })

  it.each(Q_ARY_RULES)('$name: a symbol of a large alphabet is read as often as it is drawn', (rule) => {
    const each: SiteClass = { binary: false, one: 0, symbol: 3, chance: 1 / 16, count: 1 }
    for (const leakers of LEAKERS) {
      const odds = binomial(leakers, each.chance)
      const total = matchChances(rule, each, leakers).reduce((sum, value, k) => sum + value * odds[k]!, 0)
      expect(total).toBeCloseTo(1 / 16, 12)
    }
  })

  it.each([...BINARY_RULES, ...Q_ARY_RULES])('$name: no reading is impossible', (rule) => {
    for (const each of [binary(0.5, 0), binary(0.1127, 1), { ...binary(0.5, 1), binary: false, chance: 1 / 64 }]) {
      for (const leakers of LEAKERS) expect(Math.min(...matchChances(rule, each, leakers))).toBeGreaterThan(0)
    }
  })

  it('priors of the fixed rules sum to at most 1, so that an estimated one finds room', () => {
    const total = (rules: readonly { prior: number }[]): number => rules.reduce((sum, { prior }) => sum + prior, 0)
    expect(total(BINARY_RULES)).toBeLessThan(1)
    expect(total(Q_ARY_RULES)).toBeLessThanOrEqual(1 + 1e-12)
  })

  it('majority of three follows two of them, minority the third', () => {
    const [majority, minority] = ['majority', 'minority'].map(
      (name) => BINARY_RULES.find((rule) => rule.name.includes(name))!,
    )
    const each = binary(0.5, 1)
    expect(matchChances(majority!, each, 3)[2]).toBeGreaterThan(0.9)
    expect(matchChances(majority!, each, 3)[1]).toBeLessThan(0.1)
    expect(matchChances(minority!, each, 3)[2]).toBeLessThan(0.1)
    expect(matchChances(minority!, each, 3)[1]).toBeGreaterThan(0.9)
  })
})
