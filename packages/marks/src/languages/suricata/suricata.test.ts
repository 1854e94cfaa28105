import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { numbersFrom, tally, trialCopy, trialPlan, trialWord } from '../../internal/trial.ts'
import { suricata } from './language.ts'

const RULES = `# two rules
alert http any any -> $HOME_NET any (msg:"TOY admin path"; flow:established,to_server; http.uri; content:"/admin\\;x"; nocase; pcre:"/a\\"b[^"]c/"; metadata:tier Gold, deployment Edge, product Toy; reference:url,toy.example/b; reference:cve,2026-1001; classtype:web-application-attack; sid:9000001; rev:1;)
alert tcp any any -> any 8443 \\
    (msg:"TOY beacon"; flow:to_server, established; content:"|de ad|beacon"; depth:8; \\
     classtype:trojan-activity; reference:url,toy.example/c; sid:9000002; rev:2; metadata:severity Major, confidence High;)
`
const bundle = new URL('../../../../../examples/posta/bundle/rules/posta.rules', import.meta.url)
const inputs = { own: RULES, posta: readFileSync(bundle, 'utf8') }

/** The detection part of each rule in its order, told by hand-made splitting: nothing of it may ever move. */
function detection(text: string): readonly (readonly string[])[] {
  const neutral = /^(?:metadata|reference|classtype|sid|rev|flow)\b/
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.startsWith('alert'))
    .map((line) => line.split(/(?<!\\);/).map((option) => option.trim()))
    .map((options) => options.filter((option) => !neutral.test(option)))
}

describe.each(Object.entries(inputs))('copies of %s rules', (_name, text) => {
  it('read back for 200 random codewords, parse, and keep every detection option in place', async () => {
    const plan = await trialPlan(suricata, 'a.rules', text)
    expect(plan.sites.length).toBeGreaterThan(5)
    const next = numbersFrom(1)
    const original = await suricata.canonical?.(plan, text)
    for (let i = 0; i < 200; i++) {
      const word = trialWord(plan, next)
      const copy = trialCopy(plan, word)
      expect(await suricata.parseError(copy)).toBeNull()
      expect(detection(copy)).toEqual(detection(text))
      expect(copy).toHaveLength(text.length)
      expect(await suricata.canonical?.(plan, copy)).toBe(original)
      expect(tally(await suricata.read(plan, { path: 'x', text: copy }), word)).toEqual({
        right: word.size,
        unsure: 0,
        wrong: [],
      })
    }
  })
})

describe('the sites', () => {
  it('are the orders that mean nothing to the engine', async () => {
    const plan = await trialPlan(suricata, 'a.rules', RULES)
    const kinds = plan.sites.map((site) => site.kind).sort()
    expect(kinds.join(' ')).toBe(
      'classtype-place classtype-place flow-order flow-order metadata-order metadata-order metadata-place metadata-place reference-order',
    )
  })
  it('leave sorted metadata, switched-off rules and sid before rev alone', async () => {
    const sorted = 'alert ip any any -> any any (msg:"x"; metadata:a 1, b 2, c 3, d 4; sid:1; priority:1; rev:1;)\n'
    expect((await trialPlan(suricata, 'a.rules', sorted)).sites).toEqual([])
    const off = RULES.replace(/^alert/gm, '#alert').replace(/^ {4,5}/gm, '#')
    expect((await trialPlan(suricata, 'a.rules', off)).sites).toEqual([])
  })
})

describe('the reader', () => {
  it('reads rules that were re-wrapped, switched off or pasted into other text, and stays silent on copies that disagree', async () => {
    const plan = await trialPlan(suricata, 'a.rules', RULES)
    const next = numbersFrom(2)
    const word = trialWord(plan, next)
    const copy = trialCopy(plan, word)
    const wrapped = copy.replace(/\\\n\s*/g, '').replace(/; /g, '; \\\n    ')
    expect(tally(await suricata.read(plan, { path: 'x', text: wrapped }), word)).toMatchObject({ unsure: 0, wrong: [] })
    const chat = `seen this?\n> ${copy.replace(/\\\n\s*/g, '').split('\n')[1]}\nnot mine`
    expect(tally(await suricata.read(plan, { path: 'x', text: chat }), word)).toMatchObject({
      right: 5,
      unsure: 4,
      wrong: [],
    })
    const other = new Map([...word].map(([id, variant]) => [id, variant === 0 ? 1 : 0]))
    const merged = copy + trialCopy(plan, other)
    expect(tally(await suricata.read(plan, { path: 'x', text: merged }), word)).toMatchObject({ right: 0, wrong: [] })
  })
  it('never throws, whatever the text', async () => {
    const plan = await trialPlan(suricata, 'a.rules', RULES)
    const piece = fc.constantFrom(
      'alert ',
      'tcp any any -> ',
      '(',
      ')',
      ';',
      '"',
      '\\',
      '\n',
      'sid:1',
      'metadata:',
      ',',
      'x',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const text = pieces.join('')
        expect(await suricata.read(plan, { path: 'x', text })).toHaveLength(plan.sites.length)
        await suricata.find(text)
      }),
    )
  })
})

describe('broken copies', () => {
  const rule = 'alert tcp any any -> any any (msg:"x"; content:"y"; sid:1; rev:1;)'
  it.each([
    ['an option without its end', rule.replace('rev:1;', 'rev:1')],
    ['a bare semicolon in a content', rule.replace('"y"', '"a;b"')],
    ['a missing parenthesis', rule.slice(0, -1)],
    ['no sid', rule.replace('sid:1; ', '')],
    ['no direction', rule.replace('-> ', '')],
    ['two rules with one sid', `${rule}\n${rule}`],
    ['stray text', `${rule}\nhello`],
    ['a cut line', rule.slice(0, 40)],
  ])('%s is refused', async (_what, text) => {
    expect(await suricata.parseError(rule)).toBeNull()
    expect(await suricata.parseError(text)).toMatch(/^line \d+: /)
  })
})
