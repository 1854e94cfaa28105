import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { numbersFrom, trialCopy, trialPlan, trialWord } from '../../internal/trial.ts'
import type { PlanFile } from '../../site.ts'
import { ALL, jdkSource, unpack } from './jdk.ts'
import { java } from './language.ts'

const archive = jdkSource()
if (archive === null)
  console.warn('SKIPPED: what copies of Java code do (install default-jdk-headless and openjdk-17-source)')

const work = mkdtempSync(join(tmpdir(), 'sigillo-java-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const fixtures = join(import.meta.dirname, '../../../fixtures/java')
const tour = join(fixtures, 'JdkTour.java')

const BORDER = '=== end of a copy'

type Word = ReadonlyMap<string, number>

function lastOf(plan: PlanFile): Word {
  return new Map(plan.sites.map((site) => [site.id, site.variants.length - 1]))
}

/** A plan of every site that the language proposes, read back or not. */
function planAt(path: string): Promise<PlanFile> {
  return trialPlan(java, path, readFileSync(path, 'utf8'))
}

function compile(sources: readonly string[], out: string, ...options: string[]): void {
  const { status, stderr } = spawnSync(
    'javac',
    ['-nowarn', '-XDignore.symbol.file', ...options, '-d', out, ...sources],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
}

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('java', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

/** Compiles the classes and takes the tour with them in place of the JDK's. */
function tourWith(name: string, texts: readonly (readonly [path: string, text: string])[]): string {
  const folder = join(work, name)
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, 'source', path)), { recursive: true })
    writeFileSync(join(folder, 'source', path), text)
  }
  compile(
    texts.map(([path]) => join(folder, 'source', path)),
    join(folder, 'patch'),
    '--patch-module',
    `java.base=${join(folder, 'source')}`,
  )
  return run('--patch-module', `java.base=${join(folder, 'patch')}`, '-cp', join(work, 'tour'), 'JdkTour')
}

/** Milliseconds that tests over many real files may take on a busy machine. */
const SLOW = 180_000

describe.skipIf(archive === null)('copies do what the original does', () => {
  it('a program: all-first, all-last and 20 random copies print the same', async () => {
    const plan = await planAt(join(fixtures, 'LockerClient.java'))
    const next = numbersFrom(29)
    const words: Word[] = [new Map(), lastOf(plan), ...Array.from({ length: 20 }, () => trialWord(plan, next))]
    const sources = words.map((word, at) => {
      const path = join(work, `copy${at}`, 'LockerClient.java')
      mkdirSync(dirname(path))
      writeFileSync(path, `package copy${at};\n${trialCopy(plan, word)}`)
      return path
    })
    const calls = words.map((_, at) => `copy${at}.LockerClient.main(arguments); System.out.println("${BORDER}");`)
    const launcher = join(work, 'Launcher.java')
    writeFileSync(
      launcher,
      `class Launcher { public static void main(String[] arguments) throws Exception { ${calls.join(' ')} } }`,
    )
    compile([...sources, launcher], join(work, 'program'))
    const said = run('-cp', join(work, 'program'), 'Launcher').split(`${BORDER}\n`).slice(0, -1)
    expect(said).toHaveLength(22)
    expect(said[0]).toContain('a1@3/')
    expect(new Set(said).size).toBe(1)
  })

  it(
    'thirteen classes of the JDK: a random copy of each answers a tour as the JDK does',
    async () => {
      const root = join(work, 'jdk')
      const paths = unpack(archive!, root, ALL)
      expect(paths).toHaveLength(13)
      compile([tour], join(work, 'tour'))
      const expected = run('-cp', join(work, 'tour'), 'JdkTour')
      const next = numbersFrom(31)
      const copies = await Promise.all(
        paths.map(async (path) => {
          const plan = await planAt(path)
          return [relative(join(root, 'java.base'), path), trialCopy(plan, trialWord(plan, next))] as const
        }),
      )
      expect(tourWith('random', copies) === expected).toBe(true)
    },
    SLOW,
  )

  it(
    'the tour sees a change',
    () => {
      const [uri] = unpack(archive!, join(work, 'jdk'), 'net/URI')
      const text = readFileSync(uri!, 'utf8')
      const broken = text.replace('if (authority != null) {', 'if (authority == null) {')
      compile([tour], join(work, 'tour'))
      expect(tourWith('broken', [['java/net/URI.java', broken]]) === run('-cp', join(work, 'tour'), 'JdkTour')).toBe(
        false,
      )
    },
    SLOW,
  )
})
