/**
 * Copies of googletest, C++ that nobody here wrote, must pass googletest's own tests: all first variants, all last, 20 random codewords.
 * `node --conditions=@sigillo/source bench/marks/cpp-equivalence.ts [copies]`. Needs Debian's g++ and googletest; takes some twenty
 * minutes; ends with status 1 when a copy fails.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCopy } from '@sigillo/marks/check-copy'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import { copyWords } from './copy-words.ts'
import type { EquivalenceRow } from './equivalence-table.ts'
import { keepRow } from './results.ts'

const SOURCE = '/usr/src/googletest/googletest'
const TESTS = [
  'googletest-filepath-test',
  'googletest-port-test',
  'googletest-message-test',
  'googletest-options-test',
  'googletest-test-part-test',
]
const copies = Number(process.argv[2] ?? 20)
if (!existsSync(SOURCE)) throw new Error('no googletest sources; install googletest')
const work = mkdtempSync(join(tmpdir(), 'cpp-equivalence-'))
cpSync(SOURCE, work, { recursive: true })

function run(command: string, args: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: work, encoding: 'utf8', maxBuffer: 1 << 26 })
  return status === 0 ? null : (stdout + stderr).slice(-3000)
}

/** Builds the library and runs its tests. */
function test(): string | null {
  const flags = ['-std=c++14', '-O0', '-w', '-I.', '-Iinclude', '-pthread']
  const library = run('g++', [...flags, '-c', 'src/gtest-all.cc', '-o', 'gtest.o'])
  if (library) return library
  for (const name of TESTS) {
    const main = 'src/gtest_main.cc'
    const trouble =
      run('g++', [...flags, `test/${name}.cc`, main, 'gtest.o', '-o', name]) ?? run(`./${name}`, ['--gtest_brief=1'])
    if (trouble) return `${name}: ${trouble}`
  }
  return null
}

async function write(plan: PlanFile, word: ReadonlyMap<string, number>): Promise<string | null> {
  const variantOf = (id: string): number => word.get(id) ?? 0
  const text = renderFile(plan, variantOf)
  writeFileSync(join(work, plan.path), text)
  const check = await checkCopy(plan, text, variantOf)
  return check.ok ? null : check.reason
}

const names = readdirSync(join(work, 'src')).filter((name) => name.endsWith('.cc') && !/_main|-all/.test(name))
const plans: PlanFile[] = []
for (const name of names)
  plans.push((await findSites(`src/${name}`, readFileSync(join(work, 'src', name), 'utf8'))).file)
console.log(
  `googletest: ${plans.length} files, ${plans.flatMap((plan) => plan.sites).length} sites; as it is: ${test() ?? 'passes'}`,
)
const words = plans.map((plan) => copyWords(plan, copies))
let failed = 0
for (let copy = 0; copy < copies + 2; copy++) {
  const checks: (string | null)[] = []
  for (const [at, plan] of plans.entries()) checks.push(await write(plan, words[at]![copy]!))
  const trouble = checks.find((check) => check !== null) ?? test()
  if (trouble) failed++
  console.log(`copy ${copy}: ${trouble ?? 'passes'}`)
}
rmSync(work, { recursive: true })
const row: EquivalenceRow = {
  id: 'cpp/googletest',
  language: 'C++',
  project: 'googletest',
  sites: plans.flatMap((plan) => plan.sites).length,
  copies: copies + 2,
  passed: copies + 2 - failed,
  tests: `its own, ${TESTS.length} programs`,
}
keepRow('equivalence', row)
console.log(failed === 0 ? 'every copy passes' : `${failed} FAILED`)
process.exitCode = failed === 0 ? 0 : 1
