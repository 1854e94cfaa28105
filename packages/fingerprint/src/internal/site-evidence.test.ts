import { describe, expect, it } from 'vitest'
import { agreement, siteEvidence } from './site-evidence.ts'
import type { SiteEvidence } from './site-evidence.ts'

function mean({ agree, differ }: SiteEvidence): number {
  return agree.chance * agree.mean + differ.chance * differ.mean
}

const SURE = { differing: 1, misread: 0 }

describe('what a site says', () => {
  it('of a single leaker: the logarithm of how rare the symbol is', () => {
    expect(mean(siteEvidence(2, 'HALF', { ...SURE, shares: [1] }))).toBeCloseTo(Math.log(2), 12)
    expect(mean(siteEvidence(16, 'HALF', { ...SURE, shares: [1] }))).toBeCloseTo(Math.log(16), 12)
  })

  it('of one of two even leakers: I(X1; Y | X2), by hand', () => {
    // Of two variants: all of ln 2 where the copies agree, less what is known of the other.
    expect(mean(siteEvidence(2, 'HALF', { ...SURE, shares: [0.5, 0.5] }))).toBeCloseTo(0.75 * Math.log(4 / 3), 12)
    const own = (15 / 32) * Math.log(16)
    const other = (15 / 32) * Math.log(0.5 / (17 / 32)) + (1 / 16) * Math.log(1 / (17 / 32))
    expect(mean(siteEvidence(16, 'HALF', { ...SURE, shares: [0.5, 0.5] }))).toBeCloseTo(own + other, 12)
  })

  it('nothing of one who wrote nothing', () => {
    expect(mean(siteEvidence(4, 'HALF', { ...SURE, shares: [0, 1] }))).toBeCloseTo(0, 12)
  })

  it('where only agreement is read, all that the symbol is worth', () => {
    const { agree } = siteEvidence(16, 'HALF', { shares: [0.5, 0.5], differing: 0, misread: 0 })
    expect(agree.mean).toBeCloseTo(Math.log(16), 12)
  })

  it('less when some of it is misread', () => {
    const spoiled = siteEvidence(2, 'JOINT6', { shares: [1], differing: 1, misread: 0.05 })
    expect(mean(spoiled)).toBeLessThan(0.9 * mean(siteEvidence(2, 'JOINT6', { ...SURE, shares: [1] })))
  })

  it.each([
    [2, 'HALF', 2],
    [2, 'JOINT6', 3],
    [2, 'GL8', 5],
    [16, 'HALF', 3],
    [3, 'HALF', 5],
  ] as const)('%s variants, %s, %s leakers: copies agree as often as counted by patterns', (q, family, leakers) => {
    const shares = Array.from({ length: leakers }, () => 1 / leakers)
    const { agree, differ } = siteEvidence(q, family, { ...SURE, shares })
    expect(agree.chance).toBeCloseTo(agreement(q, family, leakers), 12)
    expect(agree.chance + differ.chance).toBeCloseTo(1, 12)
  })
})
