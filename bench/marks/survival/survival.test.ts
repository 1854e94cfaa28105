import { seededDraw } from '@sigillo/fingerprint/simulate'
import { describe, expect, it } from 'vitest'
import { excerpt, renamed, shuffled, withoutComments } from '@sigillo/marks/leak/edits'
import { MERGES } from './merges.ts'
import { brokenFloors } from './tables.ts'
import type { SurvivalRow } from './tally.ts'

const FIRST = 'def first(a):\n    return a + "one"\n'
const SECOND = '# says two\ndef second(b):\n    return b + "two"\n'
const THIRD = 'def third(c):\n    return c + "three"\n'
const program = `import os\n\n${FIRST}\n${SECOND}\n${THIRD}`

describe('what is done to copies', () => {
  it('comments go, code stays', async () => {
    expect(await withoutComments('python', program)).toBe(program.replace('# says two\n', ''))
  })

  it('own names change, those of others stay', async () => {
    const text = await renamed('python', program)
    expect(text).not.toMatch(/\b(?:first|second|a|b)\b/)
    expect(text).toContain('import os')
    expect(text).toContain('"two"')
  })

  it('shuffled functions keep their comments and lose nothing', async () => {
    const texts = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => shuffled('python', program, seededDraw(seed))))
    for (const text of texts) {
      expect(text.split('\n').sort()).toEqual(program.split('\n').sort())
      expect(text).toContain(SECOND.trimEnd())
    }
    expect(new Set(texts).size).toBeGreaterThan(2)
  })

  it('methods stay in their class', async () => {
    const body = (name: string): string => `    def ${name}(self):\n        return "${name}"\n`
    const text = `class A:\n${body('one')}\nclass B:\n${body('two')}`
    expect(await shuffled('python', text, seededDraw(2))).toBe(text)
  })

  it('an excerpt is three tenths of the lines, in one piece', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`).join('\n')
    const text = excerpt(lines, 'host 1\nhost 2', seededDraw(1))
    const found = text.split('\n').filter((line) => line.startsWith('line'))
    expect(found).toHaveLength(6)
    expect(lines).toContain(found.join('\n'))
    expect(text).toMatch(/^host 1\n[^]*\nhost 2$/)
  })
})

describe('merged copies', () => {
  it.each(MERGES)('$name, $copies copies: every line was in one of them', async ({ copies, run }) => {
    const texts = ['one', 'two', 'three'].slice(0, copies).map((word) => program.replaceAll('"', `"${word} `))
    const text = await run('python', texts, program, seededDraw(5))
    const known = new Set(texts.flatMap((copy) => copy.split('\n')))
    expect(text.split('\n').filter((line) => !known.has(line))).toEqual([])
    expect(text).toContain('def second')
  })

  it('by functions: takes some from each', async () => {
    const { run } = MERGES.find(({ name }) => name === 'merged by functions')!
    const texts = ['one', 'two'].map((word) => program.replaceAll('"', `"${word} `))
    const merged = await Promise.all([1, 2, 3, 4].map(async (seed) => run('python', texts, program, seededDraw(seed))))
    expect(merged.some((text) => text.includes('"one ') && text.includes('"two '))).toBe(true)
  })
})

describe('floors', () => {
  const row = (change: Partial<SurvivalRow>): SurvivalRow => ({
    id: 'python/tool',
    corpus: 'python',
    damage: 'tool',
    nature: 'format',
    files: 1,
    refused: 0,
    kinds: { 'structural/comparison': { right: 995, unsure: 0, wrong: 5 } },
    ...change,
  })

  it('one reading in two hundred may be wrong, no more', () => {
    expect(brokenFloors(row({}))).toEqual([])
    expect(brokenFloors(row({ kinds: { 'name/local-name': { right: 994, unsure: 0, wrong: 6 } } }))).not.toEqual([])
  })

  it('a formatter must leave all structure that was read before', () => {
    expect(brokenFloors(row({ unharmed: { right: 995, unsure: 5, wrong: 0 } }))).toEqual([])
    expect(brokenFloors(row({ unharmed: { right: 996, unsure: 4, wrong: 0 } }))).not.toEqual([])
  })

  it('nine tenths of what survives a minifier must be read', () => {
    const left = (right: number): SurvivalRow =>
      row({ nature: 'minify', survivors: { 'structural/comparison': { right, unsure: 100 - right, wrong: 0 } } })
    expect(brokenFloors(left(90))).toEqual([])
    expect(brokenFloors(left(89))).not.toEqual([])
  })
})
