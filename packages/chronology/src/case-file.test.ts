import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { writeCaseFile, writeEvent } from './write-case-file.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

const source = { title: 'A page' }
const minimal = (event: Record<string, unknown> = {}): Record<string, unknown> => ({
  schema: 'sigillo-case/1',
  id: 'case-1',
  title: 'A case',
  events: [
    {
      id: 'e1',
      kind: 'attack-observed',
      at: { earliest: '2021-01-03T00:00:00Z', latest: '2021-01-03T23:59:59Z' },
      source,
      ...event,
    },
  ],
})

function refusal(value: unknown): string {
  try {
    parseCaseFile(value)
  } catch (error) {
    if (error instanceof ChronologyError && error.code === 'bad-case-file') return error.message
    throw error
  }
  return 'was accepted'
}

const at = (earliest: string): CaseFile => parseCaseFile(minimal({ at: { earliest, latest: '2021-01-06T00:00:00Z' } }))

describe('reading a case file', () => {
  it('reads every case of the collection and writes it back with nothing lost', () => {
    expect(files.length).toBe(30)
    for (const name of files) {
      const original = read(name)
      expect(withoutNulls(writeCaseFile(parseCaseFile(original))), name).toEqual(withoutNulls(original))
    }
  })

  it('takes any offset to the same instant', () => {
    expect(at('2021-01-05T18:41:00+08:00')).toEqual(at('2021-01-05T10:41:00Z'))
    expect(at('2021-01-05T18:41:00+08:00').events[0]?.at.earliest).toBe(Date.UTC(2021, 0, 5, 10, 41))
  })

  it('keeps fields that it does not know, at every level', () => {
    const value = {
      ...minimal({ ticket: 7, at: { earliest: '2021-01-03T00:00:00Z', latest: '2021-01-03T00:00:00Z', clock: 'gps' } }),
      team: ['blue'],
    }
    expect(writeCaseFile(parseCaseFile(value))).toMatchObject(value)
  })

  it.each([
    ['not an object', [], 'the case file: expected an object, found a list of 0'],
    ['another format', { ...minimal(), schema: 'other/1' }, 'schema: expected one of sigillo-case/1, found "other/1"'],
    ['an unknown kind', minimal({ kind: 'gossip' }), 'events[0].kind: expected one of vulnerability-introduced'],
    [
      'a time without zone',
      minimal({ at: { earliest: '2021-01-03T00:00:00', latest: '2021-01-03T00:00:00Z' } }),
      'events[0].at.earliest: "2021-01-03T00:00:00" is not a usable time',
    ],
    [
      'a day that does not exist',
      minimal({ at: { earliest: '2021-02-30T00:00:00Z', latest: '2021-03-03T00:00:00Z' } }),
      'there is no such day',
    ],
    [
      'a reversed interval',
      minimal({ at: { earliest: '2021-01-04T00:00:00Z', latest: '2021-01-03T00:00:00Z' } }),
      'events[0].at: expected earliest not after latest',
    ],
    ['no source', minimal({ source: undefined }), 'events[0].source: expected an object, found nothing'],
    [
      'a link to nowhere',
      minimal({ conflicts_with: ['e9'] }),
      'events[0].conflicts_with: expected ids of other events of this case, found "e9"',
    ],
    ['a link to itself', minimal({ refs: ['e1'] }), 'events[0].refs: expected ids of other events of this case'],
    ['an id with a path in it', minimal({ id: '../x' }), 'events[0].id: expected letters'],
    ['half an actor', minimal({ actor_count: 1.5 }), 'events[0].actor_count: expected a whole number'],
    [
      'an unknown bound',
      minimal({ at: { earliest: '2021-01-03T00:00:00Z', latest: '2021-01-03T00:00:00Z', assumed: ['both'] } }),
      'events[0].at.assumed[0]: expected earliest or latest',
    ],
  ])('refuses %s and says where', (_, value, message) => {
    expect(refusal(value)).toContain(message)
  })

  it('refuses two events with one id', () => {
    const value = writeCaseFile(parseCaseFile(minimal()))
    const [event] = parseCaseFile(minimal()).events.map(writeEvent)
    expect(refusal({ ...value, events: [event, event] })).toContain('events[1].id: expected an id used only once')
  })
})

/** Fields that are null mean the same as fields that are absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  )
}
