import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan } from '@sigillo/marks/plan'
import { describe, expect, it } from 'vitest'
import type { ArtefactDocument } from './documents.ts'
import { advisePlan } from './plan-advice.ts'

const path = join(import.meta.dirname, '../../../examples/posta/bundle/poc/posta_handoff.py')
const marked = readFileSync(path, 'utf8')
const plain = marked.replace(/[ \t]*# sigillo:mark.*$/gm, '')

async function artefact(text: string, required: readonly string[] = []): Promise<ArtefactDocument> {
  const { file } = await findSites('poc.py', text)
  const plan = createPlan('a1', [file])
  return {
    schema: 'sigillo-desk-artefact/1',
    id: 'a1',
    case: 'c1',
    plan,
    test: null,
    warnings: [],
    required: [...required],
  }
}

describe('advisePlan', () => {
  it('shows every site with its variants, one diff for each but the original, one for a name', async () => {
    const { proposals } = await advisePlan(await artefact(marked), 100, 1e-6)
    expect(new Set(proposals.map(({ site }) => site)).size).toBe(proposals.length)
    for (const { kind, variants, diffs } of proposals) {
      expect(diffs).toHaveLength(kind.endsWith('-name') ? 1 : variants.length - 1)
      expect(diffs.every((diff) => diff.startsWith('--- poc.py\n'))).toBe(true)
    }
  })

  it('says what a plain tool lacks to be found after a rewrite, and that declared marks supply it', async () => {
    const before = await advisePlan(await artefact(plain), 100, 1e-6)
    const rewrite = before.missing.find(({ damage, leakers }) => damage === 'rewrite' && leakers === 1)
    expect(rewrite?.now).toBeLessThan(0.95)
    expect(rewrite?.essential).toBeGreaterThanOrEqual(5)
    expect(rewrite?.essential).toBeLessThanOrEqual(20)
    const after = await advisePlan(await artefact(marked), 100, 1e-6)
    expect(after.missing.find(({ damage, leakers }) => damage === 'rewrite' && leakers === 1)).toBeUndefined()
  })

  it('says what is missing for excerpts, obfuscators and merged copies too', async () => {
    const { missing } = await advisePlan(await artefact(plain), 100, 1e-6)
    const named = missing.map(({ damage, leakers }) => `${damage} of ${leakers}`)
    expect(named).toEqual(expect.arrayContaining(['obfuscate of 1', 'excerpt of 1', 'merge-lines of 2']))
    for (const { essential, now } of missing) {
      expect(now).toBeLessThan(0.95)
      expect(essential ?? 1).toBeGreaterThanOrEqual(1)
    }
  })

  it('proposes nothing for what any tool must contain', async () => {
    const all = await advisePlan(await artefact(plain), 100, 1e-6)
    expect(all.choosable.map(({ value }) => value)).toContain('tenant')
    const fewer = await advisePlan(await artefact(plain, ['tenant']), 100, 1e-6)
    expect(fewer.choosable.map(({ value }) => value)).not.toContain('tenant')
    expect(fewer.required).toEqual({ values: ['tenant'], lines: [] })
  })

  it('proposes nothing in lines that any tool must have', async () => {
    const document = await artefact(plain)
    const all = await advisePlan(document, 100, 1e-6)
    const { line } = all.choosable.find(({ value }) => value === 'tenant') ?? { line: 0 }
    const lines = [{ path: 'poc.py', first: line, last: line }]
    const fewer = await advisePlan({ ...document, requiredLines: lines }, 100, 1e-6)
    expect(fewer.choosable.map((one) => one.line)).not.toContain(line)
    expect(fewer.choosable.length).toBeGreaterThan(0)
    expect(fewer.required).toEqual({ values: [], lines })
    const elsewhere = await advisePlan({ ...document, requiredLines: [{ ...lines[0]!, path: 'b.py' }] }, 100, 1e-6)
    expect(elsewhere.choosable).toEqual(all.choosable)
  })
})
