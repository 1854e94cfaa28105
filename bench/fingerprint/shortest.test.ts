import { describe, expect, it } from 'vitest'
import { lengthsUpTo, shortestLength } from './shortest.ts'

describe('the shortest convicting length', () => {
  const lengths = lengthsUpTo(500)
  it('is found from any guess when conviction is monotone', () => {
    for (const least of [1, 2, 7, 100, 313, 490, 500]) {
      const expected = lengths.find((marks) => marks >= least) ?? Number.POSITIVE_INFINITY
      for (const guess of [1, 3, 99, 500, 9000]) {
        expect(shortestLength(lengths, guess, (marks) => marks >= least)).toBe(expected)
      }
    }
  })

  it('is infinite when nothing convicts, and asks about few lengths', () => {
    let asked = 0
    const never = (): boolean => {
      asked++
      return false
    }
    expect(shortestLength(lengths, 200, never)).toBe(Number.POSITIVE_INFINITY)
    expect(asked).toBeLessThan(10)
  })
})
