import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  buildBackground,
  channelWeights,
  extendBackground,
  isPublic,
  parseBackground,
  serialiseBackground,
} from './background.ts'
import { SimilarityError } from './errors.ts'
import { extractFeatures } from './features.ts'
import { Channel } from './internal/feature-set.ts'
import { riceBits, riceDecode, riceEncode } from './internal/rice-code.ts'
import { distinct } from './internal/sorted-keys.ts'
import { document, program, programs } from './test-code.fixture.ts'

const publicCode = programs(0, 40)
const background = buildBackground({ name: 'test', version: '1', documents: publicCode })

function publicShare(text: string): number {
  const set = extractFeatures(document('x', text))
  let known = 0
  for (let at = 0; at < set.count; at++) if (isPublic(background, set.high[at]!)) known++
  return known / set.count
}

describe('the background of public code', () => {
  it('knows every feature of every file it was fed, in every channel', () => {
    for (let seed = 0; seed < 40; seed++) expect(publicShare(program(seed))).toBe(1)
  })

  it('knows next to none of the names and literals of a program it has not seen', () => {
    const set = extractFeatures(document('x', program(1000)))
    const names = Array.from({ length: set.count }, (_, at) => at).filter((at) => set.channel[at] === Channel.anchor)
    expect(names.filter((at) => isPublic(background, set.high[at]!)).length / names.length).toBeLessThan(0.1)
  })

  it('weighs a match by how often a feature of one file turned up in a second', () => {
    for (const weight of channelWeights(background)) expect(weight).toBeGreaterThan(1)
    const twice = buildBackground({ name: 't', version: '1', documents: [...publicCode, ...publicCode] })
    for (const [channel, weight] of channelWeights(twice).entries())
      expect(weight).toBeLessThan(channelWeights(background)[channel]!)
  })

  it('learns more, under another version and digest', () => {
    const learned = extendBackground(background, { version: '2', documents: [document('x', program(1000))] })
    expect(learned.files).toBe(41)
    expect(learned.version).toBe('2')
    expect(learned.digest).not.toBe(background.digest)
    const set = extractFeatures(document('x', program(1000)))
    for (let at = 0; at < set.count; at++) expect(isPublic(learned, set.high[at]!)).toBe(true)
    for (const key of background.set.keys) expect(isPublic(learned, key)).toBe(true)
  })

  it('does not depend on the order of the files', () => {
    expect(buildBackground({ name: 'test', version: '1', documents: publicCode.toReversed() }).digest).toBe(
      background.digest,
    )
  })

  it('is read back as it was saved, and its digest is that of the saved bytes', () => {
    const saved = serialiseBackground(background)
    const { set, ...rest } = parseBackground(saved)
    expect(rest).toEqual({ ...background, set: undefined, ...rest })
    expect(rest.digest).toBe(background.digest)
    expect(set.keys).toEqual(background.set.keys)
    expect(saved.length * 8).toBeLessThan(20 * set.keys.length)
  })

  it('refuses every cut and every changed header with one typed error', () => {
    const saved = serialiseBackground(background)
    fc.assert(
      fc.property(fc.nat({ max: saved.length - 1 }), (length) => {
        expect(() => parseBackground(saved.slice(0, length))).toThrow(SimilarityError)
      }),
    )
  })

  it('answers any bytes with a background or a typed error', () => {
    const saved = serialiseBackground(background)
    fc.assert(
      fc.property(fc.nat({ max: 400 }), fc.nat({ max: 255 }), (at, value) => {
        const changed = saved.slice()
        changed[at] = value
        try {
          parseBackground(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(SimilarityError)
        }
      }),
    )
  })
})

describe('the code of sorted keys', () => {
  it('gives back any set of keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 0xffffffff })), (keys) => {
        const sorted = Uint32Array.from(keys).sort()
        const low = riceBits(sorted.length)
        expect(riceDecode(riceEncode(sorted, low), sorted.length, low)).toEqual(sorted)
      }),
    )
  })

  it('counts what occurs once and twice', () => {
    expect(distinct(Uint32Array.of(1, 2, 2, 3, 3, 3, 9))).toEqual({
      keys: Uint32Array.of(1, 2, 3, 9),
      once: 2,
      twice: 1,
    })
  })
})
