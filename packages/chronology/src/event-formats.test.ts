import { readdirSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { type CaseFile, type ChronologyEvent, parseCaseFile, parseEvent } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { EVENT_FORMATS, guessFormat, readEvents, writeEvents } from './event-formats.ts'
import { EVENT_KINDS } from './event-kinds.ts'
import { formatInstant } from './instant.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

/** Version 4 UUIDs in order, as a test needs them. */
function counting(): () => string {
  let n = 0
  return () => `00000000-0000-4000-8000-${String((n += 1)).padStart(12, '0')}`
}
const options = () => ({ createdAt: Date.UTC(2026, 0, 1), uuid: counting() })
const first = (format: 'csv' | 'jsonl', text: string, zone?: string): ChronologyEvent | undefined =>
  readEvents(format, text, zone === undefined ? {} : { zone })[0]

describe.each(EVENT_FORMATS)('%s', (format) => {
  it.each(cases)('$id: what was written is read back', (each) => {
    expect(readEvents(format, writeEvents(format, each, options()))).toEqual(each.events)
  })

  const anyText = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('=1+1', "'=x", '"', 'a,b', 'line\nnext', '\r\n', '-5', '@x', ' x ', 'ü€😀', '', '00123', '\t'),
  )
  const anyEvent = fc.record({
    kind: fc.constantFrom(...EVENT_KINDS),
    day: fc.integer({ min: 0, max: 40_000 }),
    hours: fc.integer({ min: 0, max: 1000 }),
    actor: fc.option(anyText, { nil: null }),
    actorCount: fc.option(fc.nat(9), { nil: null }),
    note: anyText,
    title: anyText.filter((text) => text.trim() !== ''),
    publisher: fc.option(anyText, { nil: null }),
    confidence: fc.constantFrom('high', 'medium', 'low'),
    assumed: fc.constantFrom([], ['earliest'], ['latest', 'earliest']),
    nominal: fc.constantFrom(null, '2020-02-29', '2020-02-29T10:00:00Z'),
    extra: fc.constantFrom({}, { technique: 'T1190', tags: [1, { deep: null }] }),
  })

  test.prop([fc.array(anyEvent, { maxLength: 6 })], { numRuns: 150 })('keeps every field of any events', (told) => {
    const events = told.map((each, i) => {
      const earliest = Date.UTC(1970, 0, 1) + each.day * 86_400_000
      return parseEvent(
        {
          id: `e${i}`,
          kind: each.kind,
          at: {
            earliest: formatInstant(earliest),
            latest: formatInstant(earliest + each.hours * 3_600_000 + 7),
            assumed: each.assumed,
            ...(each.nominal === null ? {} : { nominal: each.nominal }),
            ...each.extra,
          },
          actor: each.actor,
          actor_count: each.actorCount,
          note: each.note,
          source: { title: each.title, publisher: each.publisher, ...each.extra },
          confidence: each.confidence,
          ...(i === 0 ? {} : { conflicts_with: ['e0'], refs: ['e0'] }),
          ...each.extra,
        },
        'event',
      )
    })
    const [some] = cases
    if (some === undefined) throw new Error('no case')
    const read = readEvents(format, writeEvents(format, { ...some, events }, options()))
    expect(read).toEqual(events.map((event) => (format === 'csv' ? blankAsAbsent(event) : event)))
  })

  test.prop([fc.string({ maxLength: 200 })], { numRuns: 300 })(
    'answers any text with events or one clear line',
    (text) => {
      for (const candidate of [text, `[${text}`, `{"type":"bundle","objects":[${text}]}`, `id,kind\n${text}`]) {
        try {
          readEvents(format, candidate)
        } catch (error) {
          if (!(error instanceof ChronologyError)) throw error
          expect(error.message).not.toMatch(/\n/)
        }
      }
    },
  )
})

/** A table cannot tell an empty text from an absent one. */
function blankAsAbsent(event: ChronologyEvent): ChronologyEvent {
  const orNull = (text: string | null): string | null => (text === '' ? null : text)
  return {
    ...event,
    actor: orNull(event.actor),
    source: { ...event.source, publisher: orNull(event.source.publisher) },
  }
}

describe('the columns of Timesketch', () => {
  it('are enough: message, datetime, timestamp_desc', () => {
    const event = first(
      'csv',
      'message,datetime,timestamp_desc\nLogin from afar,2021-03-02T10:00:00+00:00,Event Logged\n',
    )
    expect(event).toMatchObject({ kind: 'other', note: 'Login from afar', source: { title: 'imported file' } })
    expect(event?.id).toMatch(/^row-[0-9a-f]{8}$/)
    expect(formatInstant(event?.at.earliest ?? NaN)).toBe('2021-03-02T10:00:00Z')
  })

  it('may name the kind of event as the kind of time', () => {
    const line = {
      message: 'x',
      datetime: '2021-03-02 10:00:00.123456+0100',
      timestamp_desc: 'attack-observed',
      user: 'u',
    }
    const event = first('jsonl', JSON.stringify(line))
    expect(event).toMatchObject({ kind: 'attack-observed', extra: { user: 'u' } })
    expect(formatInstant(event?.at.earliest ?? NaN)).toBe('2021-03-02T09:00:00.123Z')
  })

  it('may give microseconds', () => {
    const event = first('jsonl', '{"message":"x","timestamp":1614679200000000}')
    expect(formatInstant(event?.at.earliest ?? NaN)).toBe('2021-03-02T10:00:00Z')
  })

  it('without a time zone are refused, unless the zone of the file is given', () => {
    const text = 'message,datetime,timestamp_desc\nx,2021-03-02 10:00:00,y\n'
    expect(() => first('csv', text)).toThrow('line 2: "2021-03-02 10:00:00" names no time zone')
    expect(formatInstant(first('csv', text, '+08:00')?.at.earliest ?? NaN)).toBe('2021-03-02T02:00:00Z')
  })

  it('are all in what is written', () => {
    const [some] = cases
    if (some === undefined) throw new Error('no case')
    const [line = ''] = writeEvents('jsonl', some, options()).split('\n')
    expect(Object.keys(JSON.parse(line))).toEqual(expect.arrayContaining(['message', 'datetime', 'timestamp_desc']))
  })
})

describe('a table', () => {
  it('never hands a spreadsheet a formula', () => {
    const [some] = cases
    if (some === undefined) throw new Error('no case')
    const events = some.events.map((event) => ({ ...event, note: '=HYPERLINK("http://x")' }))
    expect(writeEvents('csv', { ...some, events }, options())).not.toMatch(/(^|,)"?=/m)
  })

  it.each([
    ['', 'is empty'],
    ['id,id\n1,2\n', 'the column "id" stands twice'],
    ['id,kind\n1\n', 'line 2: expected 2 cells, found 1'],
    ['id,kind\n"1,other\n', 'line 2: a quoted cell that never ends'],
    ['id,kind,datetime\ne1,nonsense,2021-03-02T10:00:00Z\n', 'line 2.kind'],
    ['id,kind,note\ne1,other,x\n', 'line 2: expected a time'],
    ['id,kind,datetime,actor_count\ne1,other,2021-03-02T10:00:00Z,many\n', 'line 2.actor_count'],
    ['id,kind,earliest,latest\ne1,other,2021-03-02T10:00:00Z,2021-03-01T10:00:00Z\n', 'earliest not after latest'],
    ['id,kind,datetime,refs\ne1,other,2021-03-02T10:00:00Z,e2 e3\n', 'line 2.refs: expected JSON'],
  ])('is refused with one line: %j', (text, message) => {
    expect(() => readEvents('csv', text)).toThrow(message)
  })
})

describe('STIX sightings of others', () => {
  const id = 'sighting--11111111-1111-4111-8111-111111111111'
  const identity = { type: 'identity', id: 'identity--a', name: 'Sensor Company' }
  const bundle = (sighting: Record<string, unknown>): string =>
    JSON.stringify({ type: 'bundle', objects: [identity, { type: 'malware' }, { type: 'sighting', id, ...sighting }] })

  it('become attacks at the instant they were first seen', () => {
    const [event, ...more] = readEvents(
      'stix',
      bundle({
        first_seen: '2021-02-28T01:02:03Z',
        last_seen: '2021-03-04T00:00:00Z',
        created_by_ref: 'identity--a',
        sighting_of_ref: 'malware--b',
        confidence: 20,
        count: 7,
      }),
    )
    expect(more).toEqual([])
    expect(event).toMatchObject({
      id,
      kind: 'attack-observed',
      confidence: 'low',
      note: 'sighting of malware--b',
      source: { publisher: 'Sensor Company' },
      extra: { last_seen: '2021-03-04T00:00:00Z', count: 7 },
    })
    expect(formatInstant(event?.at.latest ?? NaN)).toBe('2021-02-28T01:02:03Z')
  })

  it('without a first sight have an open beginning', () => {
    const [event] = readEvents('stix', bundle({ created: '2021-03-05T00:00:00Z', where_sighted_refs: ['identity--a'] }))
    expect(event?.at.assumed).toEqual(['earliest'])
    expect(event?.source.publisher).toBe('Sensor Company')
  })

  it('that were revoked are passed over', () => {
    expect(readEvents('stix', bundle({ first_seen: '2021-02-28T01:02:03Z', revoked: true }))).toEqual([])
  })

  it.each([
    ['[]', 'expected an object of type bundle'],
    ['{"type":"bundle","objects":{}}', 'objects: expected a list'],
    [bundle({ first_seen: 'yesterday' }), 'objects[2].at.earliest'],
    [bundle({}), 'objects[2].at.earliest'],
    ['{', 'the file is not JSON'],
  ])('are refused with one line: %s', (text, message) => {
    expect(() => readEvents('stix', text)).toThrow(message)
  })
})

describe('the format of a file', () => {
  it('is told by its name, and for JSON by its beginning', () => {
    expect(guessFormat('a.CSV', '')).toBe('csv')
    expect(guessFormat('a.ndjson', '')).toBe('jsonl')
    expect(guessFormat('a.json', '{"schema":"sigillo-case/1"}')).toBe('json')
    expect(guessFormat('a.json', '{\n "type": "bundle"}')).toBe('stix')
    expect(guessFormat('a.txt', '')).toBeNull()
  })
})
