import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { findSites } from '../find-sites.ts'
import { createPlan, type MarkPlan } from '../plan.ts'
import { readSample } from '../read-sample.ts'
import { renderFile } from '../render.ts'
import type { SampleFile } from '../site.ts'

const root = join(import.meta.dirname, '../../../..')
const TOOL = readFileSync(join(root, 'examples/posta/bundle/poc/posta_handoff.mjs'), 'utf8')
const TYPED = readFileSync(join(root, 'node_modules/zod/src/v4/core/to-json-schema.ts'), 'utf8')
const words = (stem: string): string =>
  `\nfunction ${stem}Report() {\n  return "${stem}Lantern " + ["${stem}Harbour", "${stem}Ferry"].join("${stem}Tide")\n}\n`

async function planOf(...files: readonly (readonly [path: string, text: string])[]): Promise<MarkPlan> {
  return createPlan('twins', await Promise.all(files.map(async ([path, text]) => (await findSites(path, text)).file)))
}

const wordOf = (plan: MarkPlan): Map<string, number> =>
  new Map(
    plan.files
      .flatMap(({ sites }) => sites)
      .map(({ id, variants }, at) => [id, (Math.imul(at + 1, 0x9e3779b1) >>> 8) % variants.length]),
  )

/** For each file of the plan, how many sites were read, right and wrong. */
async function outcome(plan: MarkPlan, samples: readonly SampleFile[]): Promise<{ right: number; wrong: number }[]> {
  const word = wordOf(plan)
  const readings = new Map((await readSample(plan, samples)).map(({ site, variant }) => [site, variant]))
  return plan.files.map(({ sites }) => {
    const told = sites.filter(({ id }) => readings.get(id) !== null)
    const right = told.filter(({ id }) => readings.get(id) === word.get(id)).length
    return { right, wrong: told.length - right }
  })
}

function copies(plan: MarkPlan): SampleFile[] {
  const word = wordOf(plan)
  return plan.files.map((file) => ({ path: file.path, text: renderFile(file, (id) => word.get(id) ?? 0) }))
}

describe('two versions of a tool in one artefact', () => {
  it('a copy of one of them says nothing about the other', async () => {
    const plan = await planOf(['old.mjs', TOOL + words('ancient')], ['new.mjs', TOOL + words('modern')])
    const [old, recent] = await outcome(plan, copies(plan).slice(0, 1))
    expect(old?.right).toBeGreaterThan(0.9 * plan.files[0]!.sites.length)
    expect(old?.wrong).toBe(0)
    expect(recent).toEqual({ right: 0, wrong: 0 })
  })

  it('copies of both are each read as what they are', async () => {
    const plan = await planOf(['old.mjs', TOOL + words('ancient')], ['new.mjs', TOOL + words('modern')])
    for (const [at, { right, wrong }] of (await outcome(plan, copies(plan))).entries()) {
      expect(right).toBeGreaterThan(0.9 * plan.files[at]!.sites.length)
      expect(wrong).toBe(0)
    }
  })

  it('a copy that may be of either says nothing', async () => {
    const plan = await planOf(['old.mjs', TOOL], ['new.mjs', TOOL.replace('Posta', 'posta')])
    const read = await outcome(plan, copies(plan).slice(0, 1))
    expect(read.map(({ wrong }) => wrong)).toEqual([0, 0])
  })
})

describe('TypeScript and what it compiles to in one artefact', () => {
  const compile = (text: string): string => transformSync(text, { loader: 'ts' }).code

  it('the typed text is read, what may be compiled from it is not', async () => {
    const plan = await planOf(['a.ts', TYPED], ['a.js', compile(TYPED)])
    const [typed, compiled] = copies(plan)
    const all = plan.files[0]!.sites.length
    expect(await outcome(plan, [typed!])).toEqual([
      { right: all, wrong: 0 },
      { right: 0, wrong: 0 },
    ])
    for (const text of [compiled!.text, compile(typed!.text)])
      expect((await outcome(plan, [{ path: 'found.js', text }])).map(({ wrong }) => wrong)).toEqual([0, 0])
  })
})
