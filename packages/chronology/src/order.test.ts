import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY } from './instant.ts'
import { before, daysBetween, type Interval, probabilityBefore } from './order.ts'

const interval: fc.Arbitrary<Interval> = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 20 }))
  .map(([earliest, width]) => ({ earliest, latest: earliest + width }))

describe('the order of two uncertain instants', () => {
  test.prop([interval, interval])('agrees with trying every pair of instants', (a, b) => {
    const pairs = instants(a).flatMap((x) => instants(b).map((y) => x - y))
    const expected = pairs.every((d) => d < 0) ? 'certain' : pairs.some((d) => d <= 0) ? 'possible' : 'impossible'
    expect(before(a, b)).toBe(expected)
  })

  test.prop([interval, interval, fc.nat(9), fc.nat(9)])(
    'keeps possible possible when an interval widens',
    (a, b, left, right) => {
      const wider = { earliest: a.earliest - left, latest: a.latest + right }
      if (before(a, b) !== 'impossible') expect(before(wider, b)).not.toBe('impossible')
      if (before(b, a) !== 'impossible') expect(before(b, wider)).not.toBe('impossible')
      if (before(a, b) === 'possible') expect(before(wider, b)).toBe('possible')
    },
  )

  test.prop([interval, interval])('gives complementary probabilities', (a, b) => {
    const forth = probabilityBefore(a, b) ?? Number.NaN
    const back = probabilityBefore(b, a) ?? Number.NaN
    expect(forth + back).toBeCloseTo(1, 9)
    if (before(a, b) === 'certain') expect(forth).toBe(1)
  })

  it('knows the probabilities that can be had by hand', () => {
    expect(probabilityBefore({ earliest: 0, latest: 2 }, { earliest: 0, latest: 2 })).toBeCloseTo(0.5, 12)
    expect(probabilityBefore({ earliest: 0, latest: 2 }, { earliest: 1, latest: 3 })).toBeCloseTo(7 / 8, 12)
    expect(probabilityBefore({ earliest: 1, latest: 1 }, { earliest: 0, latest: 4 })).toBeCloseTo(3 / 4, 12)
    expect(probabilityBefore({ earliest: 0, latest: 4 }, { earliest: 1, latest: 1 })).toBeCloseTo(1 / 4, 12)
    expect(probabilityBefore({ earliest: -Infinity, latest: 4 }, { earliest: 1, latest: 1 })).toBeNull()
  })

  it('bounds durations', () => {
    expect(daysBetween({ earliest: 0, latest: DAY }, { earliest: 3 * DAY, latest: 5 * DAY })).toEqual({
      min: 2,
      max: 5,
    })
    expect(daysBetween({ earliest: -Infinity, latest: 0 }, { earliest: DAY, latest: DAY })).toEqual({
      min: 1,
      max: Infinity,
    })
  })
})

function instants({ earliest, latest }: Interval): number[] {
  return Array.from({ length: latest - earliest + 1 }, (_, i) => earliest + i)
}
