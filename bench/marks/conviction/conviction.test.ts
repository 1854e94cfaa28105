import { findSites } from '@sigillo/marks/find-sites'
import { createPlan } from '@sigillo/marks/plan'
import { describe, expect, it } from 'vitest'
import { BUNDLES } from './bundles.ts'
import type { Bundle } from './bundles.ts'
import { leakDamages } from './damages.ts'
import { measureConviction } from './measure.ts'
import type { ConvictionRow } from './measure.ts'
import { brokenPromises } from './table.ts'

async function oneFile(): Promise<Bundle> {
  const source = BUNDLES['posta']!().find(({ path }) => path.endsWith('.py'))!
  const plan = createPlan('posta', [(await findSites(source.path, source.text)).file])
  return { name: 'posta', plan, files: [plan], hosts: [''] }
}

describe('conviction', () => {
  it("a leaker of Posta's attack is named after names and comments are gone, and nobody else is", async () => {
    const bundle = await oneFile()
    const wanted = ['nothing', 'comments stripped', 'all renamed', '2 copies merged by functions']
    for (const damage of leakDamages().filter(({ name }) => wanted.includes(name))) {
      const [row] = await measureConviction(bundle, damage, 2)
      expect(row).toMatchObject({ named: 2, innocent: 0, trials: 2, forecast: 1, rehearsed: 1 })
    }
  })

  it('a leak without a mark names nobody', async () => {
    const bundle = await oneFile()
    const [nothing] = leakDamages()
    const [row] = await measureConviction(bundle, { ...nothing!, run: () => 'print("hello")\n' }, 2)
    expect(row).toMatchObject({ read: 0, named: 0, innocent: 0, counted: 0 })
  })
})

describe('promises', () => {
  const row = (change: Partial<ConvictionRow>): ConvictionRow => ({
    id: 'posta/black/bundle',
    bundle: 'posta',
    damage: 'black',
    leakers: 1,
    leak: 'bundle',
    sites: 100,
    read: 100,
    trials: 20,
    named: 20,
    innocent: 0,
    rehearsed: 1,
    forecast: 1,
    counted: 1,
    ...change,
  })

  it.each<[string, Partial<ConvictionRow>]>([
    ['an innocent copy is accused', { innocent: 1 }],
    ['enough marks, and the leaker is not named', { named: 19 }],
    ['the forecast is more than ten points off', { leak: 'file', rehearsed: 0.85 }],
  ])('broken when %s', (_, change) => {
    expect(brokenPromises(row({}))).toEqual([])
    expect(brokenPromises(row(change))).toHaveLength(1)
  })
})
