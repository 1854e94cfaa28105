import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { chooseFamily, planCapacity } from './planner.ts'
import type { CapacityRequest, CapacityRow } from './planner.ts'

function bundle(qary: number, binary: number, kept: number): CapacityRequest {
  const survival = { damage: kept }
  return {
    pools: [
      { pool: 'wire', q: 16, count: qary, survival },
      { pool: 'structural', q: 2, count: binary, survival },
    ],
    recipients: 100,
    alpha: 1e-6,
    family: 'GL6',
  }
}

function rowOf(request: CapacityRequest, leakers: number, merging: CapacityRow['merging']): CapacityRow {
  const row = planCapacity(request).rows.find((each) => each.leakers === leakers && each.merging === merging)
  if (row === undefined) throw new Error('no such row')
  return row
}

describe('the planner agrees with simulated bundles (2 % misread)', () => {
  // Chance of naming at least one copy: decoder J on 100 simulated leaks each.
  const simulated: readonly (readonly [number, number, number, number, CapacityRow['merging'], number])[] = [
    [40, 120, 1, 2, 'merge', 1],
    [40, 120, 1, 2, 'scrub', 0.87],
    [40, 120, 0.5, 2, 'scrub', 0.22],
    [40, 120, 1, 3, 'merge', 1],
    [40, 120, 0.5, 3, 'merge', 0.89],
    [40, 120, 1, 3, 'scrub', 0.02],
    [40, 200, 1, 2, 'scrub', 1],
    [40, 200, 0.5, 2, 'scrub', 0.52],
    [40, 200, 1, 3, 'scrub', 0.37],
    [40, 200, 1, 4, 'merge', 1],
    [80, 300, 1, 3, 'scrub', 0.89],
    [80, 300, 0.5, 2, 'scrub', 0.92],
    [40, 120, 0.25, 1, 'merge', 0.99],
  ]
  it.each(simulated)(
    '%s q16 + %s GL6, share %s kept, %s leakers, %s: %s',
    (qary, binary, kept, leakers, merging, expected) => {
      const { catchOne } = rowOf({ ...bundle(qary, binary, kept), misread: 0.02 }, leakers, merging)
      expect(Math.abs(catchOne - expected)).toBeLessThan(0.2)
      expect(catchOne).toBeLessThan(expected + 0.1)
    },
  )
})

describe('capacity', () => {
  test.prop([fc.nat(120), fc.nat(500), fc.double({ min: 0, max: 1, noNaN: true })])(
    'is a probability, all at most one, and falls with the number of leakers',
    (qary, binary, kept) => {
      const { rows } = planCapacity(bundle(qary, binary, kept))
      expect(rows).toHaveLength(9)
      for (const row of rows) {
        expect(row.catchOne).toBeGreaterThanOrEqual(0)
        expect(row.catchOne).toBeLessThanOrEqual(1)
        expect(row.catchAll).toBeLessThanOrEqual(row.catchOne)
        const more = rows.find((other) => other.leakers === row.leakers + 1 && other.merging === row.merging)
        // Below one chance in two the widths of the curves, not the marks, order the rows.
        if (row.catchOne > 0.5 && more !== undefined) expect(more.catchOne).toBeLessThanOrEqual(row.catchOne + 0.02)
      }
    },
  )

  it('rises with marks and with alpha, falls with recipients', () => {
    const base = rowOf(bundle(10, 120, 1), 3, 'merge').catchOne
    expect(base).toBeGreaterThan(0.2)
    expect(base).toBeLessThan(0.95)
    expect(rowOf(bundle(10, 140, 1), 3, 'merge').catchOne).toBeGreaterThan(base)
    expect(rowOf({ ...bundle(10, 120, 1), alpha: 1e-9 }, 3, 'merge').catchOne).toBeLessThan(base)
    expect(rowOf({ ...bundle(10, 120, 1), recipients: 500 }, 3, 'merge').catchOne).toBeLessThan(base)
  })

  it('is nothing without marks, and nothing for HALF against three', () => {
    for (const row of planCapacity(bundle(0, 0, 1)).rows)
      expect(row).toMatchObject({ readable: 0, catchOne: 0, catchAll: 0 })
    const half: CapacityRequest = { ...bundle(0, 1000, 1), family: 'HALF' }
    expect(rowOf(half, 2, 'scrub').catchOne).toBeGreaterThan(0.99)
    expect(rowOf(half, 3, 'merge').catchOne).toBe(0)
    expect(planCapacity({ ...half, pools: [] }).rows).toEqual([])
  })

  it('takes any q between the simulated ones in order', () => {
    const chances = [3, 5, 12, 24, 48, 100].map((q) => {
      const pools = [{ pool: 'wire', q, count: 30, survival: { damage: 1 } }]
      return rowOf({ ...bundle(0, 0, 1), pools }, 3, 'merge').catchOne
    })
    expect(chances.toSorted((a, b) => a - b)).toEqual(chances)
    expect(chances[0]).toBeLessThan(0.1)
    expect(chances.at(-1)).toBeGreaterThan(0.9)
  })
})

describe('advice', () => {
  it('says what holds after each damage, in whole sentences', () => {
    const { advice } = planCapacity({ ...bundle(80, 300, 1), misread: 0.02 })
    expect(advice[0]).toBe(
      'After damage: about 380 marks stay readable; one copy is named with at least 95 % for up to 2 leakers; up to 5 leakers if they only mix their copies.',
    )
    for (const sentence of advice) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('says when not even one leaker can be named, and asks for wire values', () => {
    const { advice } = planCapacity(bundle(2, 10, 1))
    expect(advice[0]).toContain('even a single leaker')
    expect(advice.some((sentence) => sentence.startsWith('There are 2 wire values'))).toBe(true)
    expect(planCapacity(bundle(12, 10, 1)).advice.some((sentence) => sentence.includes('wire values'))).toBe(false)
  })
})

describe('damages as they are', () => {
  const merge = { name: 'merge', key: 'merge/2', leakers: 2, leadSpread: 0.1, lossSpread: 0.2 }
  const excerpt = { name: 'excerpt', key: 'excerpt/1', leakers: 1, leadSpread: 0, lossSpread: 0 }
  const survival = { plain: 1, 'merge/2': { agree: 1, differ: 1, lead: 0.9 }, 'excerpt/1': [1, 0.1] }
  const request: CapacityRequest = {
    ...bundle(0, 0, 1),
    pools: [{ pool: 'name', q: 4, count: 40, survival }],
    damages: [merge, excerpt],
  }

  it('have one row each, in order, and no others', () => {
    expect(planCapacity(request).rows.map(({ damage, leakers }) => [damage, leakers])).toEqual([
      ['merge', 2],
      ['excerpt', 1],
    ])
  })

  it('are averaged over the ways they may fall, not taken at the mean', () => {
    const [, { readable, catchOne }] = planCapacity(request).rows as [CapacityRow, CapacityRow]
    expect(readable).toBe(22)
    expect(catchOne).toBeCloseTo(0.5, 2)
  })

  it('by leakers of whom one wrote most name that one, where hostile ones would hide', () => {
    const names = (pool: CapacityRequest): number => rowOf(pool, 2, 'merge').catchOne
    const few = { ...request, pools: [{ ...request.pools[0]!, count: 20 }] }
    expect(names({ ...few, damages: [merge] })).toBeGreaterThan(
      names({ ...few, damages: [], hostile: ['plain'] }) + 0.3,
    )
  })

  it('stand in for hostile rows that say the same of a single leaker', () => {
    const same = { ...excerpt, name: 'plain' }
    const { rows } = planCapacity({ ...request, damages: [same], hostile: ['plain'] })
    expect(rows).toHaveLength(9)
    expect(rows[0]).toMatchObject({ damage: 'plain', leakers: 1, readable: 22 })
  })

  it('are named in the advice', () => {
    const { advice } = planCapacity(request)
    expect(advice[0]).toMatch(/^After merge: about \d+ marks stay readable; one of 2 leakers is named with \d+ %\.$/)
    expect(advice[1]).toContain('even a single leaker is named with 50 % only')
  })
})

describe('the bias family', () => {
  it.each([
    [0, undefined, 'HALF'],
    [149, undefined, 'HALF'],
    [150, undefined, 'JOINT6'],
    [2000, undefined, 'JOINT6'],
    [2000, 8, 'GL8'],
    [700, 8, 'JOINT6'],
  ] as const)('for %s expected marks and %s leakers is %s', (marks, leakers, family) => {
    expect(chooseFamily(marks, leakers)).toBe(family)
  })
})

describe('broken contracts', () => {
  const good = bundle(1, 1, 1)
  it.each<readonly [string, Partial<CapacityRequest>]>([
    ['alpha 0', { alpha: 0 }],
    ['no recipients', { recipients: 0 }],
    ['an unknown family', { family: JSON.parse('"GL5"') }],
    ['q 1', { pools: [{ pool: 'x', q: 1, count: 1, survival: {} }] }],
    ['a negative count', { pools: [{ pool: 'x', q: 2, count: -1, survival: {} }] }],
    ['survival above 1', { pools: [{ pool: 'x', q: 2, count: 1, survival: { a: 1.1 } }] }],
    ['a misread share above one half', { misread: 0.6 }],
    ['six leakers', { damages: [{ name: 'a', key: 'damage', leakers: 6, leadSpread: 0, lossSpread: 0 }] }],
    [
      'losses that hang together entirely',
      { damages: [{ name: 'a', key: 'damage', leakers: 1, leadSpread: 0, lossSpread: 1 }] },
    ],
    ['a way in which more survives than there is', { pools: [{ pool: 'x', q: 2, count: 1, survival: { a: [0, 2] } }] }],
    ['a damage only some pools know', { pools: [...good.pools, { pool: 'x', q: 2, count: 1, survival: {} }] }],
  ])('%s is refused', (_, change) => {
    expect(() => planCapacity({ ...good, ...change })).toThrow(expect.objectContaining({ code: 'bad-plan' }))
  })
  it('chooseFamily wants a number', () => {
    expect(() => chooseFamily(Number.NaN)).toThrow(expect.objectContaining({ code: 'bad-plan' }))
  })
})
