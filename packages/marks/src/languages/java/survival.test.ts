import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { withoutComments, withOtherNames } from '../../internal/rewrites.ts'
import { java } from './language.ts'
import { jdkSource, SMALLER, unpack } from './jdk.ts'
import { javaModel } from './model.ts'
import { parseJava } from './tree.ts'

const archive = jdkSource()
if (archive === null)
  console.warn("SKIPPED: copies of the JDK's own classes (install default-jdk-headless and openjdk-17-source)")
const formatter = spawnSync('clang-format', ['--version'], { encoding: 'utf8' })
const hasFormatter = formatter.status === 0
if (!hasFormatter) console.warn('SKIPPED: what clang-format leaves of Java (install clang-format)')

const folder = mkdtempSync(join(tmpdir(), 'sigillo-java-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const fixtures = ['LockerClient.java', 'JdkTour.java'].map((name) =>
  join(import.meta.dirname, '../../../fixtures/java', name),
)
const files = [...fixtures, ...(archive === null ? [] : unpack(archive, folder, SMALLER))]
const other = readFileSync(fixtures[1]!, 'utf8')

function format(style: string): (text: string) => string {
  return (text) => {
    const { status, stdout } = spawnSync('clang-format', [`--style=${style}`, '--assume-filename=A.java'], {
      input: text,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error('clang-format refuses the copy')
    return stdout
  }
}

/** Milliseconds that tests over many real files may take on a busy machine. */
const SLOW = 180_000

describe('copies of real Java', () => {
  it(
    'are sound, whatever the codeword',
    async () => {
      for (const path of files) {
        const file = await planOf(path)
        const next = numbersFrom(3)
        for (let trial = 0; trial < 3; trial++) {
          const word = trialWord(file, next)
          expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id) ?? 0), path).toEqual({ ok: true })
        }
      }
    },
    SLOW,
  )

  it('say nothing about an unrelated file', async () => {
    for (const path of files.filter((path) => path !== fixtures[1])) {
      const readings = await readFile(await planOf(path), { path: 'other', text: other })
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})

describe('what tools leave of Java', () => {
  it
    .skipIf(!hasFormatter)
    .each(['LLVM', 'Google', 'WebKit', '{BasedOnStyle: Google, ColumnLimit: 60, IndentWidth: 8}'])(
    'clang-format, style %s: everything',
    async (style) => {
      const tally = await survey(files, format(style))
      expect(share(tally, 'all')).toBe(1)
    },
  )

  it('taking out comments: everything', async () => {
    const tally = await survey(files, async (text) => withoutComments(text, java))
    expect(share(tally, 'all')).toBe(1)
  })

  it('other names for everything declared: wire and nearly all structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => withOtherNames(javaModel(await parseJava(text))))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'wire')).toBe(1)
    expect(share(tally, 'nameless')).toBeGreaterThan(0.9)
  })

  it('an excerpt of a third pasted into another file: nothing wrong', async () => {
    const tally = await survey(
      files.filter((path) => path !== fixtures[1]),
      (text) => excerptIn(text, other),
    )
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.2)
  })

  it('two copies merged line by line: a mark is read as one of theirs or not at all', async () => {
    const tally = await mergedLines(files)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.4)
  })
})
