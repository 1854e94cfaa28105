/**
 * Copies of npm packages that nobody here wrote must pass the tests that were published with them: all first variants, all last, 20 random
 * codewords. `node --conditions=@sigillo/source bench/marks/npm-equivalence.ts [copies] [package…]`. Needs nothing but `npm ci`; takes some
 * minutes; keeps its figures in results/equivalence.json; ends with status 1 when a copy fails.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { checkCopy } from '@sigillo/marks/check-copy'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import { copyWords } from './copy-words.ts'
import type { EquivalenceRow } from './equivalence-table.ts'
import { keepRow } from './results.ts'

/** Packages whose tests are published, use node:test and need nothing that is not installed. */
const PACKAGES =
  '@fastify/error @fastify/forwarded @fastify/merge-json-schemas @fastify/proxy-addr find-my-way safe-regex2'

const installed = join(import.meta.dirname, '../../node_modules')
const copies = Number(process.argv[2] ?? 20)
const packages = process.argv.length > 3 ? process.argv.slice(3) : PACKAGES.split(' ')
const work = mkdtempSync(join(tmpdir(), 'npm-equivalence-'))
symlinkSync(installed, join(work, 'node_modules'))

/** Files of the package's own code, by path inside the package. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !/(?:^|\/)(?:test|tests|benchmark|benchmarks|example|examples|node_modules)\//.test(path))
    .filter((path) => !/^(?:bench|benchmark|example|eslint\.config|test)\.js$/.test(path))
    .sort()
}

function testFiles(folder: string): string[] {
  return readdirSync(join(folder, 'test'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join('test', name))
    .sort()
}

function test(folder: string, files: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', ...files], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 1 << 26,
  })
  return status === 0 ? null : (stdout + stderr).slice(-3000)
}

async function write(folder: string, plan: PlanFile, word: ReadonlyMap<string, number>): Promise<string | null> {
  const variantOf = (id: string): number => word.get(id) ?? 0
  const text = renderFile(plan, variantOf)
  writeFileSync(join(folder, plan.path), text)
  const check = await checkCopy(plan, text, variantOf)
  return check.ok ? null : check.reason
}

async function tryCopy(
  folder: string,
  plans: readonly PlanFile[],
  words: readonly ReadonlyMap<string, number>[],
  files: readonly string[],
): Promise<string | null> {
  for (const [at, plan] of plans.entries()) {
    const trouble = await write(folder, plan, words[at]!)
    if (trouble !== null) return trouble
  }
  return test(folder, files)
}

let failed = 0
for (const name of packages) {
  const folder = join(work, name)
  mkdirSync(folder, { recursive: true })
  cpSync(join(installed, name), folder, { recursive: true, dereference: true })
  // Some test files need packages that are not installed; they fail on the original and say nothing.
  const files = testFiles(folder).filter((file) => test(folder, [file]) === null)
  const plans: PlanFile[] = []
  for (const path of sourcesOf(folder))
    plans.push((await findSites(path, readFileSync(join(folder, path), 'utf8'))).file)
  const words = plans.map((plan) => copyWords(plan, copies))
  let passed = 0
  for (let copy = 0; copy < copies + 2; copy++) {
    const own = words.map((ofFile) => ofFile[copy]!)
    const trouble = files.length === 0 ? 'no test passes on the original' : await tryCopy(folder, plans, own, files)
    if (trouble === null) passed++
    else console.log(`${name}, copy ${copy}: ${trouble}`)
  }
  failed += copies + 2 - passed
  const sites = plans.flatMap((plan) => plan.sites).length
  console.log(`${name}: ${plans.length} files, ${sites} sites, ${passed} of ${copies + 2} copies pass`)
  const row: EquivalenceRow = {
    id: `npm/${name}`,
    language: 'JavaScript',
    project: `npm: ${name}`,
    sites,
    copies: copies + 2,
    passed,
    tests: `its own, ${files.length} of ${testFiles(folder).length} files`,
  }
  keepRow('equivalence', row)
}
rmSync(work, { recursive: true })
console.log(failed === 0 ? 'every copy passes' : `${failed} FAILED`)
process.exitCode = failed === 0 ? 0 : 1
