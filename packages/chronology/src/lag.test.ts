import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY } from './instant.ts'
import { lagDensity } from './internal/lag.ts'

/** The same mean by a fine grid. */
function byGrid(cause: [number, number], effect: [number, number], mean: number): number {
  const steps = 150
  const at = ([from, to]: [number, number], i: number): number => from + ((to - from) * (i + 0.5)) / steps
  let sum = 0
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const days = at(effect, j) - at(cause, i)
      sum += days < 0 ? 0 : (Math.exp(-days / mean) / mean) * (days === 0 ? 0.5 : 1)
    }
  }
  return sum / steps ** 2
}

const interval = ([from, to]: [number, number]) => ({ earliest: from * DAY, latest: to * DAY })

describe('the density of a delay between two dates', () => {
  const day = fc.double({ min: 0, max: 20, noNaN: true })
  test.prop([day, day, day, day, fc.double({ min: 3, max: 90, noNaN: true })], { numRuns: 100 })(
    'is the mean over both dates, whether they overlap or not',
    (a, b, c, d, mean) => {
      const cause: [number, number] = [Math.min(a, b), Math.max(a, b) + 0.1]
      const effect: [number, number] = [Math.min(c, d), Math.max(c, d) + 0.1]
      const exact = byGrid(cause, effect, mean)
      const found = lagDensity(interval(cause), interval(effect), mean)
      expect(Math.abs(found - exact)).toBeLessThan(0.01 * exact + 0.005 / mean)
    },
  )

  it('of an instant and a day around it counts the part that came after', () => {
    expect(lagDensity(interval([0.5, 0.5]), interval([0, 1]), 1000)).toBeCloseTo(0.5 / 1000, 6)
    expect(lagDensity(interval([5, 5]), interval([5, 5]), 10)).toBeCloseTo(0.05, 3)
  })

  it('of two instants is that of the exponential law, and nothing backwards', () => {
    expect(lagDensity(interval([0, 0]), interval([10, 10]), 10)).toBeCloseTo(Math.exp(-1) / 10, 12)
    expect(lagDensity(interval([10, 10]), interval([0, 0]), 10)).toBe(0)
  })

  it('is in one piece where the dates begin to overlap', () => {
    const apart = lagDensity(interval([0, 1]), interval([1.000001, 2]), 10)
    const touching = lagDensity(interval([0, 1]), interval([1, 2]), 10)
    expect(touching / apart).toBeCloseTo(1, 3)
  })
})
