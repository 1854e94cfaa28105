import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc, test as property } from '@fast-check/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CutText, cutFile } from './cut-file.ts'
import { findSites } from './find-sites.ts'
import { keepCompatible } from './nesting.ts'
import { renderFile } from './render.ts'
import type { MarkSite, PlanFile, Span, Variant } from './site.ts'

const BUNDLE = join(import.meta.dirname, '../../../examples/posta/bundle')
const FIXTURES = join(import.meta.dirname, '../fixtures')

const joined = (cut: CutText, variantOf: (id: string) => number): string =>
  cut
    .pieces(variantOf)
    .map(({ segment, variant }) => cut.segments[segment]?.[variant] ?? expect.fail('no such piece'))
    .join('')

function site(id: string, variants: Variant[], parts?: Span[]): MarkSite {
  const survival = { verbatim: 1, format: 1, minify: 1, refactor: 1, rewrite: 1 }
  const shape = { id, file: 'f', kind: 'k', pool: 'structural' as const, span: { start: 0, end: 0 }, variants, line: 1 }
  return { ...shape, anchor: {}, survival, ...(parts ? { parts } : {}) }
}

const file = (text: string, sites: MarkSite[]): PlanFile => ({ path: 'f', language: 'text', text, sites })
const edit = (start: number, end: number, text: string): Variant => ({
  edits: [{ span: { start, end }, text }],
  shown: '',
})
const same: Variant = { shown: '' }

describe('a cut file', () => {
  it('is cut at starts of lines, and its unmarked segments have one text', () => {
    const text = Array.from({ length: 40 }, (_, line) => `line number ${line}\n`).join('')
    const { segments } = cutFile(file(text, []), 60)
    expect(segments.every((variants) => variants.length === 1)).toBe(true)
    expect(segments.flat().join('')).toBe(text)
    expect(segments.length).toBeGreaterThan(8)
    for (const [line = ''] of segments) expect(line).toMatch(/^line number \d+\n/)
  })

  it('gives marks that share a segment a variant for each combination that differs', () => {
    const sites = [site('a', [same, edit(0, 1, 'A')]), site('b', [same, edit(2, 3, 'B'), edit(2, 3, 'b')])]
    expect(cutFile(file('a b c\n', sites), 100).segments).toEqual([['a b c\n', 'A b c\n', 'a B c\n', 'A B c\n']])
  })

  it('cuts within a line only where it holds too many marks to combine', () => {
    const text = 'abcdefgh\n'
    const sites = Array.from({ length: 8 }, (_, at) =>
      site(`s${at}`, [same, edit(at, at + 1, '1'), edit(at, at + 1, '2')]),
    )
    const { segments } = cutFile(file(text, sites), 100)
    expect(segments.map((variants) => variants.length)).toEqual([27, 27, 9])
  })

  it('makes an order of large parts an order of segments, so that no part is stored once for each order', () => {
    const [one, two] = [`one\n${'1\n'.repeat(900)}`, `two\n${'2\n'.repeat(900)}`]
    const order = site(
      'o',
      [same, { order: [1, 0], shown: '' }],
      [
        { start: 0, end: one.length },
        { start: one.length, end: one.length + two.length },
      ],
    )
    const cut = cutFile(file(one + two, [order]), 500)
    expect(cut.segments.every((variants) => variants.length === 1)).toBe(true)
    expect(joined(cut, () => 1)).toBe(two + one)
  })

  it('refuses a variant that does not exist', () => {
    const cut = cutFile(file('a\n', [site('a', [same, edit(0, 1, 'A')])]), 100)
    for (const variant of [2, -1, 0.5])
      expect(() => cut.pieces(() => variant)).toThrow(expect.objectContaining({ code: 'bad-site' }))
  })

  it('has no segments when it is empty', () => {
    const cut = cutFile(file('', []), 100)
    expect([cut.segments, cut.pieces(() => 0)]).toEqual([[], []])
  })
})

/** Random sites over lines of distinct characters. */
const randomFile = fc
  .array(fc.tuple(fc.nat(115), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(3)), {
    maxLength: 24,
  })
  .map((raw) => {
    const text = Array.from({ length: 120 }, (_, at) => (at % 9 === 8 ? '\n' : String.fromCharCode(0x4e00 + at))).join(
      '',
    )
    const sites = raw.map(([start, first, second, kind], at) => {
      const middle = Math.min(118, start + Math.max(1, first))
      const parts = [
        { start, end: middle },
        { start: middle, end: Math.min(120, middle + second) },
      ]
      if (kind === 0) return site(`s${at}`, [same, edit(start, Math.min(120, start + first), `<${at}>`)])
      if (kind === 1) return site(`s${at}`, [same, edit(start, start, `+${at}`), edit(start, start + 1, '')])
      const gap = { start: middle - 1, end: middle }
      if (kind === 2 && middle - 1 > start)
        return site(
          `s${at}`,
          [same, { order: [1, 0], shown: '', edits: [{ span: gap, text: '=' }] }, { order: [1, 0], shown: '' }],
          [{ start, end: middle - 1 }, parts[1]!],
        )
      return site(`s${at}`, [same, { order: [1, 0], shown: '' }], parts)
    })
    return file(text, keepCompatible(sites))
  })

property.prop([randomFile, fc.array(fc.nat(2), { minLength: 24, maxLength: 24 }), fc.integer({ min: 1, max: 80 })], {
  numRuns: 3000,
})('whatever the sites and wherever it is cut, the pieces of a copy joined are the copy', (plan, word, target) => {
  const variantOf = (id: string): number =>
    word[Number(id.slice(1))]! % (plan.sites.find((one) => one.id === id)?.variants.length ?? 1)
  const cut = cutFile(plan, target)
  expect(joined(cut, variantOf)).toBe(renderFile(plan, variantOf))
})

describe('the example bundle and the fixtures of all languages', () => {
  const paths = [BUNDLE, FIXTURES].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  let plans: readonly PlanFile[]
  beforeAll(async () => {
    plans = []
    for (const path of paths) plans = [...plans, (await findSites(path, readFileSync(path, 'utf8'))).file]
  }, 120_000)

  it.each([80, 200, 1000])('are cut so that random copies join to what is rendered, segments of %d', (target) => {
    expect(plans.length).toBeGreaterThan(15)
    for (const plan of plans) {
      const cut = cutFile(plan, target)
      const most = Math.max(1, ...plan.sites.map(({ variants }) => variants.length))
      for (let round = 0; round < 40; round += 1) {
        const word = new Map(plan.sites.map(({ id, variants }) => [id, Math.floor(Math.random() * variants.length)]))
        const variantOf = (id: string): number => word.get(id) ?? 0
        expect(joined(cut, variantOf)).toBe(renderFile(plan, variantOf))
      }
      for (const variants of cut.segments) expect(variants.length).toBeLessThanOrEqual(Math.max(64, most))
    }
  })
})
