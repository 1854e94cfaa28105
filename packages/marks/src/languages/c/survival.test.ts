import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'

const hasClangFormat = spawnSync('clang-format', ['--version']).status === 0
if (!hasClangFormat) console.warn('SKIPPED: what clang-format leaves of C (install clang-format)')
const zlib = '/usr/share/doc/zlib1g-dev/examples'
if (!existsSync(zlib)) console.warn('SKIPPED: the example programs of zlib (install zlib1g-dev)')

const root = join(import.meta.dirname, '../../../../..')
const files = [
  join(root, 'packages/marks/fixtures/c/ledger.c'),
  ...['bash', 'python', 'ruby'].map((name) => join(root, `node_modules/tree-sitter-${name}/src/scanner.c`)),
  ...['enough', 'gun', 'gzappend', 'gzjoin', 'gzlog', 'infcover', 'zran'].map((name) => join(zlib, `${name}.c`)),
].filter((path) => existsSync(path))
const host = files.at(-1)!

const clangFormat =
  (style: string) =>
  (text: string): string => {
    const { status, stdout, stderr } = spawnSync('clang-format', [`--style=${style}`, '--assume-filename=a.c'], {
      input: text,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }

describe('copies of real C files', () => {
  it.each(files)('%s: all-last and 3 random codewords are sound copies', async (path) => {
    const file = await planOf(path)
    expect(file.sites.length).toBeGreaterThan(10)
    const next = numbersFrom(3)
    const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
    for (const word of [last, ...Array.from({ length: 3 }, () => trialWord(file, next))])
      expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id)!)).toEqual({ ok: true })
  })
})

describe('what happens to a C file', () => {
  it.skipIf(!hasClangFormat).each(['LLVM', 'GNU', 'WebKit', 'Mozilla'])(
    'clang-format, %s: everything is read',
    async (style) => {
      const tally = await survey(files, clangFormat(style))
      expect(tally['all']?.wrong).toBe(0)
      expect(share(tally, 'all')).toBe(1)
    },
  )

  it('comment stripping: everything is read', async () => {
    const tally = await survey(files, (text) => withoutComments('c', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBe(1)
  })

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('c', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.6)
  })

  it('a third pasted into another file: what is there is read right', async () => {
    const other = readFileSync(host, 'utf8')
    const tally = await survey(files.slice(0, -1), (text) => excerptIn(text, other))
    expect(tally['all']!.wrong).toBeLessThanOrEqual(0.001 * tally['all']!.right)
    expect(tally['all']!.right).toBeGreaterThan(60)
  })

  it('two copies merged by lines: only what one of them said', async () => {
    const { right, wrong } = (await mergedLines(files))['all']!
    expect(wrong).toBeLessThanOrEqual(0.005 * right)
    expect(right).toBeGreaterThan(100)
  })

  it('an unrelated file says nothing', async () => {
    const other = { path: 'other', text: readFileSync(host, 'utf8') }
    for (const path of files.slice(0, -1)) {
      const readings = await readFile(await planOf(path), other)
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})
