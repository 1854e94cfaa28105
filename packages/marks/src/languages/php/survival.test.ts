import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { withoutComments, withOtherNames } from '../../internal/rewrites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { php } from './language.ts'
import { phpModel } from './model.ts'

/** Where Debian puts PHP libraries. */
const library = '/usr/share/php'
const real = [
  ...['Uri', 'Stream', 'MultipartStream', 'ServerRequest', 'UriResolver', 'Utils'].map(
    (name) => `GuzzleHttp/Psr7/${name}.php`,
  ),
  ...['Lexer', 'NameContext', 'ParserAbstract', 'NodeTraverser'].map((name) => `PhpParser/${name}.php`),
]
  .map((name) => join(library, name))
  .filter((path) => existsSync(path))
const hasPhp = spawnSync('php', ['-v']).status === 0
const complete = hasPhp && real.length === 10
if (!complete)
  console.warn('SKIPPED: copies of public PHP libraries (install php-cli, php-guzzlehttp-psr7 and php-parser)')

const fixture = join(import.meta.dirname, '../../../fixtures/php/locker_client.php')
const files = [fixture, ...real]
const other = readFileSync(fixture, 'utf8')

/** What PHP itself writes when it is asked for a text without comments and spare space. */
function stripped(text: string): string {
  const { status, stdout } = spawnSync('php', ['-w'], { input: text, encoding: 'utf8' })
  if (status !== 0 || stdout === '') throw new Error('php refuses the copy')
  return stdout
}

/** Parsed and written anew by PHP-Parser, in its own style. */
function rewritten(text: string): string {
  const program = `require "PhpParser/autoload.php";
$parser = (new PhpParser\\ParserFactory)->create(PhpParser\\ParserFactory::PREFER_PHP7);
echo (new PhpParser\\PrettyPrinter\\Standard)->prettyPrintFile($parser->parse(stream_get_contents(STDIN)));`
  const { status, stdout } = spawnSync('php', ['-d', `include_path=${library}`, '-r', program], {
    input: text,
    encoding: 'utf8',
  })
  if (status !== 0 || stdout === '') throw new Error('PHP-Parser refuses the copy')
  return stdout
}

/** Milliseconds that tests over many real files may take on a busy machine. */
const SLOW = 180_000

describe('copies of real PHP', () => {
  it(
    'are sound, whatever the codeword',
    async () => {
      for (const path of files) {
        const file = await planOf(path)
        const next = numbersFrom(3)
        for (let trial = 0; trial < 5; trial++) {
          const word = trialWord(file, next)
          expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id) ?? 0), path).toEqual({ ok: true })
        }
      }
    },
    SLOW,
  )

  it.skipIf(!hasPhp)('pass the syntax check of PHP', async () => {
    for (const path of files) {
      const file = await planOf(path)
      const { status, stderr } = spawnSync('php', ['-l'], {
        input: trialCopy(file, trialWord(file, numbersFrom(5))),
        encoding: 'utf8',
      })
      expect(status, `${path}: ${stderr}`).toBe(0)
    }
  })

  it('say nothing about an unrelated file', async () => {
    for (const path of real) {
      const readings = await readFile(await planOf(path), { path: 'other', text: other })
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})

describe('what tools leave of PHP', () => {
  it.skipIf(!hasPhp)(
    'PHP taking out comments and space: everything but branches, of which long lines say nothing',
    async () => {
      const tally = await survey(files, stripped)
      expect(tally['all']?.wrong).toBe(0)
      for (const kind of [
        'wire',
        'name',
        'function-order',
        'statement-order',
        'member-order',
        'comparison',
        'case-order',
      ])
        expect(share(tally, kind), kind).toBe(1)
    },
  )

  it.skipIf(!complete)('PHP-Parser writing it anew: everything', async () => {
    const tally = await survey(files, rewritten)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.98)
  })

  it('taking out comments: everything', async () => {
    const tally = await survey(files, async (text) => withoutComments(text, php))
    expect(share(tally, 'all')).toBe(1)
  })

  it('other names for everything declared: wire and nearly all structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => withOtherNames(phpModel(await parseTree('php', text))))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'wire')).toBe(1)
    expect(share(tally, 'nameless')).toBeGreaterThan(0.9)
  })

  it.skipIf(!complete)('an excerpt of a third pasted into another file: nothing wrong', async () => {
    const tally = await survey(real, (text) => excerptIn(text, other))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.2)
  })

  it('two copies merged line by line: a mark is read as one of theirs or not at all', async () => {
    const tally = await mergedLines(files)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.3)
  })
})
