import { describe, expect, it } from 'vitest'
import { FingerprintError } from './errors.ts'
import { BIAS_TABLES, DENOMINATOR, binaryLaw, checkLaw, uniformLaw } from './law.ts'

describe('bias families', () => {
  it('has the numerators and cut points of the specification for GL6', () => {
    expect(BIAS_TABLES.GL6).toEqual({ cuts: [1_425_972_091, 2_868_995_204, 2 ** 32], ones: [7_386, 32_768, 58_150] })
  })

  it.each([
    ['GL6', [-Math.sqrt(3 / 5), 0, Math.sqrt(3 / 5)], [5 / 9, 8 / 9, 5 / 9]],
    [
      'GL8',
      [-1, -1, 1, 1].map((sign, i) => sign * Math.sqrt(3 / 7 + (i % 3 === 0 ? 1 : -1) * (2 / 7) * Math.sqrt(6 / 5))),
      [-1, 1, 1, -1].map((sign) => (18 + sign * Math.sqrt(30)) / 36),
    ],
  ] as const)('derives %s from Gauss-Legendre quadrature', (family, nodes, weights) => {
    const p = nodes.map((x) => (1 + x) / 2)
    const w = weights.map((weight, i) => weight / Math.sqrt(p[i]! * (1 - p[i]!)))
    const total = w.reduce((a, b) => a + b)
    expect(BIAS_TABLES[family].ones).toEqual(p.map((x) => Math.round(x * DENOMINATOR)))
    BIAS_TABLES[family].cuts.forEach((cut, i) => {
      const cumulative = w.slice(0, i + 1).reduce((a, b) => a + b) / total
      expect(Math.abs(cut / 2 ** 32 - cumulative)).toBeLessThan(6e-6)
    })
  })

  it('has JOINT6 at .18, .5 and .82, drawn in eighths 3, 2 and 3', () => {
    expect(BIAS_TABLES.JOINT6.ones).toEqual([0.18, 0.5, 0.82].map((p) => Math.round(p * DENOMINATOR)))
    expect(BIAS_TABLES.JOINT6.cuts.map((cut) => (8 * cut) / 2 ** 32)).toEqual([3, 5, 8])
  })

  it('is symmetric, so that swapping the names of the variants changes nothing', () => {
    for (const { ones } of Object.values(BIAS_TABLES)) {
      expect(ones.map((one) => DENOMINATOR - one).reverse()).toEqual(ones)
    }
  })
})

describe('uniform law', () => {
  it('splits evenly for powers of two and pads the last symbol otherwise', () => {
    expect(uniformLaw(16)).toEqual(Array.from({ length: 16 }, () => 4096))
    expect(uniformLaw(3)).toEqual([21_845, 21_845, 21_846])
    for (let q = 2; q <= 256; q++) expect(checkLaw(uniformLaw(q), 'law')).toHaveLength(q)
  })

  it.each([1, 0, -4, 2.5, 257, Number.NaN, Number.POSITIVE_INFINITY])('refuses q = %s', (q) => {
    expect(() => uniformLaw(q)).toThrow(FingerprintError)
  })
})

describe('checking a law', () => {
  it.each([[[]], [[65_536]], [[0, 65_536]], [[32_768, 32_767]], [[1.5, 65_534.5]], [[-1, 65_537]], ['no law'], [null]])(
    'refuses %j',
    (law) => {
      expect(() => checkLaw(JSON.parse(JSON.stringify(law)), 'site x')).toThrow(
        expect.objectContaining({ code: 'bad-law' }),
      )
    },
  )

  it('takes a binary law from the numerator of 1', () => {
    expect(binaryLaw(7386)).toEqual([58_150, 7386])
    expect(() => binaryLaw(65_536)).toThrow(FingerprintError)
  })
})
