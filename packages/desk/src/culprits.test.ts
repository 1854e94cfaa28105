import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { culprits } from './culprits.ts'

/** A test that fails when the changes hold all of one of the bad combinations, and how often it was asked. */
function trial(bad: readonly (readonly number[])[]) {
  let runs = 0
  const passes = (changes: readonly number[]): Promise<boolean> => {
    runs += 1
    return Promise.resolve(!bad.some((combination) => combination.every((change) => changes.includes(change))))
  }
  return { passes, runs: () => runs }
}

const hundred = Array.from({ length: 100 }, (_, index) => index)

describe('culprits', () => {
  it('asks once when all pass, and not at all for nothing', async () => {
    const { passes, runs } = trial([])
    expect(await culprits(hundred, passes)).toEqual([])
    expect(await culprits([], passes)).toEqual([])
    expect(runs()).toBe(1)
  })

  it('finds one among a hundred in few runs', async () => {
    const { passes, runs } = trial([[71]])
    expect(await culprits(hundred, passes)).toEqual([71])
    expect(runs()).toBeLessThanOrEqual(15)
  })

  it('gives up the less trusted of two that do not go together', async () => {
    expect(await culprits(hundred, trial([[12, 88]]).passes)).toEqual([88])
    expect(await culprits([88, 12], trial([[12, 88]]).passes)).toEqual([12])
  })

  prop.prop([fc.uniqueArray(fc.uniqueArray(fc.nat(29), { minLength: 1, maxLength: 3 }), { maxLength: 4 })])(
    'without them all others pass together, and each of them breaks something',
    async (bad) => {
      const changes = hundred.slice(0, 30)
      const { passes } = trial(bad)
      const found = await culprits(changes, passes)
      const rest = changes.filter((change) => !found.includes(change))
      expect(rest.length === 0 || (await passes(rest))).toBe(true)
      for (const change of found) expect(bad.some((combination) => combination.includes(change))).toBe(true)
    },
  )
})
