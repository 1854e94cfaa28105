import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { alphaOfLook, alphaOfReading, combineReleases, lifetimeBound } from './budget.ts'

describe('spending alpha', () => {
  it('never sums to more than alpha, however many readings or looks', () => {
    const counts = Array.from({ length: 1000 }, (_, i) => i + 1)
    expect(counts.reduce((sum, k) => sum + alphaOfReading(1e-6, k), 0)).toBeLessThanOrEqual(1e-6)
    const looks = counts.reduce((sum, k) => sum + alphaOfLook(1e-6, k), 0)
    expect(looks).toBeLessThan(1e-6)
    expect(looks).toBeGreaterThan(0.999e-6)
    expect(alphaOfReading(1e-6, 1)).toBe(5e-7)
  })

  it('adds up over a programme', () => {
    expect(lifetimeBound(1e-6, 100)).toBeCloseTo(1e-4, 12)
    expect(lifetimeBound(0.5, 100)).toBe(1)
  })

  test.prop([fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 })])(
    'combining releases costs at most their number and never gains',
    (p) => {
      const combined = combineReleases(p)
      expect(combined).toBeGreaterThanOrEqual(Math.min(...p))
      expect(combined).toBeLessThanOrEqual(Math.min(1, p.length * Math.min(...p)) + 1e-15)
    },
  )

  it('refuses weights that spend more than there is, and counts that are none', () => {
    expect(() => combineReleases([0.1, 0.1], [0.9, 0.2])).toThrow(expect.objectContaining({ code: 'bad-plan' }))
    expect(() => combineReleases([])).toThrow(expect.objectContaining({ code: 'bad-plan' }))
    expect(() => alphaOfLook(1e-6, 0)).toThrow(expect.objectContaining({ code: 'bad-plan' }))
    expect(() => alphaOfReading(Number.NaN, 1)).toThrow(expect.objectContaining({ code: 'bad-plan' }))
  })
})
