import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import type { PlanFile } from '../../site.ts'

const hasBash = spawnSync('bash', ['--version']).status === 0
if (!hasBash) console.warn('SKIPPED: copies of scripts are not run (install bash)')

const fixture = join(import.meta.dirname, '../../../fixtures/bash/lantern.sh')

/** All-last, then twenty random codewords. */
function copies(file: PlanFile): string[] {
  const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
  return [last, ...Array.from({ length: 20 }, (_, round) => trialWord(file, numbersFrom(100 + round)))].map((word) =>
    trialCopy(file, word),
  )
}

async function withoutWire(path: string): Promise<PlanFile> {
  const { file } = await findSites(`${basename(path)}.sh`, readFileSync(path, 'utf8'))
  return { ...file, sites: file.sites.filter((site) => site.pool !== 'wire') }
}

interface Bench {
  readonly folder: string
  /** Runs a script in a fresh folder and tells all that can be seen of it. */
  readonly run: (text: string, calls: readonly (readonly string[])[]) => string
}

/** A folder with a `curl` that only tells what it was asked, in any order, a clock that stands still, and files to work on. */
async function onBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/curl'), '#!/bin/bash\nprintf "%s\\n" curl "$@" | sort\n')
    writeFileSync(join(folder, 'bin/date'), '#!/bin/sh\necho 20260102030405\n')
    for (const tool of ['curl', 'date']) chmodSync(join(folder, 'bin', tool), 0o755)
    await work({ folder, run: (text, calls) => runIn(folder, text, calls) })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function runIn(folder: string, text: string, calls: readonly (readonly string[])[]): string {
  const cwd = join(folder, 'work')
  rmSync(cwd, { recursive: true, force: true })
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'plain.txt'), 'one lantern\ntwo harbours\nthree\n')
  writeFileSync(join(cwd, 'packed.gz'), gzipSync('four lanterns\nFive\nsix\n'))
  writeFileSync(join(folder, 'script'), text)
  const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder, LC_ALL: 'C' }
  const told = calls.map((args) => {
    const { stdout, stderr, status } = spawnSync('bash', ['../script', ...args], {
      cwd,
      env,
      encoding: 'utf8',
      input: 'lantern\n',
    })
    return `${args.join(' ')}\n${status}\n${stdout}\n${stderr}`
  })
  return [...told, ...readdirSync(cwd).sort()].join('\n')
}

const SYSTEM: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  [
    '/usr/bin/zgrep',
    [
      ['lantern', 'plain.txt', 'packed.gz'],
      ['-n', '-i', 'FIVE', 'packed.gz'],
      ['-c', 'e', 'packed.gz'],
      ['-h', '-e', 'six', '-e', 'four', 'packed.gz'],
      ['-l', 'lantern', 'plain.txt', 'packed.gz'],
      ['-L', 'lantern', 'plain.txt', 'packed.gz'],
      ['-f', '-', 'packed.gz'],
      ['--regexp=six', '--with-filename', 'packed.gz'],
      ['-A', '1', 'four', 'packed.gz'],
      ['--version'],
      ['--help'],
      ['-r', 'x'],
      [],
      ['-q', 'nothing', 'packed.gz'],
    ],
  ],
  [
    '/usr/bin/xzgrep',
    [
      ['lantern', 'plain.txt', 'packed.gz'],
      ['-n', 'six', 'packed.gz'],
      ['-c', 'e', 'packed.gz'],
      ['-he', 'six', 'packed.gz'],
      ['-l', 'lantern', 'plain.txt', 'packed.gz'],
      ['--fixed-strings', 'four', 'packed.gz'],
      ['-m', '1', 'e', 'packed.gz'],
      ['--help'],
      ['-Z', 'x'],
      [],
    ],
  ],
  [
    '/usr/bin/savelog',
    [
      ['-c', '3', '-l', '-n', 'plain.txt'],
      ['-c', '3', '-l', 'plain.txt'],
      ['-t', '-m', '640', '-c', '2', 'plain.txt'],
      ['-j', '-p', 'packed.gz'],
      ['-q', '-C', 'packed.gz'],
      ['-x', 'true', '-l', 'plain.txt'],
      ['-z', 'plain.txt'],
      [],
      ['-u'],
      ['-d', '-r', '.', 'missing'],
    ],
  ],
  [
    '/usr/sbin/service',
    [['--help'], ['--version'], [], ['zq-missing', 'status'], ['zq-missing'], ['--status-all', 'x']],
  ],
  ['/usr/bin/ssh-copy-id', [['-h'], ['-n'], [], ['-i'], ['-i', 'missing', 'zq.invalid'], ['-z']]],
]

describe.skipIf(!hasBash)('copies do what the original does', () => {
  it('a script of our own: all-last and 20 random codewords', async () => {
    await onBench(async ({ run }) => {
      const file = await withoutWire(fixture)
      const calls = [['T-1'], ['-v', '-f', 'A b/ü', '-r', '1', 'T-2'], ['-h'], [], ['-x']]
      const original = run(file.text, calls)
      expect(original).toMatch(/Cookie: lantern_session=lt-[0-9a-f]{14}\nPOST/)
      expect(original).toContain('lantern: Drafts: refused')
      for (const copy of copies(file)) expect(run(copy, calls)).toBe(original)
    })
  }, 60_000)

  it.each(SYSTEM)(
    '%s of this system: all-last and 20 random codewords',
    async (path, calls) => {
      if (!existsSync(path)) {
        console.warn(`SKIPPED: ${path} is not on this system`)
        return
      }
      await onBench(async ({ run }) => {
        const file = await withoutWire(path)
        expect(file.sites.length).toBeGreaterThan(4)
        const original = run(file.text, calls)
        for (const copy of copies(file)) expect(run(copy, calls)).toBe(original)
      })
    },
    120_000,
  )
})
