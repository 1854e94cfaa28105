import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSegment, mergeSegments, parseSegment, serialiseSegment } from './artefact-index.ts'
import { buildBackground, serialiseBackground } from './background.ts'
import { calibrate, falseAlarmRates, pValue } from './calibration.ts'
import { buildCohort, parseCohort, serialiseCohort } from './cohort.ts'
import { SimilarityError } from './errors.ts'
import { openScreen, screenSample, screenScores } from './screen.ts'
import { document, file, minified, program, programs } from './test-code.fixture.ts'

const background = buildBackground({ name: 'test', version: '1', documents: programs(0, 60) })
const artefacts = [500, 501, 502].map((seed) => document(`artefact ${seed}`, program(seed)))
const segment = buildSegment(artefacts, background)
const cohort = buildCohort(programs(100, 220), background)
const calibration = calibrate([segment], cohort, background)
const screen = openScreen({ background, segments: [segment] })
const calibrated = openScreen({ background, segments: [segment], cohort, calibration })

const hitsOf = (text: string, name = 'sample.js') => screenSample(screen, document('sample', text, name)).hits
const excerpt = (seed: number): string => program(seed).split('\n').slice(30, 55).join('\n')

describe('samples that derive from an artefact', () => {
  it.each([
    ['a copy', program(501), 'sample.js'],
    ['a minified one with new names', minified(program(501)), 'sample.js'],
    ['an excerpt pasted into another program', `${program(900)}\n${excerpt(501)}\n${program(901)}`, 'sample.js'],
    ['a copy under no name', program(501), ''],
    ['a copy hidden in base64', `eval(atob('${btoa(program(501))}'))`, 'sample.js'],
    [
      'a copy hidden in hexadecimal, twice',
      `x = "${btoa(Array.from(new TextEncoder().encode(program(501)), (one) => one.toString(16).padStart(2, '0')).join(''))}"`,
      'a.py',
    ],
    ['members written as strings', program(501).replace(/\.([a-z]+\d+)/g, "['$1']"), 'sample.js'],
  ])('are found: %s', (_, text, name) => {
    expect(hitsOf(text, name)[0]).toMatchObject({ artefact: 'artefact 501' })
  })

  it('are found as UTF-16 and inside a binary', () => {
    const text = program(501)
    const wide = new Uint8Array(2 * text.length)
    for (let at = 0; at < text.length; at++) wide[2 * at] = text.charCodeAt(at)
    const binary = new Uint8Array(text.length + 2000)
    for (let at = 0; at < binary.length; at++) binary[at] = (at * 7) & 15
    binary.set(new TextEncoder().encode(text), 1000)
    for (const bytes of [wide, binary]) {
      expect(screenSample(screen, { id: 'x', files: [{ bytes }] }).hits[0]?.artefact).toBe('artefact 501')
    }
  })

  it('are told apart by containment: whole in a larger tool, or a fragment', () => {
    const [whole] = hitsOf(`${program(900, 40)}\n${program(501)}`)
    expect(whole!.containment.artefactInSample).toBeGreaterThan(0.95)
    expect(whole!.containment.sampleInArtefact).toBeLessThan(0.5)
    const [fragment] = hitsOf(excerpt(501))
    expect(fragment!.containment.sampleInArtefact).toBeGreaterThan(0.95)
    expect(fragment!.containment.artefactInSample).toBeLessThan(0.6)
  })

  it('bring the evidence: what, where, and how much it weighs', () => {
    const text = `\n\nlog('${program(501)
      .match(/'\/[^']*aspx'/)![0]
      .slice(1, -1)}')\n${excerpt(501)}`
    const [hit] = hitsOf(text)
    const bytes = new TextEncoder().encode(text)
    expect(hit!.evidence.length).toBeGreaterThan(3)
    for (const one of hit!.evidence) {
      expect(one.nats).toBeGreaterThan(0)
      expect(one.text).toBe(new TextDecoder().decode(bytes.subarray(one.start, Math.min(one.end, one.start + 160))))
      expect(one.line).toBe(text.slice(0, one.start).split('\n').length)
    }
    const sum = hit!.byChannel.reduce((total, channel) => total + channel.nats, 0)
    expect(sum).toBeCloseTo(hit!.nats, 6)
  })
})

describe('samples that derive from nothing', () => {
  it('are no hits', () => {
    for (let seed = 1000; seed < 1100; seed++) expect(hitsOf(program(seed))).toEqual([])
  })

  it('are no hits either when they share public code with the artefact', () => {
    const shared = buildSegment([document('with public code', `${program(500)}\n${program(7)}`)], background)
    const other = document('sample', `${program(7)}\n${program(1001)}`)
    expect(screenSample(openScreen({ background, segments: [shared] }), other).hits).toEqual([])
  })

  it('leave the background as it was', () => {
    const before = serialiseBackground(background)
    for (let seed = 1000; seed < 1010; seed++) hitsOf(program(seed))
    expect(serialiseBackground(background)).toEqual(before)
  })
})

describe('what weighs nothing', () => {
  const magic = "send('/kalomi/tersan.aspx', 'X-Dorvel-Praquo: zinbur', 0xbeef1)"
  const text = `${magic}\n${program(503)}`

  it('is everything in the declared ranges and strings', () => {
    const plain = openScreen({ background, segments: [buildSegment([document('a', text)], background)] })
    expect(screenSample(plain, document('x', magic), { minimumNats: 5 }).hits).toHaveLength(1)
    const ranged = buildSegment(
      [{ ...document('a', text), essential: { ranges: [{ file: 0, start: 0, end: magic.length }] } }],
      background,
    )
    const named = buildSegment(
      [
        {
          ...document('a', text),
          essential: { strings: ['/kalomi/tersan.aspx', 'X-Dorvel-Praquo: zinbur', '0xbeef1', 'send'] },
        },
      ],
      background,
    )
    const sample = document('x', `put("/kalomi/tersan.aspx"); set('X-Dorvel-Praquo: zinbur', 0xbeef1)`)
    for (const one of [ranged, named]) {
      const only = openScreen({ background, segments: [one] })
      expect(screenSample(only, sample, { minimumNats: 1 }).hits).toEqual([])
      expect(screenSample(only, document('x', program(503))).hits).toHaveLength(1)
    }
  })

  it('is every mark, so that all copies look alike', () => {
    const at = text.indexOf("'/", magic.length)
    const end = text.indexOf("'", at + 2) + 1
    const marked = buildSegment([{ ...document('a', text), marks: [{ file: 0, start: at, end }] }], background)
    const only = openScreen({ background, segments: [marked] })
    expect(screenSample(only, document('x', `f(${text.slice(at, end)})`), { minimumNats: 1 }).hits).toEqual([])
  })

  it('refuses a range in a file that is not there', () => {
    const wrong = { ...document('a', text), essential: { ranges: [{ file: 1, start: 0, end: 1 }] } }
    expect(() => buildSegment([wrong], background)).toThrow(SimilarityError)
  })
})

describe('segments', () => {
  it('are read back as they were saved', () => {
    expect(parseSegment(serialiseSegment(segment))).toEqual(segment)
  })

  it('screen alike, apart or merged', () => {
    const parts = artefacts.map((artefact) => buildSegment([artefact], background))
    const sample = document('x', `${excerpt(500)}\n${minified(program(502))}`)
    const scores = screenScores(screen, sample)
    expect(screenScores(openScreen({ background, segments: parts }), sample)).toEqual(scores)
    expect(screenScores(openScreen({ background, segments: [mergeSegments(parts)] }), sample)).toEqual(scores)
    expect(mergeSegments(parts).artefacts).toEqual(segment.artefacts)
  })

  it('refuse cuts and any changed byte of the header with a typed error, or are a segment', () => {
    const saved = serialiseSegment(segment)
    fc.assert(
      fc.property(fc.nat({ max: 2000 }), fc.nat({ max: 255 }), (at, value) => {
        const changed = saved.slice()
        changed[at] = value
        for (const bytes of [changed, saved.slice(0, at)]) {
          try {
            parseSegment(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(SimilarityError)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are not mixed over backgrounds', () => {
    const other = buildBackground({ name: 'other', version: '1', documents: programs(0, 3) })
    expect(() => openScreen({ background: other, segments: [segment] })).toThrow('do not belong together')
    expect(() => mergeSegments([segment, buildSegment(artefacts, other)])).toThrow('different backgrounds')
  })

  it('with thousands of artefacts still give the evidence in full after the first look', () => {
    const many = buildSegment(
      Array.from({ length: 2100 }, (_, at) => document(`small ${at}`, `f${at}('${at} kept ${at * 7}')`)),
      background,
    )
    const large = openScreen({ background, segments: [many, segment] })
    expect(large.mask).toBe(3)
    const [hit] = screenSample(large, document('x', minified(program(502)))).hits
    expect(hit!.artefact).toBe('artefact 502')
    expect(hit!.nats).toBeCloseTo(hitsOf(minified(program(502)))[0]!.nats, 6)
  })
})

describe('rates of false alarms', () => {
  it('come with the size of the cohort and its closeness, or with a reason why not', () => {
    const [hit] = screenSample(screen, document('x', program(501))).hits
    expect(hit).toMatchObject({ p: null, falseAlarmRate: null, cohort: null })
    expect(hit!.uncalibrated).toContain('no cohort')
  })

  it('are refused when the cohort is thin: too few files, or on another subject', () => {
    const few = buildCohort(programs(100, 110), background)
    expect(calibrate([segment], few, background).artefacts[0]!.thin).toContain('10 public files')
    const strange = buildCohort(
      Array.from({ length: 120 }, (_, at) => document(`p${at}`, `x${at} = ${at}`)),
      background,
    )
    expect(calibrate([segment], strange, background).artefacts[0]!.thin).toContain('on the same subject')
    const otherLanguage = buildCohort(
      programs(100, 220).map((one) => ({ id: one.id, files: [{ ...one.files[0]!, name: 'a.py' }] })),
      background,
    )
    expect(calibrate([segment], otherLanguage, background).artefacts[0]!.size).toBe(0)
  })

  it('are small for a derived sample, and kept by unrelated ones', () => {
    const related = (seed: number) => `${program(seed)}\nshared${seed % 7}('common to the subject ${seed % 3}')`
    const subject = buildCohort(
      Array.from({ length: 150 }, (_, at) => document(`c${at}`, related(100 + at))),
      background,
    )
    const own = buildSegment(
      [500, 501, 502].map((seed) => document(`artefact ${seed}`, related(seed))),
      background,
    )
    const made = calibrate([own], subject, background)
    expect(made.artefacts.map((one) => one.thin)).toEqual([null, null, null])
    const full = openScreen({ background, segments: [own], cohort: subject, calibration: made })
    const [hit] = screenSample(full, document('x', minified(related(501)))).hits
    expect(hit).toMatchObject({ artefact: 'artefact 501', uncalibrated: null, cohort: { size: 150 } })
    expect(hit!.falseAlarmRate).toBeLessThan(0.01)
    let alarms = 0
    for (let seed = 2000; seed < 2200; seed++) {
      const { hits } = screenSample(full, document('x', related(seed)), { minimumNats: 0 })
      if (hits.some((one) => one.falseAlarmRate !== null && one.falseAlarmRate <= 0.05)) alarms++
    }
    expect(alarms).toBeLessThanOrEqual(10)
  })

  it('are never above a smaller score’s, and correct for the number of artefacts', () => {
    const ps = [0, 1, 3, 10, 100].map((score) => pValue(calibration, score).p)
    expect(ps.toSorted((a, b) => b - a)).toEqual(ps)
    expect(falseAlarmRates([0.001, 0.004], 10)).toEqual([0.01, 0.02])
    expect(falseAlarmRates([0.5, 0.9], 100)).toEqual([1, 1])
  })

  it('take nothing from the cohort as evidence, since it is public', () => {
    const sample = document('x', program(100))
    const own = buildSegment([document('a', `${program(510)}\n${program(100)}`)], background)
    expect(screenScores(openScreen({ background, segments: [own] }), sample)[0]).toBeGreaterThan(100)
    const silenced = openScreen({
      background,
      segments: [own],
      cohort,
      calibration: calibrate([own], cohort, background),
    })
    expect(screenSample(silenced, sample, { minimumNats: 1 }).hits).toEqual([])
  })

  it('rest on a cohort that is read back as it was saved', () => {
    expect(parseCohort(serialiseCohort(cohort))).toEqual(cohort)
    expect(() => parseCohort(serialiseCohort(cohort).slice(0, 500))).toThrow(SimilarityError)
    expect(calibrated.calibration!.total).toBe(3 * cohort.documents.length)
  })
})

describe('hostile samples', () => {
  it('are answered, whatever their bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.option(fc.constantFrom('a.js', 'a.py', 'a.sh', 'a.exe', 'a.md'), { nil: undefined }),
        (bytes, name) => {
          const sample = { id: 'x', files: [name === undefined ? { bytes } : { bytes, name }] }
          expect(screenSample(calibrated, sample, { minimumNats: 0 }).truncated).toBe(false)
        },
      ),
    )
  })

  it.each([
    ['one line of 8 MB', 'a.b('.repeat(2 << 20)],
    ['distinct names', Array.from({ length: 300_000 }, (_, at) => `v${at.toString(36)}.n${at}`).join(' ')],
    ['nested base64', Array.from({ length: 9 }).reduce<string>((text) => `x='${btoa(text)}'`, 'y'.repeat(60_000))],
    [
      'a table of keyed strings',
      Array.from({ length: 20_000 }, (_, at) => `'${btoa(`${at} is a text ${at}`)}','k${(at % 99) + 100}'`).join(','),
    ],
  ])('cost bounded time: %s', (_, text) => {
    const begun = performance.now()
    screenSample(calibrated, document('x', text))
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  it('say when not all of them was read', () => {
    expect(screenSample(screen, { id: 'x', files: [file(' '.repeat(5 << 20))] }).truncated).toBe(true)
  })
})
