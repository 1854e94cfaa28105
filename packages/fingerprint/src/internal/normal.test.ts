import { expect, it } from 'vitest'
import { normal, quantile } from './normal.ts'

it('is the normal law to four digits', () => {
  for (const [z, u] of [
    [0, 0.5],
    [1, 0.84134],
    [1.959964, 0.975],
    [-2.326348, 0.01],
    [3, 0.99865],
  ] as const)
    expect(Math.abs(normal(z) - u)).toBeLessThan(3e-4)
})

it('is turned round exactly', () => {
  for (const u of [0.001, 0.02, 0.3, 0.5, 0.77, 0.999]) expect(normal(quantile(u))).toBeCloseTo(u, 10)
})
