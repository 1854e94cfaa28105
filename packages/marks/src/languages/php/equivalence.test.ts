import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { numbersFrom, trialCopy, trialPlan, trialWord } from '../../internal/trial.ts'
import type { PlanFile } from '../../site.ts'
import { php } from './language.ts'

/** Where Debian puts PHP libraries. */
const library = '/usr/share/php'
const paths = [
  ...['Uri', 'Stream', 'MultipartStream', 'ServerRequest', 'UriResolver', 'UriNormalizer', 'Utils'].map(
    (name) => `GuzzleHttp/Psr7/${name}.php`,
  ),
  ...['Lexer', 'Lexer/Emulative', 'NameContext', 'ParserAbstract', 'NodeTraverser', 'PrettyPrinterAbstract'].map(
    (name) => `PhpParser/${name}.php`,
  ),
]
const complete = spawnSync('php', ['-v']).status === 0 && paths.every((path) => existsSync(join(library, path)))
if (!complete) console.warn('SKIPPED: what copies of PHP code do (install php-cli, php-guzzlehttp-psr7 and php-parser)')

const work = mkdtempSync(join(tmpdir(), 'sigillo-php-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const fixtures = join(import.meta.dirname, '../../../fixtures/php')

type Word = ReadonlyMap<string, number>

/** A plan of every site that the language proposes, read back or not. */
function planAt(path: string): Promise<PlanFile> {
  return trialPlan(php, path, readFileSync(path, 'utf8'))
}

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    'php',
    ['-d', 'error_reporting=E_ALL & ~E_DEPRECATED', '-d', 'display_errors=stderr', ...args],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  )
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

/** Fields of a query are looked up by their names, so their order is one of the marks. */
function withSortedQuery(said: string): string {
  return said.replace(/\?(\S+)/, (_, query: string) => `?${query.split('&').sort().join('&')}`)
}

/** Takes the tour with these files in place of the library's own. */
function tourWith(texts: readonly (readonly [path: string, text: string])[]): string {
  const folder = mkdtempSync(join(work, 'copies-'))
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return run(join(fixtures, 'library_tour.php'), library, folder)
}

/** Milliseconds that tests over many real files may take on a busy machine. */
const SLOW = 180_000

describe.skipIf(!complete)('copies do what the original does', () => {
  it('a program: all-first, all-last and 20 random copies print the same', async () => {
    const plan = await planAt(join(fixtures, 'locker_client.php'))
    const next = numbersFrom(29)
    const last = new Map(plan.sites.map((site) => [site.id, site.variants.length - 1]))
    const words: Word[] = [new Map(), last, ...Array.from({ length: 20 }, () => trialWord(plan, next))]
    const said = words.map((word, at) => {
      const path = join(work, `copy${at}.php`)
      writeFileSync(path, trialCopy(plan, word))
      return withSortedQuery(run(path))
    })
    expect(said[0]).toContain('c3@7 opens soon')
    expect(new Set(said).size).toBe(1)
  })

  it(
    'thirteen files of public libraries: all-last and three random copies of each answer a tour as the originals do',
    async () => {
      const plans = await Promise.all(paths.map((path) => planAt(join(library, path))))
      expect(plans.flatMap((plan) => plan.sites).length).toBeGreaterThan(200)
      const expected = tourWith([])
      const next = numbersFrom(31)
      for (let copy = 0; copy < 4; copy++) {
        const texts = plans.map((plan, at) => {
          const last = new Map(plan.sites.map((site) => [site.id, site.variants.length - 1]))
          return [paths[at]!, trialCopy(plan, copy === 0 ? last : trialWord(plan, next))] as const
        })
        expect(tourWith(texts) === expected, `copy ${copy}`).toBe(true)
      }
    },
    SLOW,
  )

  it.each([
    ['GuzzleHttp/Psr7/UriResolver.php', "if ($segment === '..') {", "if ($segment === '.') {"],
    ['PhpParser/Lexer.php', '$this->line =  1;', '$this->line =  2;'],
  ])('the tour sees a change in %s', (path, before, after) => {
    const text = readFileSync(join(library, path), 'utf8')
    expect(text).toContain(before)
    expect(tourWith([[path, text.replaceAll(before, after)]]) === tourWith([])).toBe(false)
  })
})
