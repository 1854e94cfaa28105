import { describe, expect, it } from 'vitest'
import { findSites } from './find-sites.ts'
import type { MarkSite } from './site.ts'
import { coverageOf, siteReaches } from './site-reach.ts'

const text = [
  'def first(items):',
  '    total = 0',
  '    for item in items:',
  '        total += item',
  '    return total',
  '',
  '',
  'def second(value):',
  '    return value',
  '',
].join('\n')

describe('siteReaches', () => {
  it('gives the lines of each piece: an order its parts, a name its occurrences', async () => {
    const { file } = await findSites('a.py', text)
    const reaches = siteReaches(file)
    expect(reaches.map(({ site }) => site.id)).toEqual(file.sites.map(({ id }) => id))
    const order = reaches.find(({ site }) => site.kind === 'function-order')
    expect(order?.pieces).toEqual([
      [1, 5],
      [8, 9],
    ])
  })

  it('gives the line of each occurrence of a name', () => {
    const edits = [
      { span: { start: 0, end: 1 }, text: 'n' },
      { span: { start: 6, end: 7 }, text: 'n' },
    ]
    const site = {
      variants: [{ shown: 'a' }, { shown: 'n', edits }],
      span: { start: 0, end: 7 },
    } as unknown as MarkSite
    expect(siteReaches({ text: 'a = 1\na += 1\n', sites: [site] })[0]?.pieces).toEqual([
      [1, 1],
      [2, 2],
    ])
  })
})

describe('coverageOf', () => {
  const site = {
    pieces: [
      [2, 2],
      [4, 6],
    ],
  } as never
  it.each([
    ['whole', 2, 6],
    ['part', 1, 5],
    ['part', 3, 9],
    ['none', 5, 9],
    ['none', 7, 9],
  ] as const)('%s of lines 2 and 4 to 6 lies in lines %s to %s', (coverage, first, last) => {
    expect(coverageOf(site, first, last)).toBe(coverage)
  })
})
