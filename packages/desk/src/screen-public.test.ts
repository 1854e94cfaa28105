import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSegment } from '@sigillo/similarity/artefact-index'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ExampleDesk, openExampleDesk } from './example-desk.fixture.ts'
import { learnBackground, learnSubject, loadBackground, loadCohort, shippedBackground } from './screen-public.ts'

/** One of the files that the shipped background was made of; `bench/public-code` prints the packages. */
const LISTED = fileURLToPath(import.meta.resolve('yauzl/fd-slicer.js'))

let example: ExampleDesk
beforeEach(async () => {
  example = await openExampleDesk()
})
afterEach(() => example.remove())

const file = (id: string, text: string) => ({ id, name: id, bytes: Buffer.from(text) })
const SECRET = 'function quibble(zorp) { return zorp.frobnicate("a phrase nobody wrote before", 0xdeadc0de) }\n'
const keptOf = (id: string, bytes: Uint8Array, background: Parameters<typeof buildSegment>[1]): number =>
  buildSegment([{ id, files: [{ name: id, bytes }] }], background).artefacts[0]!.kept.reduce((a, b) => a + b, 0)

describe('the background that ships', () => {
  test('was made by the features of this version: a file of it has nothing that is not public', async () => {
    expect(keptOf('fd-slicer.js', readFileSync(LISTED), await shippedBackground())).toBe(0)
  })
  test('does not swallow what nobody published', async () => {
    expect(keptOf('a.js', Buffer.from(SECRET), await shippedBackground())).toBeGreaterThan(10)
  })
  test('is smaller than 2 MB', () => {
    expect(readFileSync(new URL('../data/public-code.background', import.meta.url)).length).toBeLessThan(2_000_000)
  })
})

describe('learning', () => {
  test('makes public code weigh nothing, under a new digest', async () => {
    const { desk } = example
    const before = await loadBackground(desk)
    const after = await learnBackground(desk, [file('a.js', SECRET)])
    expect(after.files).toBe(before.files + 1)
    expect(after.digest).not.toBe(before.digest)
    expect((await loadBackground(desk)).digest).toBe(after.digest)
    expect(keptOf('a.js', Buffer.from(SECRET), after)).toBe(0)
  })
  test('keeps code on the subject as the cohort, once each, and follows the background', async () => {
    const { desk } = example
    expect(await loadCohort(desk, await loadBackground(desk))).toBeNull()
    await learnSubject(desk, [file('a.js', SECRET)])
    expect(await learnSubject(desk, [file('a.js', SECRET), file('b.js', 'let b = 1\n')])).toBe(2)
    const background = await learnBackground(desk, [file('c.js', 'let unrelated = "quite"\n')])
    const cohort = await loadCohort(desk, background)
    expect(cohort?.background).toBe(background.digest)
    expect(cohort?.documents.map(({ id }) => id)).toEqual(['a.js', 'b.js'])
  })
  test('of nothing is refused', async () => {
    await expect(learnBackground(example.desk, [])).rejects.toThrow('there is no file to learn from')
    await expect(learnSubject(example.desk, [])).rejects.toThrow('there is no file to learn from')
  })
})
