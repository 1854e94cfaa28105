import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Program, run, runCopies } from './run-copies.ts'

const hasGcc = spawnSync('gcc', ['--version']).status === 0
if (!hasGcc) console.warn('SKIPPED: what copies of C programs do (install gcc)')
const zlib = '/usr/share/doc/zlib1g-dev/examples'
const hasZlib = hasGcc && existsSync(zlib) && existsSync('/usr/include/zlib.h')
if (!hasZlib) console.warn('SKIPPED: what copies of the programs of zlib do (install gcc and zlib1g-dev)')

const work = mkdtempSync(join(tmpdir(), 'sigillo-c-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const ledger: Program = {
  compiler: 'gcc',
  source: join(import.meta.dirname, '../../../fixtures/c/ledger.c'),
  flags: [],
  args: [],
  input: 'alice,credit,500\nbob,Debit,70\nshort\nalice,debit,20\ncarol,loan,3\ndave,note,1\nerin,deposit,x\n',
}
const text = 'Sphinx of black quartz, judge my vow.\n'.repeat(40)
const zlibPrograms: readonly (readonly [string, readonly string[], string])[] = [
  ['enough.c', ['60', '9', '12'], ''],
  ['example.c', ['example.gz'], ''],
  ['minigzip.c', [], text],
  ['fitblk.c', ['256'], text],
]

describe.skipIf(!hasGcc)('copies do what the original does', () => {
  it('a program of ours: 22 copies print the same, but for the declared mark', async () => {
    const outcomes = await runCopies(ledger, work, 20)
    expect(outcomes[0]).toMatchObject({ status: 0, said: expect.stringContaining('4 accounts hold 410') as string })
    const plain = outcomes.map(({ status, said }) => `${status} ${said.replace(/== [a-z-]+ ==/, '== title ==')}`)
    expect(new Set(plain).size).toBe(1)
    expect(new Set(outcomes.map(({ said }) => said)).size).toBeGreaterThan(1)
  })

  it('the same check notices a copy that does something else', () => {
    const changed = readFileSync(ledger.source, 'utf8').replace(
      'summary->debits += amount',
      'summary->debits -= amount',
    )
    expect(run(ledger, changed, work).said).not.toContain('4 accounts hold 410')
  })

  it.skipIf(!hasZlib).each(zlibPrograms)('%s of zlib: 12 copies', async (name, args, input) => {
    const program: Program = { compiler: 'gcc', source: join(zlib, name), flags: ['-lz'], args, input }
    const outcomes = await runCopies(program, work, 10)
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
  })
})
