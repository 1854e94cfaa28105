import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { intervalWords, reportLines } from './text.ts'
import { timelineSvg } from './timeline-svg.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))
const proxylogon = cases.find((each) => each.id === 'proxylogon-2021')
if (proxylogon === undefined) throw new Error('the flagship case is missing')

describe('the report in the terminal', () => {
  it('says per wave what the dates exclude, and by which event', () => {
    const text = reportLines(explainCase(proxylogon)).join('\n').replaceAll(/\s+/g, ' ')
    expect(text).toContain('W2 attacks, at least 4 groups, begun 26 February to 1 March 2021: contested')
    expect(text).toContain(
      'patch-diffing excluded - needs a published fix; the first (e37, 2 March 2021) came after the wave had begun (by 1 March 2021)',
    )
    expect(text).toContain('report to patch 56 (55.55 to 56.55 days')
  })

  it.each(cases)('$id: plain lines that fit', (each) => {
    for (const line of reportLines(explainCase(each))) {
      expect(line.length).toBeLessThanOrEqual(115)
      expect(line).not.toMatch(/\p{Cc}/u)
    }
  })

  it('lets no control characters of a case file through', () => {
    const hostile = { ...proxylogon, title: 'Title \u001b[31mred\u001b[0m\nnext\u202Elast' }
    const head = reportLines(explainCase(hostile))[0] ?? ''
    expect(head).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('writes intervals as people do', () => {
    expect(words('2021-02-26T00:00:00Z', '2021-02-28T23:59:59Z')).toBe('26 to 28 February 2021')
    expect(words('2021-02-26T00:00:00Z', '2021-03-01T23:59:59Z')).toBe('26 February to 1 March 2021')
    expect(words('2020-12-01T00:00:00Z', '2021-01-04T23:59:59Z')).toBe('1 December 2020 to 4 January 2021')
    expect(words('2020-01-04T00:00:00Z', '2021-01-04T23:59:59Z')).toBe('4 January 2020 to 4 January 2021')
    expect(words('2021-03-02T00:00:00Z', '2021-03-02T23:59:59Z')).toBe('2 March 2021')
    expect(words(null, '2021-03-02T23:59:59Z')).toBe('an unknown date up to 2 March 2021')
  })
})

describe('the drawing', () => {
  it.each(cases)('$id: one bar or arrow for every event, well-formed, the same for any order of events', (each) => {
    const svg = timelineSvg(each, explainCase(each))
    expect(() => checkMarkup(svg)).not.toThrow()
    const titles = [...svg.matchAll(/<g><title>(e\d+) /g)].map((match) => match[1])
    expect([...titles].sort(byText)).toEqual(each.events.map((event) => event.id).sort(byText))
    const turned = { ...each, events: each.events.toReversed() }
    expect(timelineSvg(turned, explainCase(turned))).toBe(svg)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('escapes what a case file says', () => {
    const [first, ...others] = proxylogon.events
    if (first === undefined) throw new Error('no events')
    const hostile = {
      ...proxylogon,
      title: '</svg><script>"&',
      events: [{ ...first, actor: '<b>\u0000&', note: ']]>' }, ...others],
    }
    const svg = timelineSvg(hostile, explainCase(hostile))
    expect(svg).not.toContain('<script>')
    expect(() => checkMarkup(svg)).not.toThrow()
  })

  it('draws a case without events', () => {
    const empty = { ...proxylogon, events: [] }
    const svg = timelineSvg(empty, explainCase(empty))
    expect(() => checkMarkup(svg)).not.toThrow()
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})

function words(earliest: string | null, latest: string | null): string {
  return intervalWords({ earliest, latest })
}

function byText(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1
}

/** A small well-formedness check: tags nest and close, no bare ampersand, no character that XML forbids. */
function checkMarkup(svg: string): void {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(svg)) throw new Error('forbidden character')
  if (/&(?!amp;|lt;|gt;|quot;)/.test(svg)) throw new Error('bare ampersand')
  const open: string[] = []
  for (const [, close, name, attributes] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[a-zA-Z0-9:-]+="[^"<]*")*\/?)>|</g)) {
    if (name === undefined) throw new Error('a bare <')
    if (close === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`)
    } else if (attributes?.endsWith('/') !== true) {
      open.push(name)
    }
  }
  if (open.length > 0) throw new Error(`left open: ${open.join()}`)
}
