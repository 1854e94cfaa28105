import { type CaseFile, type ChronologyEvent, type Confidence, MAX_EVENTS, parseEvent } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { ATTACK_KINDS } from './event-kinds.ts'
import { formatInstant } from './instant.ts'
import { writeEvent } from './write-case-file.ts'

/** What a bundle needs from outside: the time it is made and fresh version 4 UUIDs. */
export interface StixOptions {
  readonly createdAt: number
  readonly uuid: () => string
}

type StixObject = Readonly<Record<string, unknown>>

/** STIX 2.1, appendix A: None / Low / Med / High. */
const CONFIDENCE: Readonly<Record<Confidence, number>> = { low: 15, medium: 50, high: 85 }
/** Where an event of ours travels in full; STIX 2.1 section 11.3 allows custom properties with a prefix. */
const CUSTOM = 'x_sigillo_event'

/**
 * Writes a case as a STIX 2.1 bundle: attacks as sightings of the vulnerability, all other events as notes on it. Each carries the event in full as a custom property, so that
 * eventsFromStix gives equal events.
 */
export function stixBundle(caseFile: CaseFile, { createdAt, uuid }: StixOptions): StixObject {
  const created = new Date(createdAt).toISOString()
  const common = (type: string): StixObject => ({
    type,
    spec_version: '2.1',
    id: `${type}--${uuid()}`,
    created,
    modified: created,
  })
  const about = `vulnerability--${uuid()}`
  const vulnerability = {
    ...common('vulnerability'),
    id: about,
    name: caseFile.cves[0] ?? caseFile.id,
    description: caseFile.title,
    ...(caseFile.cves.length === 0
      ? {}
      : { external_references: caseFile.cves.map((cve) => ({ source_name: 'cve', external_id: cve })) }),
  }
  const objects = caseFile.events.map((event) =>
    ATTACK_KINDS.includes(event.kind)
      ? { ...common('sighting'), ...sightingOf(event, about) }
      : { ...common('note'), ...noteOf(event, about) },
  )
  return { type: 'bundle', id: `bundle--${uuid()}`, objects: [vulnerability, ...objects] }
}

function sightingOf(event: ChronologyEvent, about: string): StixObject {
  const { earliest, latest, assumed } = event.at
  return {
    ...(assumed.includes('earliest') ? {} : { first_seen: formatInstant(earliest) }),
    ...(assumed.includes('latest') || latest < earliest ? {} : { last_seen: formatInstant(latest) }),
    sighting_of_ref: about,
    ...(event.note === '' ? {} : { description: event.note }),
    ...shared(event),
  }
}

function noteOf(event: ChronologyEvent, about: string): StixObject {
  return {
    abstract: event.kind,
    content: event.note === '' ? event.kind : event.note,
    object_refs: [about],
    ...shared(event),
  }
}

function shared(event: ChronologyEvent): StixObject {
  const { title, publisher, url } = event.source
  const reference = { source_name: publisher ?? title, description: title, ...(url === null ? {} : { url }) }
  return { confidence: CONFIDENCE[event.confidence], external_references: [reference], [CUSTOM]: writeEvent(event) }
}

/**
 * Reads the events of a STIX 2.1 bundle: every object that carries an event of ours, and every sighting of anybody else's. A sighting becomes `attack-observed` at the
 * instant it was first seen (its end stays in `extra.last_seen`); without `first_seen` only its end is known. Revoked objects and all other types are passed over.
 * @throws ChronologyError `bad-event` naming the object
 */
export function eventsFromStix(value: unknown): readonly ChronologyEvent[] {
  if (!isObject(value) || value['type'] !== 'bundle') {
    throw new ChronologyError('bad-event', 'the STIX file: expected an object of type bundle')
  }
  const objects = value['objects'] ?? []
  if (!Array.isArray(objects) || objects.length > 4 * MAX_EVENTS) {
    throw new ChronologyError('bad-event', `objects: expected a list of at most ${4 * MAX_EVENTS} entries`)
  }
  const names = identityNames(objects)
  const events = objects.flatMap((object: unknown, i): readonly ChronologyEvent[] => {
    if (!isObject(object) || object['revoked'] === true) return []
    if (object[CUSTOM] !== undefined) return [parseEvent(object[CUSTOM], `objects[${i}].${CUSTOM}`)]
    return object['type'] === 'sighting' ? [fromSighting(object, `objects[${i}]`, names)] : []
  })
  if (events.length > MAX_EVENTS) {
    throw new ChronologyError('bad-event', `the file holds ${events.length} events; at most ${MAX_EVENTS} fit`)
  }
  return events
}

function fromSighting(sighting: StixObject, path: string, names: ReadonlyMap<string, string>): ChronologyEvent {
  const first = sighting['first_seen']
  const last = sighting['last_seen'] ?? sighting['created']
  const where = sighting['where_sighted_refs']
  const seenBy = Array.isArray(where) ? names.get(String(where[0])) : undefined
  const publisher = names.get(String(sighting['created_by_ref'])) ?? seenBy
  return parseEvent(
    {
      id: sighting['id'],
      kind: 'attack-observed',
      at:
        first === undefined
          ? { earliest: last, latest: last, assumed: ['earliest'] }
          : { earliest: first, latest: first },
      note: sighting['description'] ?? sightedThing(sighting),
      source: { title: 'STIX sighting', ...(publisher === undefined ? {} : { publisher }) },
      confidence: confidenceOf(sighting['confidence']),
      ...(first !== undefined && last !== undefined ? { last_seen: last } : {}),
      ...(typeof sighting['count'] === 'number' ? { count: sighting['count'] } : {}),
    },
    path,
  )
}

function sightedThing(sighting: StixObject): string {
  return `sighting of ${typeof sighting['sighting_of_ref'] === 'string' ? sighting['sighting_of_ref'] : 'something'}`
}

function confidenceOf(value: unknown): Confidence {
  if (typeof value !== 'number') return 'medium'
  if (value >= 70) return 'high'
  return value >= 30 ? 'medium' : 'low'
}

function identityNames(objects: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    objects.flatMap((object): readonly (readonly [string, string])[] => {
      if (!isObject(object) || object['type'] !== 'identity') return []
      const { id, name } = object as { readonly id?: unknown; readonly name?: unknown }
      return typeof id === 'string' && typeof name === 'string' && name.trim() !== '' ? [[id, name]] : []
    }),
  )
}

function isObject(value: unknown): value is StixObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
