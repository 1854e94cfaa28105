import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'

const found = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' })
const library = found.status === 0 ? join(found.stdout.trim(), 'src') : null
if (library === null) console.warn('SKIPPED: the packages of Go and gofmt (install golang-go)')

const files = [
  join(import.meta.dirname, '../../../fixtures/go/ledger.go'),
  ...[
    'archive/tar/common.go',
    'encoding/csv/reader.go',
    'encoding/json/encode.go',
    'flag/flag.go',
    'mime/multipart/multipart.go',
    'net/textproto/reader.go',
    'net/url/url.go',
    'text/scanner/scanner.go',
    'text/tabwriter/tabwriter.go',
    'text/template/funcs.go',
    'text/template/parse/lex.go',
  ].map((name) => join(library ?? '', name)),
].filter((path) => existsSync(path))
const host = files.at(-1)!

function gofmt(text: string): string {
  const { status, stdout, stderr } = spawnSync('gofmt', { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

describe('copies of real Go files', () => {
  it.each(files)('%s: all-last and 3 random codewords are sound copies', async (path) => {
    const file = await planOf(path)
    expect(file.sites.length).toBeGreaterThan(10)
    const next = numbersFrom(3)
    const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
    for (const word of [last, ...Array.from({ length: 3 }, () => trialWord(file, next))])
      expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id)!)).toEqual({ ok: true })
  })

  it.skipIf(library === null)('are formatted as gofmt would, like the originals', async () => {
    for (const path of files) {
      const file = await planOf(path)
      const copy = trialCopy(file, trialWord(file, numbersFrom(11)))
      expect(gofmt(copy) === copy, path).toBe(true)
    }
  })
})

describe('what happens to a Go file', () => {
  it.skipIf(library === null)('gofmt, after all indentation was lost: everything is read', async () => {
    const tally = await survey(files, (text) => gofmt(flat(text)))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBe(1)
  })

  it('comment stripping: everything is read', async () => {
    const tally = await survey(files, (text) => withoutComments('go', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBe(1)
  })

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('go', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.75)
  })

  it('functions in any order: all else is read right', async () => {
    const tally = await survey(files, shuffled)
    expect(tally['name']?.wrong).toBe(0)
    expect(tally['member-order']?.wrong).toBe(0)
    expect(share(tally, 'name')).toBe(1)
    expect(share(tally, 'member-order')).toBeGreaterThan(0.9)
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

/** Without the space that lines begin with, raw strings apart. */
function flat(text: string): string {
  return text.includes('`') ? text : text.replaceAll(/^[ \t]+/gm, '')
}

/** The functions of a file, with the comments above them, in the order of their lengths. */
function shuffled(text: string): string {
  const at = text.search(/^(?:\/\/.*\n)*func /m)
  const pieces = text.slice(at).split(/\n(?=(?:\/\/.*\n)*func )/)
  return text.slice(0, at) + pieces.sort((a, b) => a.length - b.length).join('\n')
}
