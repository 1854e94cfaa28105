import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDifference, toPortable } from './portable.ts'

const results = fc.jsonValue({ maxDepth: 4 })

describe('portable results', () => {
  it('are JSON without fractions, and equal themselves', () => {
    fc.assert(
      fc.property(results, (value) => {
        const portable = toPortable(value)
        JSON.stringify(portable, (_key, member: unknown) => {
          if (typeof member === 'number') expect(Number.isSafeInteger(member)).toBe(true)
          return member
        })
        expect(firstDifference(portable, toPortable(structuredClone(value)))).toBeNull()
      }),
    )
  })

  it('keep numbers exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(toPortable(value)) === value).toBe(true)
        expect(Object.is(toPortable(value), -0)).toBe(false)
      }),
    )
  })

  it('say where they differ', () => {
    const result = { verdict: 'accusation', accusations: [{ recipient: 'copy-1', p: 1.5e-9 }] }
    const a = toPortable(result)
    expect(firstDifference(a, toPortable({ ...result, verdict: 'lead' }))).toBe('verdict')
    expect(firstDifference(a, toPortable({ ...result, accusations: [] }))).toBe('accusations.length')
    expect(firstDifference(a, toPortable({ ...result, accusations: [{ recipient: 'copy-2', p: 1.5e-9 }] }))).toBe(
      'accusations[0].recipient',
    )
    expect(firstDifference(a, toPortable({ ...result, accusations: [{ recipient: 'copy-1', p: 1.5001e-9 }] }))).toBe(
      'accusations[0].p',
    )
    expect(firstDifference(a, toPortable({ ...result, more: 1 }))).toBe('more')
    expect(firstDifference(toPortable([1]), toPortable([2]))).toBe('[0]')
  })

  it('forgive the last places of a number and nothing else', () => {
    expect(firstDifference('0.1', String(0.1 * (1 + 1e-12)))).toBeNull()
    expect(firstDifference('0.1', '0.1000001')).toBe('')
    expect(firstDifference('0.1', ' 0.1')).toBe('')
    expect(firstDifference('0x10', '16')).toBe('')
  })

  it('refuse what no result holds', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Symbol('x'), () => 1])
      expect(() => toPortable([value])).toThrow(RangeError)
  })
})
