import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { createPlan } from '../../plan.ts'
import { readSample } from '../../read-sample.ts'
import { json } from './language.ts'

const root = join(import.meta.dirname, '../../../../..')
const path = join(root, 'packages/marks/fixtures/json/lantern.json')
const packages = readdirSync(join(root, 'node_modules'))
  .filter((name) => /^[a-e]/.test(name))
  .map((name) => join(root, 'node_modules', name, 'package.json'))
  .filter((file) => readable(file))
  .slice(0, 25)
const files = [path, ...packages]

function readable(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').length > 600
  } catch {
    return false
  }
}

async function orders(text: string): Promise<string[]> {
  const { file } = await findSites('a.json', text)
  return file.sites.map((site) => site.variants[0]?.shown ?? '')
}

describe('JSON: what is marked', () => {
  it.each([
    ['two members', '{"zq-lantern": 1, "harbour": [2]}', ['"zq-lantern": 1 < "harbour": [2]']],
    ['three members', '{"zq": 1, "lantern": 2, "harbour": 3}', ['"zq": 1 < "lantern": 2 < "harbour": 3']],
    ['members in a list', '[{"zq": 1, "lantern": 2}, 3]', ['"zq": 1 < "lantern": 2']],
    ['members below others', '{"zq": {"lantern": 1, "harbour": 2}}', ['"lantern": 1 < "harbour": 2']],
  ])('%s', async (_, text, shown) => {
    expect(await orders(text)).toEqual(shown)
  })

  it('keeps a comment with what it speaks of, or leaves both alone', async () => {
    expect(await orders('{\n  // the first\n  "zq": 1,\n  "lantern": 2\n}')).toEqual([])
    expect(await orders('{\n  "zq": 1, // the first\n  "lantern": 2\n}')).toEqual([])
  })
})

describe('JSON: what is left alone', () => {
  it.each([
    ['lists', '[3, 1, 2]'],
    ['sorted members', '{"a": 1, "b": 2, "c": 3, "d": 4}'],
    ['one key twice', '{"zq": 1, "zq": 2}'],
    ['rows of a table', '[{"zq": 1, "lantern": 2}, {"zq": 3, "lantern": 4}]'],
    ['conditions of a package', '{"exports": {"import": "./a.mjs", "default": "./b.js"}}'],
    ['routes, where the first match counts', '{"routes": {"/zq/*": 1, "/lantern": 2}}'],
    ['what a database sorts by', '{"sort": {"zq": 1, "lantern": -1}}'],
    ['operators of a query', '{"$match": {}, "$limit": 2}'],
    ['numbers as keys, which some readers sort', '{"2": "zq", "1": "lantern"}'],
    ['a name that comes first by custom', '{"name": "zq", "lantern": 2}'],
    ['what is no JSON', '{"zq": 1, "lantern": 2'],
  ])('%s', async (_, text) => {
    expect(await orders(text)).toEqual([])
  })
})

describe('a JSON file', () => {
  it('carries declared values and orders, and is JSON without the declarations', async () => {
    const { file } = await findSites('lantern.json', readFileSync(path, 'utf8'))
    expect(JSON.parse(file.text)).toMatchObject({ scope: 'tenant' })
    expect(file.sites.filter((site) => site.pool === 'wire')).toHaveLength(2)
    expect(file.sites.length).toBeGreaterThanOrEqual(12)
  })

  it('reads back from 200 random codewords, and holds the same', async () => {
    const { file } = await findSites('lantern.json', readFileSync(path, 'utf8'))
    const orderSites = new Set(file.sites.filter((site) => site.pool !== 'wire').map((site) => site.id))
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const readings = await readFile(file, { path: 'x', text })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      expect(await checkCopy(file, text, (id) => word.get(id)!)).toEqual({ ok: true })
      const ordered = trialCopy(file, new Map([...word].filter(([id]) => orderSites.has(id))))
      expect(JSON.parse(ordered)).toEqual(JSON.parse(file.text))
    }
  })

  it('a copy with a value changed is not sound', async () => {
    const { file } = await findSites('lantern.json', readFileSync(path, 'utf8'))
    expect(await checkCopy(file, file.text.replace('"retries": 3', '"retries": "3"'), () => 0)).toMatchObject({
      ok: false,
    })
  })

  it.each(packages.map((file) => [file.slice(root.length + 1), file] as const))(
    '%s: 5 random codewords hold the same',
    async (_, file) => {
      const plan = await planOf(file)
      const next = numbersFrom(3)
      for (let trial = 0; trial < 5; trial++) {
        const word = trialWord(plan, next)
        const text = trialCopy(plan, word)
        expect(JSON.parse(text)).toEqual(JSON.parse(plan.text))
        expect(await checkCopy(plan, text, (id) => word.get(id)!)).toEqual({ ok: true })
      }
    },
  )
})

describe('what happens to JSON', () => {
  it.each<[string, (text: string) => string | Promise<string>, number]>([
    ['prettier', (text) => format(text, { parser: 'json', printWidth: 40 }), 1],
    ['minifying', (text) => JSON.stringify(JSON.parse(text)), 1],
    ['a place inside other data', (text) => `{"zq": [{"copied": ${text}}], "more": {"harbour": 1}}`, 0.97],
    [
      'a place inside a program',
      (text) => `const settings = ${text}\nexport function zq() { return { settings } }\n`,
      1,
    ],
  ])('%s: everything is read, or nearly so', async (_, tool, floor) => {
    const tally = await survey(files, tool)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThanOrEqual(floor)
  })

  it('sorting keys: nothing structural is believed', async () => {
    const { file } = await findSites('lantern.json', readFileSync(path, 'utf8'))
    const sorted = JSON.stringify(sortedKeys(JSON.parse(file.text)), null, 2)
    const readings = await readSample(createPlan('lantern', [file]), [{ path: 'x.json', text: sorted }])
    for (const [at, reading] of readings.entries())
      if (file.sites[at]?.pool === 'structural') expect(reading.variant).toBeNull()
  })

  it('two copies one after the other: only what both say', async () => {
    const { file } = await findSites('lantern.json', readFileSync(path, 'utf8'))
    const next = numbersFrom(9)
    const [one, two] = [trialWord(file, next), trialWord(file, next)]
    const readings = await readFile(file, { path: 'x', text: `${trialCopy(file, one)}\n${trialCopy(file, two)}` })
    for (const reading of readings)
      expect(reading.variant).toBe(one.get(reading.site) === two.get(reading.site) ? one.get(reading.site) : null)
  })

  it('unrelated files say nothing', async () => {
    const file = await planOf(path)
    for (const other of packages) {
      const readings = await readFile(file, { path: 'x', text: readFileSync(other, 'utf8') })
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, held]) => [key, sortedKeys(held)]),
  )
}

describe('hostile texts', () => {
  it.each(['', '\0', '{', '{"', '{"a":', '{'.repeat(9000), '[{'.repeat(3000), '{"\\u12"}', '{"a":1}}'])(
    'takes %.12j without harm',
    async (text) => {
      await expect(findSites('a.json', text)).resolves.toMatchObject({ file: { sites: [] } })
      expect(await json.resembles?.(text)).toBe(0)
    },
  )
})
