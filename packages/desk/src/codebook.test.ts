import { findSites } from '@sigillo/marks/find-sites'
import { createPlan, type MarkPlan } from '@sigillo/marks/plan'
import { readSample } from '@sigillo/marks/read-sample'
import { beforeAll, describe, expect, it } from 'vitest'
import { hasCollision, openCodebook, symbolsOf, toSymbols, variantsOf } from './codebook.ts'
import { renderCopy, testCopy } from './copies.ts'
import { markedText } from './example-desk.fixture.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index)
let plan: MarkPlan

beforeAll(async () => {
  const { file } = await findSites('guidance.md', markedText(20))
  // Sites of two variants are drawn with their variants swapped or not, so that a symbol is not its variant.
  const two = await findSites('notes.md', markedText(20, 'pair', 2))
  plan = createPlan('a1', [file, two.file])
})

const book = (release = 'c1.d1', key = KEY) => openCodebook(plan, key, release, 'HALF')

describe('a codebook', () => {
  it('follows from plan, key and release alone', () => {
    expect(symbolsOf(book(), 'p1')).toEqual(symbolsOf(book(), 'p1'))
    expect(book().drawn).toEqual(book().drawn)
    expect(symbolsOf(book('c1.d2'), 'p1')).not.toEqual(symbolsOf(book(), 'p1'))
    expect(symbolsOf(book('c1.d1', KEY.toReversed()), 'p1')).not.toEqual(symbolsOf(book(), 'p1'))
  })

  it('has one symbol for each site, in plan order, and a word of its own for each recipient', () => {
    const recipients = Array.from({ length: 100 }, (_, index) => `p${index}`)
    const words = recipients.map((id) => symbolsOf(book(), id))
    expect(words.every((word) => word.length === 40)).toBe(true)
    expect(new Set(words.map(String)).size).toBe(100)
    expect(hasCollision(book(), recipients)).toBe(false)
  })

  it('turns the variants of a copy back into the symbols it was made from; what was not read stays unread', () => {
    const variants = variantsOf(book(), 'p1')
    const read = book().drawn.map(({ id }, index) => (index === 3 ? null : (variants.get(id) ?? null)))
    const expected = [...symbolsOf(book(), 'p1')].map((symbol, index) => (index === 3 ? null : symbol))
    expect(toSymbols(book(), read)).toEqual(expected)
  })

  it('says when two recipients cannot be told apart', () => {
    const bare = openCodebook(createPlan('a1', []), KEY, 'c1.d1', 'HALF')
    expect(hasCollision(bare, ['p1', 'p2'])).toBe(true)
    expect(hasCollision(bare, ['p1'])).toBe(false)
  })
})

describe('a recipient’s copy', () => {
  it('shows exactly the variants of its codeword, and reads back as them', async () => {
    const files = await renderCopy(plan, book(), 'p7', ['guidance.md', 'notes.md'])
    const texts = files.map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString() }))
    const readings = await readSample(plan, texts)
    const read = readings.map(({ variant }) => variant)
    expect(toSymbols(book(), read)).toEqual([...symbolsOf(book(), 'p7')])
    expect(texts.map(({ text }) => text).join()).not.toContain('sigillo:mark')
  })

  it('holds the files asked for and no others', async () => {
    expect(await renderCopy(plan, book(), 'p7', [])).toEqual([])
    expect((await renderCopy(plan, book(), 'p7', ['guidance.md', 'poc/none.py'])).map(({ path }) => path)).toEqual([
      'guidance.md',
    ])
  })

  it('is refused when the artefact’s own test fails on it, with what the test said', async () => {
    const files = await renderCopy(plan, book(), 'p7', ['guidance.md'])
    await testCopy('test -f {}/guidance.md', files, 'p7')
    await expect(testCopy('echo wrong board; exit 3 #', files, 'p7')).rejects.toMatchObject({
      code: 'test-failed',
      message: "the artefact's test fails on the copy for p7 (exit 3: wrong board). Nothing was sent",
    })
  })
})
