import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { numbersFrom, tally, trialCopy, trialPlan, trialWord } from '../../internal/trial.ts'
import { markdown } from './language.ts'
import { PHRASE_FAMILIES } from './phrases.ts'

const GUIDE = `# Toy gateway: what to look for

Operators usually notice the leak by its size, for example when a nightly backup grows without a reason.
Note that the gateway keeps about 40 files open at the moment, and that it writes every one of them again
each time the service restarts.

Moreover, the export can take more than 20 minutes on slow disks. The whole archive is written twice.

Where to look:

- The access log of the gateway, with the client address
- Packet captures from the management network
- Backups of the \`store\` folder,
  including the set kept at a *remote* site
- Crash reports that the vendor's client sends

Do it in this order:

- stop the service
- copy the store
- start the service again

| a | b |
|---|---|
| usually | often |

\`\`\`
usually this is code, for example
- one item of code
- two items of code
\`\`\`
`
const bundle = new URL('../../../../../examples/posta/bundle/guidance.md', import.meta.url)
const inputs = { own: GUIDE, posta: readFileSync(bundle, 'utf8') }

describe.each(Object.entries(inputs))('copies of the %s guidance', (_name, text) => {
  it('read back for 200 random codewords', async () => {
    const plan = await trialPlan(markdown, 'a.md', text)
    expect(plan.sites.length).toBeGreaterThan(2)
    const next = numbersFrom(10)
    const original = await markdown.canonical?.(plan, text)
    for (let i = 0; i < 200; i++) {
      const word = trialWord(plan, next)
      const copy = trialCopy(plan, word)
      expect(await markdown.canonical?.(plan, copy)).toBe(original)
      expect(tally(await markdown.read(plan, { path: 'x', text: copy }), word)).toEqual({
        right: word.size,
        unsure: 0,
        wrong: [],
      })
    }
  })
  it('read back after prettier has re-wrapped them', async () => {
    const plan = await trialPlan(markdown, 'a.md', text)
    const next = numbersFrom(11)
    for (let i = 0; i < 10; i++) {
      const word = trialWord(plan, next)
      const wrapped = await format(trialCopy(plan, word), { parser: 'markdown', proseWrap: 'always', printWidth: 60 })
      expect(tally(await markdown.read(plan, { path: 'x', text: wrapped }), word)).toEqual({
        right: word.size,
        unsure: 0,
        wrong: [],
      })
    }
  })
})

describe('the sites', () => {
  it('are items without order and phrases of running text', async () => {
    const plan = await trialPlan(markdown, 'a.md', GUIDE)
    expect(plan.sites.map((site) => site.variants[0]?.shown)).toEqual([
      'The access log of the gateway, with t... < Packet captures from the management n...',
      "Backups of the `store` folder, includ... < Crash reports that the vendor's clien...",
      'usually',
      'for example',
      'Note that',
      'about',
      'at the moment',
      'each time',
      'Moreover',
      'more than',
      'The whole',
    ])
  })
  it.each([
    ['ordered by its introduction', 'Strongest first:\n\n- alpha beta gamma\n- delta epsilon zeta\n'],
    ['ordered by an item', 'List:\n\n- then beta gamma\n- delta epsilon zeta\n'],
    ['numbered', 'List:\n\n1. alpha beta gamma\n2. delta epsilon zeta\n'],
    ['dated', 'List:\n\n- 2026-01-01 beta gamma\n- 2026-02-01 epsilon zeta\n'],
    ['sorted', 'List:\n\n- a beta gamma\n- b beta gamma\n- c epsilon zeta\n- d epsilon zeta\n'],
    ['a table of contents', 'List:\n\n- [Some long title](#some)\n- [Other long title](#other)\n'],
    ['ended by different marks', 'List:\n\n- alpha beta gamma;\n- delta epsilon zeta.\n'],
  ])('leave a list alone that is %s', async (_what, text) => {
    expect(await markdown.find(text)).toEqual([])
  })
  it('leave quotations, code, headings and phrases behind an article alone', async () => {
    const line = 'one two three four five six'
    for (const text of [
      `> usually ${line}`,
      `\`usually\` ${line}`,
      `# usually ${line}`,
      `${line} a nearly ${line}`,
      `"usually" ${line}`,
    ])
      expect(await markdown.find(`${text}\n`)).toEqual([])
    expect(await markdown.find(`${line} usually ${line}\n`)).toHaveLength(1)
  })
})

describe('the table of phrases', () => {
  it('holds each phrase once, two to four a family, in lower case', () => {
    const all = PHRASE_FAMILIES.flatMap((family) => family.phrases)
    expect(new Set(all).size).toBe(all.length)
    expect(all.filter((phrase) => !/^[a-z]+(?: [a-z]+)*$/.test(phrase))).toEqual([])
    for (const { phrases } of PHRASE_FAMILIES) expect([2, 3, 4]).toContain(phrases.length)
  })
})

describe('the reader', () => {
  it('reads excerpts, and is silent when copies disagree', async () => {
    const plan = await trialPlan(markdown, 'a.md', GUIDE)
    const word = trialWord(plan, numbersFrom(12))
    const copy = trialCopy(plan, word)
    const excerpt = copy.slice(copy.indexOf('Where to look'), copy.indexOf('Do it'))
    expect(tally(await markdown.read(plan, { path: 'x', text: excerpt }), word)).toMatchObject({ right: 2, wrong: [] })
    const other = new Map(plan.sites.map((site) => [site.id, ((word.get(site.id) ?? 0) + 1) % site.variants.length]))
    const merged = tally(await markdown.read(plan, { path: 'x', text: copy + trialCopy(plan, other) }), word)
    expect(merged).toMatchObject({ right: 0, wrong: [] })
  })
  it('never throws, whatever the text', async () => {
    const plan = await trialPlan(markdown, 'a.md', GUIDE)
    const piece = fc.constantFrom(
      '- ',
      '* ',
      '\n',
      '  ',
      'usually',
      '```',
      '# ',
      '| ',
      'word ',
      '1. ',
      '> ',
      'for ',
      'example',
      ', ',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const text = pieces.join('')
        expect(await markdown.read(plan, { path: 'x', text })).toHaveLength(plan.sites.length)
        await markdown.find(text)
      }),
    )
  })
})
