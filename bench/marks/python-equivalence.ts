/**
 * Copies of modules of Python's standard library, code that nobody here wrote, must pass CPython's own tests: all first variants, all last, 20
 * random codewords. `node --conditions=@sigillo/source bench/marks/python-equivalence.ts [copies] [module…]`. Needs Debian's
 * libpython3.11-testsuite; takes some minutes; keeps its figures in results/equivalence.json; ends with status 1 when a copy fails.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCopy } from '@sigillo/marks/check-copy'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import { copyWords } from './copy-words.ts'
import type { EquivalenceRow } from './equivalence-table.ts'
import { keepRow } from './results.ts'

const LIBRARY = '/usr/lib/python3.11'
/** Modules of one file with the test that CPython has for each. */
const MODULES =
  'argparse calendar cmd csv difflib fractions gettext heapq netrc optparse plistlib quopri shlex string textwrap'

const copies = Number(process.argv[2] ?? 20)
const modules = process.argv.length > 3 ? process.argv.slice(3) : MODULES.split(' ')
if (!existsSync(join(LIBRARY, 'test/test_argparse.py')))
  throw new Error('no CPython tests; install libpython3.11-testsuite')
const work = mkdtempSync(join(tmpdir(), 'python-equivalence-'))

/** Runs the module's test with `text` in place of the module; null when it passes. */
function test(module: string, text: string): string | null {
  const path = join(work, 'path')
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path)
  writeFileSync(join(path, `${module}.py`), text)
  const env = { ...process.env, PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1', LC_ALL: 'C.UTF-8', TERM: 'dumb' }
  const program = `import ${module}, sys; assert ${module}.__file__.startswith(sys.argv[1]), ${module}.__file__`
  const used = spawnSync('/usr/bin/python3', ['-c', program, path], { cwd: work, env, encoding: 'utf8' })
  if (used.status !== 0) return used.stderr.slice(-3000)
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-m', 'test', `test_${module}`], {
    cwd: work,
    env,
    encoding: 'utf8',
    timeout: 300_000,
  })
  return status === 0 ? null : (stdout + stderr).slice(-3000)
}

async function check(plan: PlanFile, module: string, word: ReadonlyMap<string, number>): Promise<string | null> {
  const variantOf = (id: string): number => word.get(id) ?? 0
  const text = renderFile(plan, variantOf)
  const sound = await checkCopy(plan, text, variantOf)
  return sound.ok ? test(module, text) : sound.reason
}

let failed = 0
for (const module of modules) {
  const source = readFileSync(join(LIBRARY, `${module}.py`), 'utf8')
  const plain = test(module, source)
  if (plain !== null) {
    console.log(`${module}: the original does not pass here: ${plain}`)
    continue
  }
  const { file } = await findSites(`${module}.py`, source)
  let passed = 0
  for (const [at, word] of copyWords(file, copies).entries()) {
    const trouble = await check(file, module, word)
    if (trouble === null) passed++
    else console.log(`${module}, copy ${at}: ${trouble}`)
  }
  failed += copies + 2 - passed
  console.log(`${module}: ${file.sites.length} sites, ${passed} of ${copies + 2} copies pass`)
  const row: EquivalenceRow = {
    id: `python/${module}`,
    language: 'Python',
    project: `standard library: ${module}`,
    sites: file.sites.length,
    copies: copies + 2,
    passed,
    tests: `CPython's test_${module}`,
  }
  keepRow('equivalence', row)
}
rmSync(work, { recursive: true })
console.log(failed === 0 ? 'every copy passes' : `${failed} FAILED`)
process.exitCode = failed === 0 ? 0 : 1
