import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kept } from '@sigillo/fingerprint/planner'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import { describe, expect, it } from 'vitest'
import { findSites } from '../find-sites.ts'
import { groupKey } from '../internal/site-groups.ts'
import type { PlanFile } from '../site.ts'
import { damagingFor } from './damagings.ts'
import { type Damaging, rehearse, type Rehearsed } from './rehearse.ts'
import { LEAK_SCENARIOS, type LeakScenario, plannedLeak } from './scenarios.ts'

const source = readFileSync(join(import.meta.dirname, '../../../../examples/posta/bundle/poc/posta_handoff.py'), 'utf8')
const { file } = await findSites('posta_handoff.py', source)
const single: LeakScenario = { name: 'test', leakers: 1 }
const pair: LeakScenario = { name: 'test', leakers: 2 }

const play = (scenario: LeakScenario, damaging: Damaging, ways = 4): Promise<Rehearsed> =>
  rehearse(file, scenario, damaging, seededDraw(1), ways)
const numbers = (share: Kept['agree']): readonly number[] => (typeof share === 'number' ? [share] : share)

/** Mean over all sites and ways. */
function mean({ groups }: Rehearsed, of: (kept: Kept) => Kept['agree'] = ({ agree }) => agree): number {
  const shares = file.sites.flatMap((site) => numbers(of(groups.get(groupKey(file, site))!)))
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

describe('a rehearsed leak', () => {
  it('of a copy as it is leaves everything; of another text, nothing', async () => {
    expect(mean(await play(single, ([copy = '']) => copy))).toBe(1)
    expect(mean(await play(single, () => 'print("hello")\n'))).toBe(0)
  })

  it('has a share for each group of sites and each time, and says which times were bad', async () => {
    const half: Damaging = ([copy = ''], _, __, { at }) => (at % 2 === 0 ? copy : '')
    const { groups } = await play(single, half)
    expect(new Set(groups.keys())).toEqual(new Set(file.sites.map((site) => groupKey(file, site))))
    for (const { agree } of groups.values()) expect(agree).toEqual([1, 0, 1, 0])
  })

  it('of two copies tells whose marks are left', async () => {
    const first = await play(pair, ([one = '']) => one)
    const second = await play(pair, ([, two = '']) => two)
    expect(mean(first, ({ lead = 0.5 }) => lead)).toBeGreaterThan(0.8)
    expect(mean(second, ({ lead = 0.5 }) => lead)).toBeLessThan(0.2)
    expect(mean(first, ({ differ }) => differ)).toBe(1)
  })

  it('counts a mark that nobody wrote against those that are read right', async () => {
    const original: Damaging = (_, { text }) => text
    expect(mean(await play(single, original))).toBeLessThan(0.35)
  })

  it('is what the planner goes by, in the place of its figures', async () => {
    const rehearsed = await play({ name: 'minify', leakers: 1 }, ([copy = '']) => copy)
    const planned = (played: readonly Rehearsed[]) =>
      plannedLeak([file], LEAK_SCENARIOS, () => true, new Map([[file, played]]))
    const shares = (leak: ReturnType<typeof planned>) => leak.pools.map(({ survival }) => survival['minify/1'])
    for (const kept of shares(planned([rehearsed]))) expect(kept).toMatchObject({ agree: [1, 1, 1, 1] })
    expect(shares(planned([]))).not.toEqual(shares(planned([rehearsed])))
    const spread = (leak: ReturnType<typeof planned>) => leak.damages.find(({ name }) => name === 'minify')!.lossSpread
    expect(spread(planned([rehearsed]))).toBe(0)
    expect(spread(planned([]))).toBeGreaterThan(0)
  })
})

describe('scenarios that need no tool', () => {
  const played = LEAK_SCENARIOS.filter((scenario) => damagingFor(scenario, file) !== null)

  it('are the edits and merges of a person with an editor', () => {
    const names = new Set(played.map(({ name }) => name))
    expect(names).toEqual(new Set(['format', 'rename', 'shuffle', 'excerpt', 'merge-lines', 'merge-funcs']))
  })

  it('of documents and data are those that take lines', () => {
    const page: Pick<PlanFile, 'language'> = { language: 'markdown' }
    const names = LEAK_SCENARIOS.filter((scenario) => damagingFor(scenario, page) !== null).map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(['excerpt', 'merge-lines']))
  })

  it.each(played)('$name of $leakers leaves some marks, and not all', async (scenario) => {
    const share = mean(await play(scenario, damagingFor(scenario, file)!, 3))
    expect(share).toBeGreaterThan(0.15)
    if (scenario.name !== 'format' && scenario.name !== 'merge-funcs') expect(share).toBeLessThan(1)
  })
})
