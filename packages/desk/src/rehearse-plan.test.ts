import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan } from '@sigillo/marks/plan'
import { describe, expect, it } from 'vitest'
import type { ArtefactDocument } from './documents.ts'
import { reportPlan } from './plan-report.ts'
import { rehearsePlan } from './rehearse-plan.ts'

const root = join(import.meta.dirname, '../../..')
const text = readFileSync(join(root, 'examples/posta/bundle/poc/posta_handoff.mjs'), 'utf8')
const terser = `${process.execPath} ${join(root, 'node_modules/terser/bin/terser')} {} --module -c -m -o {out}`
const hasGit = spawnSync('git', ['--version']).status === 0
if (!hasGit) console.warn('SKIPPED: merges by git (install git)')

async function artefact(source: string): Promise<ArtefactDocument> {
  const plan = createPlan('a1', [(await findSites('poc.mjs', source)).file])
  return { schema: 'sigillo-desk-artefact/1', id: 'a1', case: 'c1', plan, test: null, warnings: [], required: [] }
}

describe('rehearsePlan', () => {
  it('plays through what needs no tool and what git does, and says of which rows that is so', async () => {
    const document = await artefact(text)
    const rehearsed = await rehearsePlan(document, [], () => undefined)
    const names = rehearsed.map(({ scenario: { name, leakers } }) => `${name}/${leakers}`)
    const alone = ['verbatim', 'minify', 'obfuscate', 'flatten'].map((name) => `${name}/1`)
    for (const name of alone) expect(names).not.toContain(name)
    for (const name of ['format/1', 'rename/1', 'shuffle/1', 'excerpt/1', 'merge-lines/3', 'merge-funcs/2'])
      expect(names).toContain(name)
    expect(names.includes('merge-union/2')).toBe(hasGit)
    const { capacity } = reportPlan(document, 100, 1e-6, rehearsed)
    const played = capacity.filter((row) => row.rehearsed).map(({ damage, leakers }) => `${damage}/${leakers}`)
    expect(played.toSorted()).toEqual(names.toSorted())
    expect(reportPlan(document, 100, 1e-6).capacity.some((row) => row.rehearsed)).toBe(false)
  }, 60_000)

  it('has a tool that is named do its work, in a row of that name', async () => {
    const document = await artefact(text)
    const tools = [
      { name: 'minify', command: terser },
      { name: 'nothing-left', command: 'echo 1 > {}' },
    ]
    const { capacity } = reportPlan(document, 100, 1e-6, await rehearsePlan(document, tools, () => undefined))
    const row = (damage: string) => capacity.filter((each) => each.damage === damage && each.leakers === 1)
    const [verbatim, minify, nothing] = ['verbatim', 'minify', 'nothing-left'].map((damage) => row(damage)[0])
    expect(row('minify')).toHaveLength(1)
    expect(minify).toMatchObject({ rehearsed: true })
    expect(minify!.readable).toBeGreaterThan(30)
    expect(minify!.readable).toBeLessThan(0.6 * verbatim!.readable)
    expect(nothing).toMatchObject({ rehearsed: true, readable: 0, catchOne: 0 })
  }, 60_000)

  it('says the same of the same plan every time', async () => {
    const document = await artefact(text.split('\n').slice(0, 120).join('\n'))
    expect(await rehearsePlan(document, [], () => undefined)).toEqual(await rehearsePlan(document, [], () => undefined))
  }, 60_000)

  it.each([
    ['fails', 'echo cannot; exit 3', /minify: "echo cannot; exit 3" fails on a copy of poc\.mjs \(exit 3: cannot\)/],
    ['makes nothing', 'true {out}', /minify: "true \{out\}" wrote no file \{out\}/],
  ])('says which tool %s, and on what', async (_, command, says) => {
    const tools = [{ name: 'minify', command }]
    await expect(rehearsePlan(await artefact(text), tools, () => undefined)).rejects.toThrow(says)
  })

  it('has nothing to play with an artefact without marks', async () => {
    expect(await rehearsePlan(await artefact(''), [], () => undefined)).toEqual([])
  })
})
