import { describe, expect, it } from 'vitest'
import { extractFeatures, newExtractor } from '../features.ts'
import { buildBackground } from '../background.ts'
import { buildSegment } from '../artefact-index.ts'
import type { Document } from '../document.ts'
import { openScreen, screenSample } from '../screen.ts'
import { publicStretches } from './public-stretches.ts'

const document = (id: string, text: string): Document => ({
  id,
  files: [{ name: `${id}.py`, bytes: new TextEncoder().encode(text) }],
})
/** Functions that no other word has. */
const functions = (word: string, count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `def ${word}_${at}(${word}):\n    return ${word}.${word}${at * 7}(${at}, '${word}')\n`,
  ).join('\n')

describe('a long stretch of public code', () => {
  const known = functions('public', 60)
  const text = `${functions('own', 20)}\n${known}\n${functions('mine', 20)}`
  const features = extractFeatures(document('a', text), newExtractor())
  const isPublic = new Set(extractFeatures(document('p', known), newExtractor()).high)
  const [start, end] = [text.indexOf('def public_0'), text.indexOf('def mine_0')]
  const leaves = publicStretches(features, [text.length], (high) => isPublic.has(high))

  it('is left by what runs over either end of it', () => {
    expect(leaves(0, end - 40, end + 20)).toBe(true)
    expect(leaves(0, start - 20, start + 40)).toBe(true)
  })

  it('is not left by what lies inside, outside, or hardly reaches into it', () => {
    expect(leaves(0, start + 200, start + 260)).toBe(false)
    expect(leaves(0, 10, 70)).toBe(false)
    expect(leaves(0, end - 5, end + 60)).toBe(false)
  })

  it('makes two files that embed it share nothing, though their own code begins alike behind it', () => {
    const background = buildBackground({ name: 'b', version: '1', documents: [document('p', known)] })
    const screen = openScreen({ background, segments: [buildSegment([document('a', text)], background)] })
    const other = `${functions('his', 20)}\n${known}\n${functions('hers', 20)}`
    expect(screenSample(screen, document('x', other), { minimumNats: 0.1 }).hits).toEqual([])
  })
})
