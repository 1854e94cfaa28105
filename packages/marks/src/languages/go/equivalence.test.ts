import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { planOf } from '../../internal/real-files.ts'
import type { PlanFile } from '../../site.ts'

const found = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' })
const root = found.status === 0 ? found.stdout.trim() : null
if (root === null) console.warn('SKIPPED: what copies of Go code do (install golang-go)')

const work = mkdtempSync(join(tmpdir(), 'sigillo-go-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** Runs the toolchain offline, with a cache of its own. */
function goTool(args: readonly string[], cwd: string): { readonly ok: boolean; readonly said: string } {
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: join(work, 'cache') }
  const { status, stdout, stderr } = spawnSync('go', args, { cwd, env, encoding: 'utf8' })
  return { ok: status === 0, said: stdout + stderr }
}

/** All-first, all-last and random codewords. */
function words(plan: PlanFile, random: number): ReadonlyMap<string, number>[] {
  const next = numbersFrom(29)
  const fixed = [() => 0, (count: number) => count - 1].map(
    (choose) => new Map(plan.sites.map((site) => [site.id, choose(site.variants.length)])),
  )
  return [...fixed, ...Array.from({ length: random }, () => trialWord(plan, next))]
}

const INPUT = [
  'alice,credit,500',
  'bob,Debit,70',
  'short',
  'alice,debit,20',
  'carol,loan,3',
  'dave,note,1',
  'erin,deposit,9000000',
  'bob,withdrawal,x',
].join('\n')

describe.skipIf(root === null)('copies do what the original does', () => {
  it('a program: 22 copies print the same', async () => {
    const plan = await planOf(join(import.meta.dirname, '../../../fixtures/go/ledger.go'))
    const copies = words(plan, 20).map((word) => trialCopy(plan, word))
    for (const [at, copy] of copies.entries()) {
      mkdirSync(join(work, 'program', `copy${at}`), { recursive: true })
      writeFileSync(join(work, 'program', `copy${at}`, 'main.go'), copy)
    }
    writeFileSync(join(work, 'program', 'go.mod'), 'module copies\n\ngo 1.19\n')
    mkdirSync(join(work, 'bin'))
    expect(goTool(['build', '-o', `${join(work, 'bin')}/`, './...'], join(work, 'program'))).toEqual({
      ok: true,
      said: '',
    })
    const said = copies.map((_, at) => {
      const { stdout, stderr } = spawnSync(join(work, 'bin', `copy${at}`), { input: INPUT, encoding: 'utf8' })
      return stdout + stderr
    })
    expect(said[0]).toContain('4 accounts hold 410')
    expect(new Set(said).size).toBe(1)
  })

  it('a standard package: 4 copies pass its own tests', async () => {
    const folder = join(root!, 'src/encoding/csv')
    const names = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    const plans = await Promise.all(names.map((name) => planOf(join(folder, name))))
    const wordsOf = plans.map((plan) => words(plan, 2))
    for (let at = 0; at < 4; at++) {
      const replaced = plans.map((plan, file) => {
        const copy = join(work, `csv-${plan.path}`)
        writeFileSync(copy, trialCopy(plan, wordsOf[file]![at]!))
        return [join(folder, plan.path), copy]
      })
      const overlay = join(work, 'overlay.json')
      writeFileSync(overlay, JSON.stringify({ Replace: Object.fromEntries(replaced) }))
      const { ok, said } = goTool(['test', '-vet=off', `-overlay=${overlay}`, 'encoding/csv'], work)
      expect(ok, said).toBe(true)
    }
  })

  it('the same check notices a copy that does something else', async () => {
    const path = join(root!, 'src/encoding/csv/reader.go')
    const broken = join(work, 'broken.go')
    writeFileSync(broken, readFileSync(path, 'utf8').replace("Comma: ','", "Comma: ';'"))
    const overlay = join(work, 'broken.json')
    writeFileSync(overlay, JSON.stringify({ Replace: { [path]: broken } }))
    expect(goTool(['test', '-vet=off', `-overlay=${overlay}`, 'encoding/csv'], work).ok).toBe(false)
  })
})
