import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'

const found = spawnSync('ruby', ['-e', 'print RbConfig::CONFIG["rubylibdir"]'], { encoding: 'utf8' })
const library = found.status === 0 ? found.stdout : null
if (library === null) console.warn("SKIPPED: Ruby's own library and syntax check (install ruby)")
const hasRubocop = spawnSync('rubocop', ['--version']).status === 0
if (!hasRubocop) console.warn('SKIPPED: what rubocop leaves (install rubocop)')

const files = [
  join(import.meta.dirname, '../../../fixtures/ruby/lantern.rb'),
  ...[
    'csv/row',
    'erb',
    'getoptlong',
    'ipaddr',
    'net/http',
    'net/protocol',
    'optparse',
    'ostruct',
    'set',
    'time',
    'uri/generic',
  ].map((name) => join(library ?? '', `${name}.rb`)),
].filter((path) => existsSync(path))
const host = files.at(-1)!

/** Layout, quotes, hash syntax and what else rubocop corrects without being asked twice. */
function rubocop(text: string): string {
  const { stdout } = spawnSync('rubocop', ['--stdin', 'a.rb', '--stderr', '-a', '--cache', 'false'], {
    input: text,
    encoding: 'utf8',
    env: { ...process.env, HOME: '/nonexistent' },
    maxBuffer: 1 << 26,
  })
  return stdout
}

describe('copies of real Ruby files', () => {
  it.each(files)('%s: all-last and 3 random codewords are sound copies', async (path) => {
    const file = await planOf(path)
    expect(file.sites.length).toBeGreaterThan(5)
    const next = numbersFrom(3)
    const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
    for (const word of [last, ...Array.from({ length: 3 }, () => trialWord(file, next))])
      expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id)!)).toEqual({ ok: true })
  })

  it.skipIf(library === null)(
    'ruby -wc has nothing to say of a copy that it does not say of the original',
    async () => {
      const check = (text: string): string => spawnSync('ruby', ['-wc'], { input: text, encoding: 'utf8' }).stdout
      for (const path of files) {
        const file = await planOf(path)
        expect(check(trialCopy(file, trialWord(file, numbersFrom(11)))), path).toBe('Syntax OK\n')
      }
    },
  )
})

describe('what happens to a Ruby file', () => {
  it('comment stripping: everything is read', async () => {
    const tally = await survey(files, (text) => withoutComments('ruby', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBe(1)
  })

  it.skipIf(!hasRubocop)(
    'rubocop -a: nearly everything, and nothing wrong',
    async () => {
      const tally = await survey(files.slice(0, 4), rubocop)
      expect(tally['all']?.wrong).toBe(0)
      expect(share(tally, 'structural')).toBeGreaterThan(0.95)
      expect(share(tally, 'name')).toBeGreaterThan(0.95)
      expect(share(tally, 'wire')).toBe(1)
    },
    120_000,
  )

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('ruby', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'function-order')).toBeGreaterThan(0.95)
  })

  it('a third pasted into another file: what is there is read right', async () => {
    const other = readFileSync(host, 'utf8')
    const tally = await survey(files.slice(0, -1), (text) => excerptIn(text, other))
    expect(tally['all']!.wrong).toBeLessThanOrEqual(0.001 * tally['all']!.right)
    expect(tally['all']!.right).toBeGreaterThan(60)
  })

  it('two copies merged by lines: only what one of them said', async () => {
    const tally = await mergedLines(files)
    const { right, wrong } = tally['all']!
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
