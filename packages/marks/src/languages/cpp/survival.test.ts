import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { type Program, run, runCopies } from '../c/run-copies.ts'

const hasClangFormat = spawnSync('clang-format', ['--version']).status === 0
if (!hasClangFormat) console.warn('SKIPPED: what clang-format leaves of C++ (install clang-format)')
const hasCompiler = spawnSync('g++', ['--version']).status === 0
if (!hasCompiler) console.warn('SKIPPED: what copies of C++ programs do (install g++)')
const googletest = '/usr/src/googletest'
if (!existsSync(googletest)) console.warn('SKIPPED: the sources of googletest (install googletest)')

const ours = join(import.meta.dirname, '../../../fixtures/cpp/ledger.cpp')
const files = [
  ours,
  ...['death-test', 'filepath', 'port', 'printers', 'test-part'].map((name) => `googletest/src/gtest-${name}.cc`),
  ...['cardinalities', 'internal-utils', 'matchers', 'spec-builders'].map((name) => `googlemock/src/gmock-${name}.cc`),
  'googlemock/src/gmock.cc',
]
  .map((name) => join(name === ours ? '' : googletest, name))
  .filter((path) => existsSync(path))
const host = files.at(-2)!
const guests = files.filter((path) => path !== host)

const clangFormat =
  (style: string) =>
  (text: string): string => {
    const { status, stdout, stderr } = spawnSync('clang-format', [`--style=${style}`, '--assume-filename=a.cc'], {
      input: text,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }

describe('copies of real C++ files', () => {
  it.each(files)('%s: all-last and 3 random codewords are sound copies', async (path) => {
    const file = await planOf(path)
    expect(file.sites.length).toBeGreaterThan(2)
    const next = numbersFrom(3)
    const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
    for (const word of [last, ...Array.from({ length: 3 }, () => trialWord(file, next))])
      expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id)!)).toEqual({ ok: true })
  })
})

describe.skipIf(!hasCompiler)('copies do what the original does', () => {
  const work = mkdtempSync(join(tmpdir(), 'sigillo-cpp-'))
  afterAll(() => rmSync(work, { recursive: true, force: true }))
  const ledger: Program = {
    compiler: 'g++',
    source: ours,
    flags: [],
    args: [],
    input: 'alice,credit,500\nbob,Debit,70\nshort\nalice,debit,20\ncarol,loan,3\ndave,note,1\nerin,deposit,x\n',
  }

  it('a program of ours: 12 copies print the same, but for the declared mark', async () => {
    const outcomes = await runCopies(ledger, work, 10)
    expect(outcomes[0]).toMatchObject({ status: 0, said: expect.stringContaining('2 accounts hold 410') as string })
    const plain = outcomes.map(({ status, said }) => `${status} ${said.replace(/== [a-z-]+ ==/, '== title ==')}`)
    expect(new Set(plain).size).toBe(1)
  }, 120_000)

  it('the same check notices a copy that does something else', () => {
    const changed = readFileSync(ours, 'utf8').replace('debits_[booking.account] +=', 'debits_[booking.account] -=')
    expect(run(ledger, changed, work).said).not.toContain('2 accounts hold 410')
  })
})

describe('what happens to a C++ file', () => {
  it.skipIf(!hasClangFormat).each(['LLVM', 'GNU', 'WebKit', 'Mozilla'])(
    'clang-format, %s: everything is read',
    async (style) => {
      const tally = await survey(files, clangFormat(style))
      expect(tally['all']?.wrong).toBe(0)
      expect(share(tally, 'all')).toBe(1)
    },
  )

  it('comment stripping: everything is read', async () => {
    const tally = await survey(files, (text) => withoutComments('cpp', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBe(1)
  })

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('cpp', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.6)
  })

  it('a third pasted into another file: what is there is read right', async () => {
    const other = readFileSync(host, 'utf8')
    const tally = await survey(guests, (text) => excerptIn(text, other))
    expect(tally['all']!.wrong).toBeLessThanOrEqual(0.001 * tally['all']!.right)
    expect(tally['all']!.right).toBeGreaterThan(30)
  })

  it('two copies merged by lines: only what one of them said', async () => {
    const { right, wrong } = (await mergedLines(files))['all']!
    expect(wrong).toBeLessThanOrEqual(0.005 * right)
    expect(right).toBeGreaterThan(60)
  })

  it('an unrelated file says nothing', async () => {
    const other = { path: 'other', text: readFileSync(host, 'utf8') }
    for (const path of guests) {
      const readings = await readFile(await planOf(path), other)
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})
