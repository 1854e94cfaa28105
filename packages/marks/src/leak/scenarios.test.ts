import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { planCapacity } from '@sigillo/fingerprint/planner'
import type { PlannedPool } from '@sigillo/fingerprint/planner'
import { describe, expect, it } from 'vitest'
import { DAMAGE_FIGURES } from '../damage-figures.ts'
import { figuresFor } from '../internal/damage-table.ts'
import { findSites } from '../find-sites.ts'
import { LEAK_SCENARIOS, plannedLeak, survivalOfAdded } from './scenarios.ts'
import type { MarkSite, PlanFile } from '../site.ts'

const source = readFileSync(join(import.meta.dirname, '../../../../examples/posta/bundle/poc/posta_handoff.py'), 'utf8')
const file = (await findSites('posta_handoff.py', source)).file

/** A file of lines with one name of four words on each of those given. */
function namesOn(path: string, lines: number, at: readonly number[]): PlanFile {
  const text = 'xx\n'.repeat(lines)
  const sites = at.map((line, index): MarkSite => {
    const span = { start: 3 * (line - 1), end: 3 * (line - 1) + 2 }
    const variants = ['xx', 'ab', 'cd', 'ef'].map((word) => ({ edits: [{ span, text: word }], shown: word }))
    const survival = { verbatim: 1, format: 1, minify: 0, refactor: 0.35, rewrite: 0.05 }
    return {
      id: `${path}#${index}`,
      file: path,
      kind: 'local-name',
      pool: 'name',
      span,
      variants,
      line,
      anchor: {},
      survival,
    }
  })
  return { path, language: 'python', text, sites }
}

function kept(pools: readonly PlannedPool[], key: string): unknown[] {
  return pools.map(({ survival }) => survival[key])
}

describe('plannedLeak', () => {
  it('asks what the planner can answer, for every scenario', () => {
    const leak = plannedLeak([file])
    expect(leak.pools.reduce((sum, { count }) => sum + count, 0)).toBe(file.sites.length)
    const { rows } = planCapacity({ ...leak, recipients: 100, alpha: 1e-6, family: 'HALF' })
    expect(rows.map(({ damage, leakers }) => ({ name: damage, leakers }))).toEqual(LEAK_SCENARIOS)
  })

  it('knows which sites lie in an excerpt: all that stand together are there or are not', () => {
    const key = 'excerpt/1'
    const [together] = kept(plannedLeak([namesOn('a.py', 100, [50, 51, 52])]).pools, key) as number[][]
    const [apart] = kept(plannedLeak([namesOn('a.py', 100, [1, 50, 100])]).pools, key) as number[][]
    const most = Math.max(...together!)
    expect(most).toBeGreaterThan(0.3)
    expect(new Set(together)).toEqual(new Set([0, most]))
    expect(Math.max(...apart!)).toBeCloseTo(most / 3, 10)
  })

  it('has files that leak together cut at different places', () => {
    const files = [namesOn('a.py', 100, [50]), namesOn('b.py', 100, [50])]
    const [first, second] = kept(plannedLeak(files).pools, 'excerpt/1')
    expect(first).not.toEqual(second)
  })

  it('leaves files alone that are not touched', () => {
    const { pools } = plannedLeak([file], LEAK_SCENARIOS, () => false)
    for (const { survival } of pools)
      for (const { name, leakers } of LEAK_SCENARIOS)
        expect(survival[`${name}/${leakers}`]).toEqual({ agree: 1, differ: 1, lead: 1 })
  })

  it('takes a file of one function from one copy when functions are merged, one of many from both', () => {
    const overlapping = namesOn('a.py', 100, [10, 11, 12, 13])
    const whole = { start: 0, end: 200 }
    const joined = { ...overlapping, sites: overlapping.sites.map((site) => ({ ...site, span: whole })) }
    const spread = (of: PlanFile): number =>
      plannedLeak([of]).damages.find(({ name, leakers }) => name === 'merge-funcs' && leakers === 2)!.leadSpread
    expect(spread(joined)).toBe(1)
    expect(spread(overlapping)).toBeCloseTo(1 / 4, 10)
  })

  it('reads nothing of a site that only names tell from others once names are gone', () => {
    const named = { ...file, sites: file.sites.filter(({ anchor }) => anchor['names'] === true) }
    expect(named.sites.length).toBeGreaterThan(0)
    for (const share of kept(plannedLeak([named]).pools, 'rename/1'))
      expect(share).toMatchObject({ agree: expect.closeTo(0, 1) })
  })
})

describe('survivalOfAdded', () => {
  it('has the keys that the pools of a leak have', () => {
    const added = survivalOfAdded('essential', 'wire', file)
    expect(Object.keys(added).sort()).toEqual(Object.keys(plannedLeak([file]).pools[0]!.survival).sort())
  })
})

describe('DAMAGE_FIGURES', () => {
  const lines = DAMAGE_FIGURES.split('\n').filter((line) => line !== '')

  it.each(LEAK_SCENARIOS.filter(({ name }) => name !== 'verbatim' && name !== 'format'))(
    'has figures for $name of $leakers, in every language',
    ({ name, leakers }) => {
      for (const language of ['python', 'javascript', 'cobol']) {
        const row = figuresFor(DAMAGE_FIGURES, language, { name, leakers }, 50)
        expect(row?.kinds['*structural'] ?? row?.kinds['*name']).toBeDefined()
      }
    },
  )

  it('are shares, and correlations below one', () => {
    expect(lines.length).toBeGreaterThan(30)
    for (const line of lines) {
      const [language = '', name = '', leakers = '', from = ''] = line.split(' ')
      const row = figuresFor(DAMAGE_FIGURES, language, { name, leakers: Number(leakers) }, Number(from))!
      expect(row).toMatchObject({ language, from: Number(from) })
      expect(row.lossSpread).toBeLessThan(1)
      for (const share of [row.lossSpread, row.leadSpread, ...Object.values(row.kinds).flat()])
        if (share !== null) expect(share >= 0 && share <= 1).toBe(true)
    }
  })
})
