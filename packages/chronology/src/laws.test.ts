import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { applyReading, readings } from './disputes.ts'
import { EVENT_KINDS, type EventKind } from './event-kinds.ts'
import { explainCase } from './explain.ts'
import { explanation } from './explanations.ts'
import { DAY } from './instant.ts'
import { nominalOf } from './internal/nominal.ts'
import type { ChronologyReport } from './report.ts'

const START = Date.UTC(2021, 0, 1)
/** Without the readings and the single events, which take most of the time. */
const QUICK = { maxReadings: 0, maxLeftOut: 0 }
const IRRELEVANT: readonly EventKind[] = ['other', 'kev-added', 'embargo-moved', 'partner-removed', 'leak-suspected']

const happening = fc.record({
  kind: fc.constantFrom(...EVENT_KINDS),
  day: fc.integer({ min: 0, max: 90 }),
  days: fc.integer({ min: 0, max: 30 }),
  confidence: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
  assumed: fc.constantFrom([], [], [], ['earliest' as const], ['latest' as const]),
  actor: fc.constantFrom(null, 'Finder one', 'Finder two'),
  actorCount: fc.constantFrom(null, 1, 4),
  rival: fc.option(fc.nat(11), { nil: null }),
})

const caseFiles: fc.Arbitrary<CaseFile> = fc.array(happening, { minLength: 1, maxLength: 12 }).map((list) => {
  const events = list.map((each, i): ChronologyEvent => {
    const earliest = START + each.day * DAY
    const rival = each.rival !== null && each.rival < list.length && each.rival !== i ? [`e${each.rival}`] : []
    return {
      id: `e${i}`,
      kind: each.kind,
      at: {
        earliest,
        latest: earliest + (each.days + 1) * DAY - 1000,
        nominal: null,
        exactNominal: false,
        assumed: each.assumed,
        extra: {},
      },
      actor: each.actor,
      actorCount: each.actorCount,
      note: '',
      analysis: null,
      source: { title: 'A page', publisher: null, url: null, date: null, via: null, extra: {} },
      confidence: each.confidence,
      conflictsWith: rival,
      refs: [],
      recipients: null,
      recipientCount: null,
      extra: {},
    }
  })
  return caseOf(events)
})

describe('laws of the reasoning', () => {
  test.prop([caseFiles, fc.nat(11), fc.nat(40), fc.nat(40)], { numRuns: 400 })(
    'widening an interval never turns possible into excluded',
    (caseFile, which, left, right) => {
      const index = which % caseFile.events.length
      const wider = caseFile.events.map((event, i) => (i === index ? widen(event, left, right) : event))
      const was = explainCase(caseFile, QUICK)
      const is = explainCase(caseOf(wider), QUICK)
      expect(groups(is)).toEqual(groups(was))
      for (const id of openPairs(was)) expect(openPairs(is)).toContain(id)
    },
  )

  test.prop([caseFiles, fc.array(fc.nat(), { minLength: 12, maxLength: 12 })], { numRuns: 200 })(
    'the order of import never matters',
    (caseFile, keys) => {
      const shuffled = caseFile.events
        .map((event, i) => ({ event, key: keys[i] ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ event }) => event)
      expect(explainCase(caseOf(shuffled))).toEqual(explainCase(caseFile))
    },
  )

  test.prop([caseFiles, fc.constantFrom(...IRRELEVANT), fc.nat(90)], { numRuns: 200 })(
    'adding an irrelevant event changes nothing',
    (caseFile, kind, day) => {
      const [first] = caseFile.events
      if (first === undefined) return
      const at = { ...first.at, earliest: START + day * DAY, latest: START + (day + 1) * DAY, assumed: [] }
      const extra: ChronologyEvent = { ...first, id: 'extra', kind, at, conflictsWith: [] }
      expect(explainCase(caseOf([...caseFile.events, extra]))).toEqual(explainCase(caseFile))
    },
  )

  test.prop([caseFiles], { numRuns: 60 })('what depends on a single event is what changes without it', (caseFile) => {
    const report = explainCase(caseFile)
    const without = (id: string): CaseFile =>
      caseOf(caseFile.events.filter((event) => event.id !== id).map((event) => unlinked(event, id)))
    for (const wave of report.waves) {
      for (const event of caseFile.events) {
        const other = explainCase(without(event.id), QUICK).waves.find(
          (each) => each.events.join() === wave.events.join(),
        )
        if (other === undefined) continue
        const changed = leadingKey(other) !== leadingKey(wave)
        expect(wave.dependsOn.events.includes(event.id), `${wave.id} ${event.id}`).toBe(changed)
      }
    }
  })

  test.prop([caseFiles], { numRuns: 400 })(
    'excluded means excluded under every reading of the disputed dates',
    (caseFile) => {
      const base = explainCase(caseFile, QUICK)
      for (const reading of readings(caseFile.events)) {
        const is = explainCase(caseOf(applyReading(caseFile.events, reading)), QUICK)
        for (const wave of is.waves) {
          const was = base.waves.find((other) => other.events.join() === wave.events.join())
          const open = wave.explanations.filter((each) => each.status !== 'excluded').map((each) => each.id)
          const excluded = was?.explanations.filter((each) => each.status === 'excluded').map((each) => each.id) ?? []
          expect(excluded.filter((id) => open.includes(id))).toEqual([])
        }
      }
    },
  )

  test.prop([caseFiles], { numRuns: 200 })(
    'a doubtful event never excludes what would be possible without it, in waves it is no part of',
    (caseFile) => {
      const doubtful = new Set(
        caseFile.events
          .filter((event) => event.confidence === 'low' && event.conflictsWith.length === 0)
          .filter((event) => !caseFile.events.some((other) => other.conflictsWith.includes(event.id)))
          .map((event) => event.id),
      )
      const solid = explainCase(caseOf(caseFile.events.filter((event) => !doubtful.has(event.id))))
      const all = explainCase(caseFile)
      for (const wave of solid.waves) {
        const same = all.waves.find((other) => other.events.join() === wave.events.join())
        const stillExcluded = (id: string): boolean =>
          same?.explanations.some((each) => each.id === id && each.status === 'excluded') ?? false
        for (const each of wave.explanations) {
          if (each.status !== 'excluded') expect(stillExcluded(each.id)).toBe(false)
        }
      }
    },
  )
})

/** The best supported explanations of a wave as one text. */
function leadingKey(wave: ChronologyReport['waves'][number]): string {
  const [best] = wave.leading
  return best === undefined ? '' : explanation(best).group
}

function unlinked(event: ChronologyEvent, id: string): ChronologyEvent {
  return { ...event, conflictsWith: event.conflictsWith.filter((other) => other !== id) }
}

function groups(report: ChronologyReport): ReadonlySet<string> {
  return new Set(report.waves.map((wave) => wave.events.join('+')))
}

/** Wave and explanation pairs that are not excluded, named by the wave's events. */
function openPairs(report: ChronologyReport): string[] {
  return report.waves.flatMap((wave) =>
    wave.explanations.filter((each) => each.status !== 'excluded').map((each) => `${wave.events.join('+')} ${each.id}`),
  )
}

/** Widens as the format asks: the old date stays as `nominal`. */
function widen(event: ChronologyEvent, left: number, right: number): ChronologyEvent {
  const { at, exact } = nominalOf(event)
  return {
    ...event,
    at: {
      ...event.at,
      earliest: event.at.earliest - left * DAY,
      latest: event.at.latest + right * DAY,
      nominal: at,
      exactNominal: exact,
    },
  }
}

function caseOf(events: readonly ChronologyEvent[]): CaseFile {
  return {
    id: 'case',
    title: 'A case',
    cves: [],
    vendor: '',
    product: '',
    summary: '',
    sourceQuality: '',
    control: false,
    events,
    knownOutcome: null,
    notFound: [],
    extra: {},
  }
}
