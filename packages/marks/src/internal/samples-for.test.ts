import { describe, expect, it } from 'vitest'
import type { PlanFile } from '../site.ts'
import { rareWords } from './rare-words.ts'
import { type DetectedSample, samplesFor } from './samples-for.ts'

const WORDS =
  'lanternKeeper harbourMaster wickTrimmer oilPourer glassBlower towerWarden fogWatcher bellRinger tideReader'

const file = (language: string, text = WORDS): PlanFile => ({ path: `a.${language}`, language, text, sites: [] })
const sample = (id: string, sure: boolean, text = WORDS, path = 'x'): DetectedSample => ({
  sample: { path, text },
  detected: { id, sure },
})
const counts = (plan: PlanFile, ...samples: DetectedSample[]): (number | undefined)[] => {
  const [found] = samplesFor([plan], samples, rareWords())
  return [found?.own.length, found?.perhaps.length]
}

describe('samples that a file is looked for in', () => {
  it('are those in its language, whatever they say', () => {
    expect(counts(file('ruby'), sample('ruby', true, 'nothing'), sample('ruby', false))).toEqual([2, 0])
  })

  it('are, for a sample that no language claims surely, those that share words with it', () => {
    expect(counts(file('ruby'), sample('text', false))).toEqual([0, 1])
    expect(counts(file('ruby'), sample('bash', false))).toEqual([0, 1])
    expect(counts(file('ruby'), sample('text', false, 'other words altogether, lanternKeeper'))).toEqual([0, 0])
    expect(counts(file('ruby'), sample('text', false, 'if else while return'))).toEqual([0, 0])
  })

  it('are none that surely is in another language', () => {
    expect(counts(file('ruby'), sample('python', true))).toEqual([0, 0])
  })

  it.each([
    ['typescript', 'javascript'],
    ['javascript', 'typescript'],
    ['c', 'cpp'],
  ])('are, for %s, those in %s too', (language, other) => {
    expect(counts(file(language), sample(other, true))).toEqual([0, 1])
    expect(counts(file(language), sample(language, true), sample(other, true))).toEqual([1, 1])
  })

  it('are all, for a file that no language understands', () => {
    expect(counts(file('text'), sample('python', true), sample('text', false))).toEqual([1, 1])
  })

  it('are few and not too long, the likest first', () => {
    const some = WORDS.slice(0, WORDS.lastIndexOf(' '))
    const many = Array.from({ length: 40 }, (_, at) => sample('text', false, at === 30 ? WORDS : some, `${at}`))
    const [found] = samplesFor([file('ruby')], many, rareWords())
    expect(found?.perhaps).toHaveLength(16)
    expect(found?.perhaps[0]?.path).toBe('30')
    expect(counts(file('ruby'), sample('text', false, `${WORDS} `.repeat(10_000)))).toEqual([0, 0])
  })

  it('needs few words of a file that has few', () => {
    expect(counts(file('ruby', 'lanternKeeper harbourMaster'), sample('text', false, 'lanternKeeper'))).toEqual([0, 1])
  })
})
