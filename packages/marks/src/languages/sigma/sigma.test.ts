import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { numbersFrom, tally, trialCopy, trialPlan, trialWord } from '../../internal/trial.ts'
import { sigma } from './language.ts'

const RULE = `title: Toy service started from an odd place
id: 0d8b1f52-3a3c-4d5e-9a41-77d1c2f0a001
status: test
description: Finds the toy service where no package puts it
references:
    - https://toy.example/notes/7   # the long one
    - https://toy.example/blog/odd-places
author: toy team
date: 2026-10-01
tags:
    - attack.persistence
    - attack.execution
    - attack.t1543.003
    - attack.t1059
logsource:
    category: process_creation
    product: windows
detection:
    selection_img:
        ParentImage|endswith: '\\toyd.exe'
        Product: 'Toy: the "service"'
        Image|endswith:
            - '\\tmp\\toy.exe'
            - "\\\\temp\\\\toy32.exe"
            - \\cache\\toy.exe
    selection_cli:
        - CommandLine|contains|all: ['--quiet', '--serve']
          User: toy
        - CommandLine|contains: --toy-mode
    filter_known:
        Computer: build-host
    keyword_list:
        - deploy toy
        - toy rollout
    condition: (selection_img or selection_cli) and not filter_known
falsepositives:
    - Packaging tests
    - Administrators who unpack by hand
level: medium
`
const bundle = new URL('../../../../../examples/posta/bundle/rules/posta.sigma.yml', import.meta.url)
const inputs = { own: RULE, posta: readFileSync(bundle, 'utf8') }

/** The parsed rule by the YAML library itself, order put aside; conditions are compared by truth table. */
function meaning(text: string): unknown {
  return parseAllDocuments(text).map((document) => sorted(document.toJS()))
}

function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(sorted(item))).sort()
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, sorted(item, name)]),
    )
  return key === 'condition' && typeof value === 'string' ? truthTable(value) : value
}

/** Verdicts of a condition without quantifiers for every assignment of its names. */
function truthTable(condition: string): string {
  const names = [...new Set(condition.match(/\w+/g))].filter((word) => !['and', 'or', 'not'].includes(word)).sort()
  const verdicts = Array.from({ length: 2 ** names.length }, (_unused, bits) => {
    const tokens = condition.match(/\w+|[()]/g) ?? []
    const value = (name: string): boolean => ((bits >> names.indexOf(name)) & 1) === 1
    let at = 0
    const unary = (): boolean => {
      const token = tokens[at++] ?? ''
      if (token === 'not') return !unary()
      if (token !== '(') return value(token)
      const inner = or()
      at += 1
      return inner
    }
    const and = (): boolean => {
      let all = unary()
      while (tokens[at] === 'and') {
        at += 1
        all = unary() && all
      }
      return all
    }
    const or = (): boolean => {
      let any = and()
      while (tokens[at] === 'or') {
        at += 1
        any = and() || any
      }
      return any
    }
    return or() ? 1 : 0
  })
  return `${names.join(' ')} ${verdicts.join('')}`
}

describe.each(Object.entries(inputs))('copies of the %s rule', (_name, text) => {
  it('read back for 200 random codewords and mean the same to a YAML library', async () => {
    const plan = await trialPlan(sigma, 'a.yml', text)
    expect(plan.sites.length).toBeGreaterThan(7)
    const next = numbersFrom(6)
    const original = await sigma.canonical?.(plan, text)
    for (let i = 0; i < 200; i++) {
      const word = trialWord(plan, next)
      const copy = trialCopy(plan, word)
      expect(await sigma.parseError(copy)).toBeNull()
      expect(meaning(copy)).toEqual(meaning(text))
      expect(await sigma.canonical?.(plan, copy)).toBe(original)
      expect(tally(await sigma.read(plan, { path: 'x', text: copy }), word)).toEqual({
        right: word.size,
        unsure: 0,
        wrong: [],
      })
    }
  })
  it('read back after a YAML library has re-indented, re-quoted and re-wrapped them', async () => {
    const plan = await trialPlan(sigma, 'a.yml', text)
    const next = numbersFrom(7)
    for (let i = 0; i < 20; i++) {
      const word = trialWord(plan, next)
      const parsed: unknown = parseAllDocuments(trialCopy(plan, word))[0]?.toJS()
      for (const options of [
        { indent: 6 },
        { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 40 },
        { collectionStyle: 'flow' },
      ] as const) {
        const written = stringify(parsed, options)
        expect(tally(await sigma.read(plan, { path: 'x', text: written }), word)).toEqual({
          right: word.size,
          unsure: 0,
          wrong: [],
        })
      }
    }
  })
})

const doc = (detection: string): string => `title: t\nlogsource:\n  category: x\ndetection:\n${detection}\nlevel: low\n`

describe('the sites', () => {
  it('are orders that neither a backend nor a reader of rules cares for', async () => {
    const plan = await trialPlan(sigma, 'a.yml', RULE)
    expect(
      plan.sites
        .map((site) => site.kind)
        .sort()
        .join(' '),
    ).toBe(
      'field-order field-order item-order key-order operand-order reference-order selection-order tag-order tag-order value-order value-order value-order value-order',
    )
  })
  it('keep a comment on the line it speaks of', async () => {
    const plan = await trialPlan(sigma, 'a.yml', RULE)
    const copy = trialCopy(plan, new Map(plan.sites.map((site) => [site.id, site.variants.length - 1])))
    expect(copy).toContain('- https://toy.example/notes/7   # the long one\n')
    expect(copy).toContain('- https://toy.example/blog/odd-places\n    - https://toy.example/notes/7')
  })
  it.each([
    ['sorted lists', doc('  selection:\n    a: [alpha, beta, gamma, teta]\n  condition: selection')],
    ['customary fields', doc('  selection:\n    Image: x\n    CommandLine: y\n  condition: selection')],
    ['numbered names', doc('  selection_1: {a: x}\n  selection_2: {a: y}\n  condition: selection_1 or selection_2')],
    ['aggregations', doc('  ua: {a: x}\n  ub: {a: y}\n  condition: ua or ub | count() > 3').replace('ua or', 'ua and')],
    ['unlike operands', doc('  selection: {a: x}\n  filter: {a: y}\n  condition: selection and not filter')],
    ['values under anchors', doc('  selection:\n    a: &x [q, b]\n    b: *x\n  condition: selection')],
    ['block scalars', doc('  selection:\n    a: |\n      text\n    b: x\n  condition: selection')],
    ['YAML that is not Sigma', 'jobs:\n  - b\n  - a\ntags:\n  - y\n  - x\n'],
  ])('leave %s alone', async (_what, text) => {
    expect(await sigma.parseError(text)).toBeNull()
    expect(await sigma.find(text)).toEqual([])
  })
})

describe('operands of a condition', () => {
  const name = fc.constantFrom('proxy', 'mail', 'web', 'dns')
  const { condition } = fc.letrec<{ condition: string; operand: string }>((tie) => ({
    operand: fc.oneof(
      { maxDepth: 3 },
      name,
      name.map((it) => `not ${it}`),
      tie('condition').map((it) => `(${it})`),
    ),
    condition: fc
      .array(fc.tuple(tie('operand'), fc.constantFrom('and', 'or')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map(([operand, joint], i) => (i === 0 ? operand : `${joint} ${operand}`)).join(' ')),
  }))
  it('never change the verdict', async () => {
    let sites = 0
    await fc.assert(
      fc.asyncProperty(condition, fc.nat(), async (it, seed) => {
        const plan = await trialPlan(sigma, 'a.yml', doc(`  proxy: {a: x}\n  condition: ${it}`))
        sites += plan.sites.length
        const copy = trialCopy(plan, trialWord(plan, numbersFrom(seed)))
        expect(meaning(copy)).toEqual(meaning(plan.text))
      }),
    )
    expect(sites).toBeGreaterThan(10)
  })
})

describe('the reader', () => {
  it('reads excerpts, code fences and files pasted together', async () => {
    const plan = await trialPlan(sigma, 'a.yml', RULE)
    const word = trialWord(plan, numbersFrom(8))
    const copy = trialCopy(plan, word)
    const fenced = `Found this:\n\n\`\`\`yaml\n${copy}\`\`\`\nBest: keep it: "secret"\n`
    expect(tally(await sigma.read(plan, { path: 'x', text: fenced }), word)).toMatchObject({ unsure: 0, wrong: [] })
    const foreign = copy
      .replace(/title.*/, 'title: Another')
      .replace(/toy/gi, 'quux')
      .replace(/0d8b/, 'ffff')
    const pasted = `${foreign}${copy}`
    expect(tally(await sigma.read(plan, { path: 'x', text: pasted }), word)).toMatchObject({ unsure: 0, wrong: [] })
    const detection = copy.slice(copy.indexOf('detection:'), copy.indexOf('level:'))
    const excerpt = tally(await sigma.read(plan, { path: 'x', text: detection }), word)
    expect(excerpt).toMatchObject({ right: 9, wrong: [] })
  })
  it('answers null when two copies disagree or the rule is another one', async () => {
    const plan = await trialPlan(sigma, 'a.yml', RULE)
    const word = trialWord(plan, numbersFrom(9))
    const other = new Map(plan.sites.map((site) => [site.id, ((word.get(site.id) ?? 0) + 1) % site.variants.length]))
    const merged = `${trialCopy(plan, word)}---\n${trialCopy(plan, other)}`
    expect(tally(await sigma.read(plan, { path: 'x', text: merged }), word)).toMatchObject({ right: 0, wrong: [] })
    expect(tally(await sigma.read(plan, { path: 'x', text: inputs.posta }), word)).toMatchObject({
      right: 0,
      wrong: [],
    })
  })
  it('never throws, whatever the text', async () => {
    const plan = await trialPlan(sigma, 'a.yml', RULE)
    const piece = fc.constantFrom(
      'detection:',
      'title: x',
      '\n',
      '  ',
      '- ',
      'a: b',
      '&x ',
      '*x',
      '[',
      '{',
      '|',
      '"',
      '<<: ',
      '---\n',
      '!t ',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const text = pieces.join('')
        expect(await sigma.read(plan, { path: 'x', text })).toHaveLength(plan.sites.length)
        await sigma.find(text)
      }),
    )
    expect(await sigma.parseError('['.repeat(20_000))).not.toBeNull()
    expect(await sigma.read(plan, { path: 'x', text: '['.repeat(20_000) })).toHaveLength(plan.sites.length)
  })
})

describe('broken copies', () => {
  it.each([
    ['an open quote', RULE.replace("'\\toyd.exe'", "'\\toyd.exe")],
    ['lost indentation', RULE.replace('        Product', '    Product')],
    ['a key twice', RULE.replace('level: medium', 'title: again')],
  ])('%s is refused', async (_what, text) => {
    expect(await sigma.parseError(RULE)).toBeNull()
    expect(await sigma.parseError(text)).toMatch(/^line \d+: /)
  })
})
