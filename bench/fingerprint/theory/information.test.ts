import { describe, expect, it } from 'vitest'
import type { BiasFamily } from '@sigillo/fingerprint/law'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import { WORST_FOR_SINGLES, mergeSite } from '@sigillo/fingerprint/simulate-attacks'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import { informationOf } from './code-information.ts'
import { lawOf } from './information.ts'
import { readingLaw } from './merge-law.ts'
import { uniformInformation } from './uniform-information.ts'
import { worstAttack } from './worst-attack.ts'

describe('information left by the worst attack, in nats per site', () => {
  // The published table, to its printed digits.
  const table: readonly (readonly [BiasFamily, number, string, string])[] = [
    ['HALF', 1, '0.693', '0.693'],
    ['HALF', 2, '0.131', '0.173'],
    ['HALF', 3, '0.000', '0.058'],
    ['HALF', 4, '0.000', '0.022'],
    ['HALF', 5, '0.000', '0.009'],
    ['GL6', 1, '0.467', '0.467'],
    ['GL6', 2, '0.099', '0.129'],
    ['GL6', 3, '0.041', '0.060'],
    ['GL6', 4, '0.0238', '0.0344'],
    ['GL6', 5, '0.0134', '0.0224'],
    ['GL6', 6, '0.0085', '0.0157'],
    ['GL8', 1, '0.444', '0.444'],
    ['GL8', 2, '0.094', '0.123'],
    ['GL8', 3, '0.038', '0.057'],
    ['GL8', 4, '0.0225', '0.0328'],
    ['GL8', 5, '0.0140', '0.0213'],
    ['GL8', 6, '0.0096', '0.0149'],
  ]
  it.each(table)('%s, %s leakers: %s to single decoders, %s to joint ones', (family, leakers, single, joint) => {
    const digits = single.length - 2
    const least = (quantity: 'single' | 'joint'): string =>
      Math.abs(worstAttack(lawOf(family), leakers, quantity).information[quantity]).toFixed(digits)
    expect([least('single'), least('joint')]).toEqual([single, joint])
  })

  it.each([2, 3, 4, 5, 6])('the simulated worst attack of %s leakers is the minimum', (leakers) => {
    const theta = worstAttack(lawOf('GL6'), leakers, 'single').theta.map((value) => Number(value.toFixed(3)))
    expect(theta).toEqual(WORST_FOR_SINGLES[leakers])
  })
})

describe('information against a given attack', () => {
  const base = { recipients: 100, erased: 0, misread: 0 }
  it('is the entropy of the site against one leaker, however it is asked for', () => {
    for (const [code, nats] of [
      ['HALF', Math.log(2)],
      ['q16', Math.log(16)],
    ] as const) {
      const { single, joint, conditional } = informationOf({ ...base, code, leakers: 1, attack: 'interleave' })
      expect([single, joint, conditional].every((value) => Math.abs(value - nats) < 1e-4)).toBe(true)
    }
  })

  it('is the same by the sum over binary merging tables and by the sum over partitions', () => {
    const attacks: Attack[] = ['interleave', 'majority', 'minority', 'coin', 'halferase', 'erasedet']
    for (const attack of attacks) {
      for (const leakers of [2, 3, 4]) {
        const damage = { attack, erased: 0.1, misread: 0.03 }
        const binary = informationOf({ ...base, ...damage, code: 'HALF', leakers })
        const uniform = uniformInformation(2, leakers, damage)
        expect(uniform.single).toBeCloseTo(binary.single, 12)
        expect(uniform.joint).toBeCloseTo(binary.joint, 12)
        expect(uniform.conditional).toBeCloseTo(binary.conditional, 12)
      }
    }
  })

  it('grows with what the decoder knows', () => {
    for (const code of ['GL6', 'q16', 'q16+3GL6'] as const) {
      const { single, joint, conditional } = informationOf({ ...base, code, leakers: 3, attack: 'interleave' })
      expect(single).toBeLessThan(joint)
      expect(joint).toBeLessThan(conditional)
    }
  })

  it('falls with erasure in proportion, and with misreading', () => {
    const setting = { ...base, code: 'q8', leakers: 3, attack: 'interleave' } as const
    const whole = informationOf(setting)
    expect(informationOf({ ...setting, erased: 0.4 }).joint).toBeCloseTo(0.6 * whole.joint, 12)
    expect(informationOf({ ...setting, misread: 0.05 }).single).toBeLessThan(whole.single)
  })
})

describe('the law of a reading', () => {
  const attacks: Attack[] = [
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
  it.each(attacks)('is what %s draws from', (attack) => {
    const draw = seededDraw(3)
    const words: readonly (readonly [number, readonly number[]])[] = [
      [2, [1, 0, 1]],
      [2, [1, 1]],
      [4, [3, 1, 1, 0]],
    ]
    for (const [q, held] of words) {
      const law = readingLaw(held, q, { attack, erased: 0, misread: 0 })
      const counts = law.map(() => 0)
      const trials = 4000
      for (let t = 0; t < trials; t++) {
        const symbol = mergeSite(draw, held, attack, q) ?? q
        counts[symbol] = counts[symbol]! + 1
      }
      // Four standard deviations of a share are at most .032.
      law.forEach((p, y) => expect(Math.abs(counts[y]! / trials - p)).toBeLessThan(p === 0 || p === 1 ? 1e-9 : 0.032))
    }
  })
})
