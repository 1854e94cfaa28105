/**
 * Copies of zod, TypeScript that nobody here wrote, must pass zod's own tests and the type checker: all first variants, all last, 20 random codewords.
 * `node --conditions=@sigillo/source bench/marks/typescript-equivalence.ts [copies]`. Takes some minutes; ends with status 1 when a copy fails.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import type { EquivalenceRow } from './equivalence-table.ts'
import { keepRow } from './results.ts'

const modules = join(import.meta.dirname, '../../node_modules')
const copies = Number(process.argv[2] ?? 20)

const CONFIG = `const conditions = ['@zod/source', 'node', 'module']
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['zod/src/v3/tests/**/*.test.ts'], maxWorkers: 2, isolate: false },
}
`
const TYPES = JSON.stringify({
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2022',
    module: 'nodenext',
    customConditions: ['@zod/source'],
    types: [],
  },
  include: ['zod/src/v3/*.ts', 'zod/src/v3/helpers/*.ts', 'zod/src/v4/core/*.ts', 'zod/src/v4/classic/*.ts'],
})

/** A folder with zod's source and what its tests need. */
function workshop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zod-'))
  cpSync(join(modules, 'zod'), join(folder, 'zod'), { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  for (const name of ['vitest', 'vite']) symlinkSync(join(modules, name), join(folder, 'node_modules', name))
  symlinkSync(join(folder, 'zod'), join(folder, 'node_modules/zod'))
  writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG)
  writeFileSync(join(folder, 'tsconfig.json'), TYPES)
  return folder
}

async function plansOf(folder: string): Promise<PlanFile[]> {
  const plans: PlanFile[] = []
  for (const part of ['src/v3', 'src/v3/helpers', 'src/v4/core', 'src/v4/classic'])
    for (const name of readdirSync(join(folder, 'zod', part)).filter((one) => one.endsWith('.ts'))) {
      const path = join('zod', part, name)
      plans.push((await findSites(path, readFileSync(join(folder, path), 'utf8'))).file)
    }
  return plans
}

/** A small generator with a fixed seed, so that a failure can be seen again. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function run(folder: string, tool: string, args: readonly string[]): { passed: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(join(modules, '.bin', tool), args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { passed: status === 0, output: stdout + stderr }
}

const folder = workshop()
const plans = await plansOf(folder)
const sites = plans.flatMap((plan) => plan.sites)
console.log(`zod: ${plans.length} files, ${sites.length} sites`)
const below = generator(41)
let failed = 0
for (let copy = 0; copy < copies + 2; copy++) {
  for (const plan of plans) {
    const word = new Map(
      plan.sites.map((site) => [site.id, [0, site.variants.length - 1][copy] ?? below(site.variants.length)]),
    )
    writeFileSync(
      join(folder, plan.path),
      renderFile(plan, (id) => word.get(id) ?? 0),
    )
  }
  const results = [run(folder, 'vitest', ['run', '--root', folder]), run(folder, 'tsc', ['-p', folder])]
  const [tests, types] = results
  const counts = /Tests .*passed.*/.exec(tests!.output)?.[0] ?? 'no tests ran'
  console.log(`copy ${copy}: ${counts}; types ${types!.passed ? 'pass' : 'FAIL'}`)
  for (const { passed, output } of results.filter((one) => !one.passed)) {
    console.log(passed, output.slice(-3000))
  }
  if (results.some(({ passed }) => !passed)) failed++
}
rmSync(folder, { recursive: true })
const row: EquivalenceRow = {
  id: 'npm/zod',
  language: 'TypeScript',
  project: 'npm: zod',
  sites: sites.length,
  copies: copies + 2,
  passed: copies + 2 - failed,
  tests: 'its own of version 3, and the type checker',
}
keepRow('equivalence', row)
console.log(failed === 0 ? 'every copy passes' : `${failed} FAILED`)
process.exitCode = failed === 0 ? 0 : 1
