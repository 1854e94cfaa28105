import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { languageOf } from '../../languages.ts'
import { createPlan } from '../../plan.ts'
import { readSample } from '../../read-sample.ts'
import type { PlanFile } from '../../site.ts'
import { yaml } from './language.ts'

const root = join(import.meta.dirname, '../../../../..')
const fixture = readFileSync(join(root, 'packages/marks/fixtures/yaml/lantern.yml'), 'utf8')
const rule = readFileSync(join(root, 'examples/posta/bundle/rules/posta.sigma.yml'), 'utf8')

async function orders(text: string): Promise<string[]> {
  const { file } = await findSites('a.yml', text)
  return file.sites.map((site) => site.variants[0]?.shown ?? '')
}

async function planned(): Promise<PlanFile> {
  return (await findSites('lantern.yml', fixture)).file
}

describe('which YAML is whose', () => {
  it('a Sigma rule stays a Sigma rule, everything else is data', async () => {
    expect(languageOf('a.yml', rule)?.id).toBe('sigma')
    expect(languageOf('a.yml', fixture)?.id).toBe('yaml')
    expect(languageOf('a.yml')?.id).toBe('sigma')
    expect(await yaml.resembles?.(rule)).toBeLessThan(0.9)
  })

  it('each is read as what it is, whatever its name', async () => {
    const settings = await planned()
    const { file: sigma } = await findSites('rule.yml', rule)
    const plan = createPlan('both', [settings, sigma])
    const samples = [settings, sigma].map(({ text }, at) => ({ path: `dump-${at}`, text }))
    const readings = await readSample(plan, samples)
    expect(readings.filter((reading) => reading.variant === null)).toEqual([])
  })
})

describe('YAML: what is marked', () => {
  it.each([
    ['members at the left margin', 'zq: 1\nlantern: [2]\n', ['zq: 1 < lantern: [2]']],
    ['members below others', 'zq:\n  lantern: 1\n  harbour: 2\n', ['lantern: 1 < harbour: 2']],
    ['members of a list item', '- zq: 1\n  lantern: 2\n', ['zq: 1 < lantern: 2']],
    ['members in braces', 'zq: {lantern: 1, harbour: 2}\n', ['lantern: 1 < harbour: 2']],
    ['members with others below them', 'zq:\n  a: 1\nlantern:\n  b: 2\n', ['zq: a: 1 < lantern: b: 2']],
  ])('%s', async (_, text, shown) => {
    expect(await orders(text)).toEqual(shown)
  })
})

describe('YAML: what is left alone', () => {
  it.each([
    ['lists', '- 3\n- 1\n'],
    ['sorted members', 'a: 1\nb: 2\nc: 3\nd: 4\n'],
    ['rows of a table', '- {zq: 1, lantern: 2}\n- {zq: 3, lantern: 4}\n'],
    ['steps', 'steps:\n  zq: 1\n  lantern: 2\n'],
    ['an alias, which its anchor must precede', 'zq: &one 1\nlantern: *one\n'],
    ['merged mappings', 'zq:\n  <<: {a: 1}\n  lantern: 2\n  harbour: 3\n'],
    ['tagged values', 'zq: !omap [a: 1]\nlantern: 2\n'],
    ['block texts, whose end belongs to them', 'zq: |\n  text\nlantern: 2\n'],
    ['a value that is left out', 'zq:\nlantern: 2\n'],
    ['a comment between', 'zq: 1\n# about the lantern\nlantern: 2\n'],
    ['what comes first by custom', 'name: zq\nlantern: 2\n'],
    ['what is no YAML', 'zq: [1\nlantern: 2\n'],
  ])('%s', async (_, text) => {
    expect(await orders(text)).toEqual([])
  })
})

describe('a YAML file', () => {
  it('carries declared values and orders', async () => {
    const file = await planned()
    expect(file.language).toBe('yaml')
    expect(file.sites.filter((site) => site.pool === 'wire')).toHaveLength(2)
    expect(file.sites.length).toBeGreaterThanOrEqual(8)
  })

  it('reads back from 200 random codewords, and holds the same', async () => {
    const file = await planned()
    const orderSites = new Set(file.sites.filter((site) => site.pool !== 'wire').map((site) => site.id))
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const readings = await readFile(file, { path: 'x', text })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      if (trial % 10 === 0) expect(await checkCopy(file, text, (id) => word.get(id)!)).toEqual({ ok: true })
      const ordered = trialCopy(file, new Map([...word].filter(([id]) => orderSites.has(id))))
      expect(parse(ordered)).toEqual(parse(file.text))
    }
  })

  it('a copy with a value changed is not sound', async () => {
    const file = await planned()
    expect(await checkCopy(file, file.text.replace('retries: 3', 'retries: 4'), () => 0)).toMatchObject({ ok: false })
  })

  it.each<[string, (text: string) => string | Promise<string>]>([
    ['prettier', (text) => format(text, { parser: 'yaml', bracketSpacing: false })],
    ['writing it anew', (text) => stringify(parse(text))],
    ['comment stripping', (text) => text.replace(/(?:^|\s)#.*$/gm, '')],
    ['a place in another file', (text) => `other:\n  zq: 1\ncopied:\n${text.replace(/^(?=.)/gm, '  ')}more: 2\n`],
  ])('%s: everything is read', async (_, tool) => {
    const file = await planned()
    const next = numbersFrom(7)
    for (let trial = 0; trial < 10; trial++) {
      const word = trialWord(file, next)
      const readings = await readFile(file, { path: 'x', text: await tool(trialCopy(file, word)) })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
    }
  })

  it('a third of it with broken lines around: what is there is read right', async () => {
    const file = await planned()
    const word = trialWord(file, numbersFrom(11))
    const lines = trialCopy(file, word).split('\n')
    const text = ['}} not yaml: [', ...lines.slice(0, 14), '\tnor: this', ': ['].join('\n')
    const told = (await readFile(file, { path: 'x', text })).filter((reading) => reading.variant !== null)
    for (const reading of told) expect(reading.variant).toBe(word.get(reading.site))
    expect(told.length).toBeGreaterThan(2)
  })

  it('other YAML says nothing', async () => {
    const readings = await readFile(await planned(), { path: 'x', text: rule })
    expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
  })
})

describe('hostile texts', () => {
  it.each(['', '\0', '{', '- - - -', ': :', '&a *a', '!!', '['.repeat(9000), '? '.repeat(500)])(
    'takes %.12j without harm',
    async (text) => {
      await expect(findSites('a.yml', text)).resolves.toMatchObject({ file: { sites: [] } })
      expect(await yaml.resembles?.(text)).toBe(0)
    },
  )

  it('prose with colons is no YAML', async () => {
    expect(await yaml.resembles?.('Note: this is prose: with colons.\nAnother line, see: above.\n')).toBe(0)
  })
})
