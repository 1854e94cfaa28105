import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { LEAK_SCENARIOS } from '@sigillo/marks/leak/scenarios'
import { createPlan } from '@sigillo/marks/plan'
import { describe, expect, it } from 'vitest'
import type { ArtefactDocument } from './documents.ts'
import { reportPlan } from './plan-report.ts'

const bundle = join(import.meta.dirname, '../../../examples/posta/bundle/poc')

async function artefact(names: readonly string[]): Promise<ArtefactDocument> {
  const files = await Promise.all(
    names.map(async (name) => (await findSites(name, readFileSync(join(bundle, name), 'utf8'))).file),
  )
  const plan = createPlan('a1', files)
  return { schema: 'sigillo-desk-artefact/1', id: 'a1', case: 'c1', plan, test: null, warnings: [], required: [] }
}

describe('reportPlan', () => {
  it('says of every scenario, and of leakers who hide, what the strongest file proves', async () => {
    const { capacity, advice } = reportPlan(await artefact(['posta_handoff.mjs', 'posta_handoff.py']), 100, 1e-6)
    expect(advice[0]).toContain('posta_handoff.py')
    for (const { name, leakers } of LEAK_SCENARIOS)
      expect(
        capacity.filter((row) => row.damage === name && row.leakers === leakers && row.merging === 'merge'),
      ).toHaveLength(1)
    for (const damage of ['verbatim', 'format', 'minify', 'refactor', 'rewrite'])
      expect(capacity.filter((row) => row.damage === damage)).toHaveLength(9)
  })

  it('promises less after an obfuscator than after renaming, and less of an excerpt than of the whole', async () => {
    const { capacity } = reportPlan(await artefact(['posta_handoff.mjs']), 100, 1e-6)
    const readable = (damage: string): number => capacity.find((row) => row.damage === damage)?.readable ?? -1
    expect(readable('flatten')).toBeLessThan(readable('obfuscate'))
    expect(readable('obfuscate')).toBeLessThan(readable('rename'))
    expect(readable('excerpt')).toBeLessThan(0.35 * readable('verbatim'))
  })

  it('has nothing to promise of an artefact without marks', async () => {
    const { capacity } = reportPlan(await artefact([]), 100, 1e-6)
    expect(capacity.every(({ catchOne, readable }) => catchOne === 0 && readable === 0)).toBe(true)
  })
})
