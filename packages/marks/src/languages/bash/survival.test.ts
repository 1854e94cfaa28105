import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'

const hasShfmt = spawnSync('shfmt', ['--version']).status === 0
if (!hasShfmt) console.warn('SKIPPED: what shfmt leaves (install shfmt)')
const hasBash = spawnSync('bash', ['--version']).status === 0
if (!hasBash) console.warn('SKIPPED: syntax checks by bash (install bash)')

/** Scripts that a Debian system has; they have no extension there. */
const SCRIPTS = [
  '/usr/bin/zgrep',
  '/usr/bin/xzgrep',
  '/usr/bin/savelog',
  '/usr/bin/apt-key',
  '/usr/bin/ssh-copy-id',
  '/usr/bin/ucf',
  '/usr/sbin/invoke-rc.d',
  '/usr/sbin/service',
  '/usr/sbin/update-ca-certificates',
  '/usr/lib/git-core/git-filter-branch',
  '/usr/lib/git-core/git-instaweb',
  '/usr/lib/git-core/git-mergetool--lib',
  '/usr/lib/git-core/git-web--browse',
]
const folder = mkdtempSync(join(tmpdir(), 'bash-'))
afterAll(() => rmSync(folder, { recursive: true }))
const files = [join(import.meta.dirname, '../../../fixtures/bash/lantern.sh')]
for (const path of SCRIPTS) {
  const copy = join(folder, `${basename(path)}.sh`)
  if (!existsSync(path)) {
    console.warn(`SKIPPED: ${path} is not on this system`)
    continue
  }
  copyFileSync(path, copy)
  files.push(copy)
}
const host = files.at(-1)!

function shfmt(text: string, ...options: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync('shfmt', options, { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

describe('copies of real scripts', () => {
  it.each(files.map((path) => [basename(path), path] as const))(
    '%s: all-last and 5 random codewords are sound copies, to bash too',
    async (_, path) => {
      const file = await planOf(path)
      expect(file.sites.length).toBeGreaterThan(4)
      const next = numbersFrom(3)
      const last = new Map(file.sites.map((site) => [site.id, site.variants.length - 1]))
      for (const word of [last, ...Array.from({ length: 5 }, () => trialWord(file, next))]) {
        const text = trialCopy(file, word)
        expect(await checkCopy(file, text, (id) => word.get(id)!)).toEqual({ ok: true })
        if (hasBash) expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('')
      }
    },
  )
})

describe('what happens to a script', () => {
  it.skipIf(!hasShfmt)('shfmt: everything', async () => {
    const tally = await survey(files, (text) => shfmt(text, '-i', '2', '-ci', '-bn'))
    expect(share(tally, 'all')).toBe(1)
  })

  it.skipIf(!hasShfmt)('shfmt -mn, which minifies: nearly all structure, and nothing wrong', async () => {
    const tally = await survey(files, (text) => shfmt(text, '-mn'))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.95)
    expect(share(tally, 'wire')).toBe(1)
  })

  it('comment stripping: everything is read', async () => {
    const tally = await survey(files, (text) => withoutComments('bash', text))
    expect(share(tally, 'all')).toBe(1)
  })

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('bash', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.9)
  })

  it('a third pasted into another script: what is there is read right', async () => {
    const other = readFileSync(host, 'utf8')
    const tally = await survey(files.slice(0, -1), (text) => excerptIn(text, other))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['all']!.right).toBeGreaterThan(30)
  })

  it('two copies merged by lines: only what one of them said', async () => {
    const { right, wrong } = (await mergedLines(files))['all']!
    expect(wrong).toBeLessThanOrEqual(0.005 * right)
    expect(right).toBeGreaterThan(60)
  })

  it('an unrelated script says nothing', async () => {
    const other = { path: 'other', text: readFileSync(host, 'utf8') }
    for (const path of files.slice(0, -1)) {
      const readings = await readFile(await planOf(path), other)
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})
