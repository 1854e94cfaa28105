import { seededDraw } from '@sigillo/fingerprint/simulate'
import { describe, expect, it } from 'vitest'
import { fitDamage } from './fit-figures.ts'
import type { Count, Observation } from './observe.ts'

function observation(change: Partial<Observation>): Observation {
  return { corpus: 'python', scenario: 'merge-funcs', leakers: 2, kinds: {}, led: {}, ...change }
}

function trials(count: number, one: (at: number) => Partial<Observation>): Observation[] {
  return Array.from({ length: count }, (_, at) => observation(one(at)))
}

function some(sites: number, share: number, draw: () => number): Count {
  return [sites, Array.from({ length: sites }, () => Number(draw() < share)).reduce((sum, hit) => sum + hit, 0)]
}

describe('fitDamage', () => {
  it('finds the shares that were read, of each kind, where copies agree and where they differ', () => {
    const draw = seededDraw(1)
    const [figures] = fitDamage(
      'python',
      trials(30, () => ({
        kinds: { 'local-name/agree': some(40, 0.8, draw), 'local-name/differ': some(40, 0.3, draw) },
      })),
    )
    const [agree = 0, differ = 0] = figures!.kinds['local-name'] ?? []
    expect(agree).toBeCloseTo(0.8, 1)
    expect(differ).toBeCloseTo(0.3, 1)
    expect(figures!.lossSpread).toBeLessThan(0.05)
  })

  it('sees that losses hang together', () => {
    const all = trials(30, (at) => ({ kinds: { 'local-name/agree': at % 2 === 0 ? [40, 40] : [40, 0] } }))
    expect(fitDamage('python', all)[0]!.lossSpread).toBeGreaterThan(0.9)
  })

  it('takes out of three copies what another shows by coincidence', () => {
    // The first copy decides one half of what differs; of the other half, sites of two variants show its variant once in three.
    const draw = seededDraw(2)
    const led = (): Count => some(90, 0.5 + 0.5 / 3, draw)
    const [figures] = fitDamage(
      'python',
      trials(30, () => ({ leakers: 3, kinds: { 'comparison/differ': [90, 90] }, led: { 'comparison/2': led() } })),
    )
    expect(figures!.kinds['comparison']?.[2]).toBeCloseTo(0.5, 1)
  })

  it('has figures of their own for small and large files when there are enough', () => {
    const sized = (count: number): Observation[] =>
      trials(count, (at) => ({ kinds: { 'local-name/agree': at % 2 === 0 ? [10, 2] : [60, 54] } }))
    expect(fitDamage('python', sized(30)).map(({ from }) => from)).toEqual([0])
    const [small, large] = fitDamage('python', sized(60))
    expect([small?.from, large?.from]).toEqual([0, 60])
    expect(small!.kinds['local-name']![0]).toBeCloseTo(0.2, 1)
    expect(large!.kinds['local-name']![0]).toBeCloseTo(0.9, 1)
  })
})
