import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { reportDocument } from './report-document.ts'
import { reportHtml } from './report-html.ts'
import { reportMarkdown } from './report-markdown.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))
const proxylogon = cases.find((each) => each.id === 'proxylogon-2021')
if (proxylogon === undefined) throw new Error('the flagship case is missing')

describe('the report in words', () => {
  it.each(cases)('$id: every sentence cites events of the case', (each) => {
    const ids = new Set(each.events.map((event) => event.id))
    const { sections } = reportDocument(each, explainCase(each))
    const sentences = sections.flatMap((section) => section.sentences)
    expect(sentences.length).toBeGreaterThan(0)
    for (const { text, cites } of sentences) {
      expect(cites.length, text).toBeGreaterThan(0)
      for (const id of cites) expect(ids.has(id), `${id} in: ${text}`).toBe(true)
      expect(text).toMatch(/[.!?”)]$/)
      expect(text).not.toMatch(/undefined|NaN|null|Infinity/)
    }
  })

  it.each(cases)('$id: every wave has a line for every explanation, and every event a row', (each) => {
    const report = explainCase(each)
    const { sections } = reportDocument(each, report)
    const tables = sections.filter((section) => section.level === 3).map((section) => section.table)
    expect(tables).toHaveLength(report.waves.length)
    for (const table of tables) expect(table?.rows).toHaveLength(13)
    expect(sections.find((section) => section.title === 'The events')?.table?.rows).toHaveLength(each.events.length)
  })

  it('says what ProxyLogon’s second wave is, and that no partner is named', () => {
    const text = reportMarkdown(proxylogon, explainCase(proxylogon))
    expect(text).toContain('W2: Attacks, at least 4 groups, from 26 February to 1 March 2021. It is contested')
    expect(text).toMatch(/- “It was worked out from the fix.” Excluded: needs a published fix; .* \[e37/)
  })
})

describe('as a page', () => {
  const html = reportHtml(proxylogon, explainCase(proxylogon))

  it('loads nothing and runs nothing', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(html).not.toMatch(/<script|<link|<iframe|<img|\ssrc=|\son\w+=|url\(|@import/i)
    expect([...html.matchAll(/href="([^"]*)"/g)].every((match) => match[1]?.startsWith('#event-'))).toBe(true)
  })

  it('has a place for every link', () => {
    const places = new Set([...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]))
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map((match) => match[1])
    expect(links.length).toBeGreaterThan(100)
    for (const link of links) expect(places.has(link), link).toBe(true)
  })

  it('is well-formed', () => {
    const body = html.slice(html.indexOf('<body>'), html.indexOf('</html>'))
    const open: string[] = []
    for (const [, closing, name, own] of body.matchAll(/<(\/?)([a-zA-Z0-9]+)[^>]*?(\/?)>/g)) {
      if (closing === '/') expect(open.pop(), name).toBe(name)
      else if (own !== '/' && name !== undefined) open.push(name)
    }
    expect(open).toEqual([])
  })
})

describe('what a case file says stays text', () => {
  const evil = '</p><script>alert(1)</script> [x](http://e) ![y](http://e) | `z` *w* \u202Eabc\n# head'
  const hostile: CaseFile = {
    ...proxylogon,
    title: evil,
    events: proxylogon.events.map((event) => ({
      ...event,
      note: evil,
      actor: evil,
      source: { ...event.source, publisher: evil },
    })),
  }
  const report = explainCase(hostile)

  it('in HTML', () => {
    expect(reportHtml(hostile, report)).not.toContain('<script')
  })

  it('in Markdown', () => {
    const text = reportMarkdown(hostile, report)
    expect(text).not.toMatch(/[^\\]<script|[^\\]\]\(http|[^\\]!\[|\u202E/)
    for (const line of text.split('\n').filter((each) => each.startsWith('|'))) {
      expect(line.match(/(?<!\\)\|/g)?.length).toBeLessThanOrEqual(7)
    }
  })
})
