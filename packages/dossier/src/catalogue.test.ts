import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { catalogueHash } from './catalogue.ts'
import { readingHash } from './reading-hash.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('hashes that go into the log', () => {
  it('of a catalogue covers id, size, family and order of every site', () => {
    const a = { id: 'a#1', q: 2, family: 'HALF' as const }
    const b = { id: 'b#1', q: 16, family: 'GL6' as const }
    expect(catalogueHash([a, b])).toBe(
      sha256('sigillo/catalogue/v1\n[{"family":"HALF","id":"a#1","q":2},{"family":"GL6","id":"b#1","q":16}]'),
    )
    const hashes = [
      [b, a],
      [a],
      [a, { ...b, q: 8 }],
      [a, { ...b, family: 'GL8' as const }],
      [a, { ...b, id: 'b#2' }],
      [a, b],
    ].map(catalogueHash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('of a reading covers plan, samples and what was read, but not the order of the samples', () => {
    const readings = [
      { site: 'a#1', variant: 0 },
      { site: 'b#1', variant: null },
    ]
    expect(readingHash('plan', ['s2', 's1'], readings)).toBe(sha256('sigillo/reading/v1\nplan\ns1\ns2\na#1 0\nb#1 ?'))
    expect(readingHash('plan', ['s1', 's2'], readings)).toBe(readingHash('plan', ['s2', 's1'], readings))
    expect(readingHash('plan', ['s1'], readings)).not.toBe(readingHash('plan', ['s2'], readings))
  })
})
