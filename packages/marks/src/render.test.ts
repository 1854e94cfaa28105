import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keepCompatible } from './nesting.ts'
import { renderFile } from './render.ts'
import type { MarkSite, PlanFile, Span, Variant } from './site.ts'

function site(id: string, variants: Variant[], parts?: Span[]): MarkSite {
  const survival = { verbatim: 1, format: 1, minify: 1, refactor: 1, rewrite: 1 }
  const span = { start: 0, end: 0 }
  return {
    id,
    file: 'f',
    kind: 'k',
    pool: 'structural',
    span,
    variants,
    line: 1,
    anchor: {},
    survival,
    ...(parts ? { parts } : {}),
  }
}

function file(text: string, sites: MarkSite[]): PlanFile {
  return { path: 'f', language: 'text', text, sites }
}

const span = (text: string, part: string): Span => ({
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
})

describe('renderFile', () => {
  const text = 'if (a < b) { one(); two() }'
  const flip = site(
    'flip',
    [{ shown: 'a < b' }, { order: [1, 0], edits: [{ span: span(text, '<'), text: '>' }], shown: 'b > a' }],
    [span(text, 'a'), span(text, 'b')],
  )
  const swap = site('swap', [{ shown: '' }, { order: [1, 0], shown: '' }], [span(text, 'one()'), span(text, 'two()')])
  const name = site('name', [{ shown: 'one' }, { edits: [{ span: span(text, 'one'), text: 'first' }], shown: 'first' }])
  const plan = file(text, [flip, swap, name])

  it('writes an order with an edit between its parts', () => {
    expect(renderFile(plan, (id) => (id === 'flip' ? 1 : 0))).toBe('if (b > a) { one(); two() }')
  })

  it('carries an edit inside a part to the place the part moves to', () => {
    expect(renderFile(plan, () => 1)).toBe('if (b > a) { two(); first() }')
  })

  it('renders an order whose first part starts with another order', () => {
    const nested = 'ab.c'
    const inner = site('inner', [{ shown: '' }, { order: [1, 0], shown: '' }], [span(nested, 'a'), span(nested, 'b')])
    const outer = site('outer', [{ shown: '' }, { order: [1, 0], shown: '' }], [span(nested, 'ab'), span(nested, 'c')])
    expect(renderFile(file(nested, [inner, outer]), () => 1)).toBe('c.ba')
  })

  it.each<[string, MarkSite[]]>([
    [
      'overlapping edits',
      [name, site('again', [{ shown: '' }, { edits: [{ span: span(text, 'one()'), text: '' }], shown: '' }])],
    ],
    [
      'orders that cross',
      [swap, site('x', [{ shown: '' }, { order: [1, 0], shown: '' }], [span(text, '{ one'), span(text, '()')])],
    ],
    [
      'an order that is no permutation',
      [site('x', [{ shown: '' }, { order: [0, 0], shown: '' }], [span(text, 'a'), span(text, 'b')])],
    ],
    ['a variant that is not there', [site('x', [{ shown: '' }])]],
  ])('refuses %s', (_, sites) => {
    expect(() => renderFile(file(text, sites), () => 1)).toThrow(expect.objectContaining({ code: 'bad-site' }))
  })
})

/** Random sites over a text of distinct characters, so that every character can be traced. */
const randomSites = fc
  .array(fc.tuple(fc.nat(57), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.boolean()), {
    maxLength: 14,
  })
  .map((raw) => {
    const text = Array.from({ length: 60 }, (_, at) => String.fromCharCode(0x4e00 + at)).join('')
    const sites = raw.map(([start, first, second, edit], at) => {
      const middle = Math.min(59, start + first)
      const parts = [
        { start, end: middle },
        { start: middle, end: Math.min(60, middle + second) },
      ]
      return edit
        ? site(`s${at}`, [{ shown: '' }, { edits: [{ span: parts[0]!, text: `<${at}>` }], shown: '' }])
        : site(`s${at}`, [{ shown: '' }, { order: [1, 0], shown: '' }], parts)
    })
    return file(text, keepCompatible(sites))
  })

property.prop([randomSites])('all-zero is the original', (plan) => {
  expect(renderFile(plan, () => 0)).toBe(plan.text)
})

property.prop([randomSites, fc.array(fc.nat(1), { minLength: 14, maxLength: 14 })])(
  'every combination renders, loses no character and says every edit once',
  (plan, word) => {
    const chosen = (id: string): number => word[Number(id.slice(1))]!
    const out = renderFile(plan, chosen)
    const edits = plan.sites.filter((one) => !one.parts && chosen(one.id) === 1)
    for (const one of edits) expect(out.split(`<${one.id.slice(1)}>`).length).toBe(2)
    const gone = edits.reduce(
      (sum, one) =>
        sum + ((one.variants[1]?.edits?.[0]?.span.end ?? 0) - (one.variants[1]?.edits?.[0]?.span.start ?? 0)),
      0,
    )
    const kept = out.replaceAll(/<\d+>/g, '')
    expect(kept.length).toBe(plan.text.length - gone)
    expect(new Set(kept).size).toBe(kept.length)
  },
)
