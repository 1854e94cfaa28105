import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findSites } from './find-sites.ts'
import { renderFile } from './render.ts'
import { variantDiff } from './variant-diff.ts'

const path = join(import.meta.dirname, '../../../examples/posta/bundle/poc/posta_handoff.py')
const patch = spawnSync('patch', ['--version']).status === 0
if (!patch) console.warn('SKIPPED: diffs are not tried with patch (install patch)')

describe('variantDiff', () => {
  it('shows what a variant changes with a line around it, and nothing for the original', async () => {
    const text = 'first\n\nsend lantern\nscope: tenant # sigillo:mark essential tenant | domain\nuntil harbour\nlast\n'
    const { file } = await findSites('a.conf', text)
    const [site] = file.sites
    expect(variantDiff(file, site!, 0)).toBe('')
    expect(variantDiff(file, site!, 1)).toBe(
      '--- a.conf\n+++ a.conf#essential-1 = 1\n@@ -3,3 +3,3 @@\n send lantern\n-scope: tenant\n+scope: domain\n until harbour',
    )
  })

  it.skipIf(!patch)('is a patch that leads from the original to the copy, for every kind of site', async () => {
    const { file } = await findSites('poc.py', readFileSync(path, 'utf8'))
    const folder = mkdtempSync(join(tmpdir(), 'variant-diff-'))
    const one = new Map(file.sites.map((site) => [site.kind, site]))
    for (const site of one.values()) {
      const variant = site.variants.length - 1
      const target = join(folder, 'poc.py')
      writeFileSync(target, file.text)
      const run = spawnSync('patch', ['-s', target], { input: `${variantDiff(file, site, variant)}\n` })
      expect({ kind: site.kind, status: run.status }).toEqual({ kind: site.kind, status: 0 })
      expect(readFileSync(target, 'utf8')).toBe(renderFile(file, (id) => (id === site.id ? variant : 0)))
    }
    rmSync(folder, { recursive: true })
  })
})
