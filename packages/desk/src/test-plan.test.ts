import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addArtefact, planOf, requireArtefact } from './artefacts.ts'
import { newCase } from './cases.ts'
import type { Desk } from './context.ts'
import { runTest } from './run-test.ts'
import { testArtefact } from './test-plan.ts'
import { createVault, openVault, type Vault } from './vault.ts'

const SOURCE = `import json

SCOPE = "tenant"  # sigillo:mark essential tenant | domain | site | realm
DEPTH = "shallow"  # sigillo:mark preference shallow | flat


def report_lantern(answer):
    print("zq-lantern", answer["scope"], answer["depth"])
    print("zq-kelp", len(answer))


def collect_harbour(answer):
    answer["scope"] = SCOPE
    answer["depth"] = DEPTH
    print("zq-harbour", json.dumps(answer, sort_keys=True))
`

const folder = mkdtempSync(join(tmpdir(), 'sigillo-test-plan-'))
let vault: Vault
let desk: Desk

beforeAll(async () => {
  mkdirSync(join(folder, 'bundle'))
  writeFileSync(join(folder, 'bundle', 'poc.py'), SOURCE)
  const key = { passphrase: 'correct horse' }
  const created = new Date('2030-01-01T00:00:00Z')
  const release = { releaseKey: 'release', releaseSecret: 'secret' }
  await createVault(join(folder, 'vault'), { programme: 'demo', key, created, ...release })
  vault = await openVault(join(folder, 'vault'), key)
  desk = { vault, now: () => new Date('2030-01-01T00:00:00Z'), random: randomBytes, progress: () => undefined }
  await newCase(desk, 'c1', 'title', '2030-02-01T10:00:00Z')
  for (const name of ['good', 'picky', 'pair', 'broken'])
    await addArtefact(desk, 'c1', [join(folder, 'bundle')], { name })
})
afterAll(() => {
  vault.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A test command that writes down what it is given and fails where `pattern` (an extended regular expression) is found. */
const refuses = (pattern: string): string =>
  `echo run >> ${join(folder, 'runs')}; ! grep -Ezq '${pattern}' poc.py && test -f {}/poc.py`

async function sitesOf(id: string): Promise<string[]> {
  return planOf(await requireArtefact(desk, id)).files.flatMap((file) => file.sites.map((site) => site.id))
}

describe('testArtefact', () => {
  it('runs few times when everything passes, keeps every site and writes down what it did', async () => {
    rmSync(join(folder, 'runs'), { force: true })
    const before = await sitesOf('good')
    const { tested } = await testArtefact(desk, 'good', { command: refuses('never'), codewords: 6 })
    const runs = readFileSync(join(folder, 'runs'), 'utf8').split('\n').length - 1
    expect(tested).toMatchObject({ at: '2030-01-01T00:00:00.000Z', codewords: 6, dropped: [], runs })
    expect(runs).toBeLessThanOrEqual(1 + 15 + 6)
    expect(await sitesOf('good')).toEqual(before)
    expect((await requireArtefact(desk, 'good')).test).toBe(refuses('never'))
  })

  it('takes out the site of which one variant fails, and says which and why', async () => {
    const command = `grep -q '"site"' poc.py && echo no such scope && exit 3; true`
    const before = await sitesOf('picky')
    const { tested } = await testArtefact(desk, 'picky', { command, codewords: 4 })
    expect(tested?.dropped).toEqual([
      { site: 'poc.py#essential-1', line: 3, kind: 'essential', shown: 'site', why: 'exit 3: no such scope' },
    ])
    expect(await sitesOf('picky')).toEqual(before.filter((id) => id !== 'poc.py#essential-1'))
  })

  it('keeps the better of two that fail only together', async () => {
    const { tested } = await testArtefact(desk, 'pair', { command: refuses('domain.*flat'), codewords: 20 })
    expect(tested?.dropped.map(({ site }) => site)).toEqual(['poc.py#preference-1'])
    expect(tested?.dropped[0]?.why).toMatch(/only together with other marks/)
  })

  it('changes nothing when the original fails, and says where the command runs', async () => {
    const before = await requireArtefact(desk, 'broken')
    await expect(testArtefact(desk, 'broken', { command: 'echo oh no; exit 9' })).rejects.toMatchObject({
      code: 'test-failed',
      message: expect.stringMatching(/exit 9: oh no.*runs in the copy's folder/),
    })
    expect(await requireArtefact(desk, 'broken')).toEqual(before)
    await expect(testArtefact(desk, 'broken')).rejects.toMatchObject({ code: 'nothing-to-do' })
  })
})

describe('runTest', () => {
  const files = [{ path: 'deep/er/a.txt', bytes: new TextEncoder().encode('hello') }]

  it("runs in the copy's folder, whose path is the last argument or stands where {} does", async () => {
    expect(await runTest('grep -q hello deep/er/a.txt && test -f', [{ ...files[0]!, path: 'x' }], 5)).toMatchObject({
      passed: false,
    })
    expect(await runTest('grep -q hello deep/er/a.txt && test -d', files, 5)).toEqual({ passed: true, why: 'exit 0' })
    expect(await runTest('cd / && grep -q hello {}/deep/er/a.txt', files, 5)).toMatchObject({ passed: true })
  })

  it('ends what takes too long, with everything it started, and leaves no folder', async () => {
    const where = join(folder, 'where')
    const started = performance.now()
    const run = await runTest(`pwd > ${where}; sleep 30 & sleep 30; true`, files, 1)
    expect(run).toEqual({ passed: false, why: 'no end after 1 s' })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(existsSync(readFileSync(where, 'utf8').trim())).toBe(false)
  })

  it('does not wait for what the command leaves behind', async () => {
    const started = performance.now()
    expect(await runTest('sleep 30 & true', files, 20)).toMatchObject({ passed: true })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
