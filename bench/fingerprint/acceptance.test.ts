import { describe, expect, it } from 'vitest'
import { acceptanceLines, keepsLine } from './acceptance.ts'
import type { AcceptanceRow } from './acceptance.ts'
import { binomialBound } from './level.ts'

const line = acceptanceLines().find(({ id }) => id === 'A4')!
const row = (share: number, rest: Partial<AcceptanceRow> = {}): AcceptanceRow => ({
  ...line,
  trials: 400,
  share,
  ...rest,
})

describe('an acceptance line is kept', () => {
  it('at its floor, not under it, when there are 400 trials', () => {
    expect(keepsLine(row(line.least))).toBe(true)
    expect(keepsLine(row(line.least - 0.001))).toBe(false)
  })

  it('within three standard deviations of its floor when there are fewer', () => {
    expect(keepsLine(row(0.9, { trials: 40 }))).toBe(true)
    expect(keepsLine(row(0.8, { trials: 40 }))).toBe(false)
  })

  it('not above its ceiling, and not when S does better than J', () => {
    expect(keepsLine(row(0.99, { most: 0.98 }))).toBe(false)
    expect(keepsLine(row(0.96, { shareOfS: 0.995 }))).toBe(false)
  })
})

describe('the bound on a level', () => {
  it('is .0107 for 200,000 copies and .017 for 2,000 cases at .01', () => {
    expect(binomialBound(0.01, 200_000)).toBeCloseTo(0.0107, 4)
    expect(binomialBound(0.01, 2000)).toBeCloseTo(0.0169, 4)
  })
})
