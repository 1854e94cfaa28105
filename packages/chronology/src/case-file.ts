import { EVENT_KINDS, type EventKind } from './event-kinds.ts'
import { EXPLANATION_IDS, type ExplanationId } from './explanations.ts'
import {
  childObject,
  countOrNull,
  expected,
  type Field,
  filledText,
  flag,
  list,
  objectAt,
  oneOf,
  rest,
  text,
  textOrNull,
  texts,
} from './internal/field.ts'
import { ChronologyError } from './errors.ts'
import { parseDay, parseInstant } from './instant.ts'

/** Fields that the format does not name, kept as they came. */
export type Extra = Readonly<Record<string, unknown>>

/**
 * When something happened, in milliseconds since 1970 (UTC), both ends inclusive. `assumed` names bounds that are placeholders:
 * reasoning treats them as open. `nominal` is the date a source names inside a widened interval; `exactNominal` says that it is an instant, not a day.
 */
export interface EventTime {
  readonly earliest: number
  readonly latest: number
  readonly nominal: number | null
  readonly exactNominal: boolean
  readonly assumed: readonly ('earliest' | 'latest')[]
  readonly extra: Extra
}

/** Where the event was read. */
export interface EventSource {
  readonly title: string
  readonly publisher: string | null
  readonly url: string | null
  readonly date: string | null
  readonly via: string | null
  readonly extra: Extra
}

/** How well an event is attested; events of low confidence never narrow a conclusion. */
export type Confidence = 'high' | 'medium' | 'low'

/** One event of a case. `conflictsWith` is read in both directions. */
export interface ChronologyEvent {
  readonly id: string
  readonly kind: EventKind
  readonly at: EventTime
  readonly actor: string | null
  readonly actorCount: number | null
  readonly note: string
  readonly analysis: string | null
  readonly source: EventSource
  readonly confidence: Confidence
  readonly conflictsWith: readonly string[]
  readonly refs: readonly string[]
  readonly recipients: string | null
  readonly recipientCount: number | null
  readonly extra: Extra
}

/** What is publicly held to be the answer; never read by the reasoning, only by tests and tables. */
export interface KnownOutcome {
  readonly hypothesis: ExplanationId | 'undetermined'
  readonly status: 'confirmed' | 'suspected' | 'unknown'
  readonly note: string
  readonly alternatives: readonly ExplanationId[]
  readonly excluded: readonly { readonly hypothesis: ExplanationId; readonly scope: string; readonly why: string }[]
  readonly extra: Extra
}

/** A case with its chronology (format `sigillo-case/1`). */
export interface CaseFile {
  readonly id: string
  readonly title: string
  readonly cves: readonly string[]
  readonly vendor: string
  readonly product: string
  readonly summary: string
  readonly sourceQuality: string
  readonly control: boolean
  readonly events: readonly ChronologyEvent[]
  readonly knownOutcome: KnownOutcome | null
  readonly notFound: readonly string[]
  readonly extra: Extra
}

/** The most events a case file may hold. */
export const MAX_EVENTS: number = 50_000

const SCHEMA = 'sigillo-case/1'
const ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/
const CASE_KEYS =
  'schema id title cves vendor product summary source_quality control events known_outcome not_found'.split(' ')
const EVENT_KEYS =
  'id kind at actor actor_count note analysis source confidence conflicts_with refs recipients recipient_count'.split(
    ' ',
  )

/**
 * Reads a case file from parsed JSON. Unknown fields are kept in `extra`.
 * @throws ChronologyError `bad-case-file`, naming the first bad field and what was expected: wrong types, times without zone, earliest after latest,
 * two events with one id, `conflicts_with` or `refs` naming an event that is not there
 */
export function parseCaseFile(value: unknown): CaseFile {
  const field = objectAt(value, '', 'bad-case-file')
  oneOf(field, 'schema', [SCHEMA])
  const events = list(field, 'events', MAX_EVENTS).map((event, i) => readEvent(event, `events[${i}]`, 'bad-case-file'))
  const caseFile: CaseFile = {
    id: identifier(field),
    title: filledText(field, 'title'),
    cves: texts(field, 'cves'),
    vendor: text(field, 'vendor', ''),
    product: text(field, 'product', ''),
    summary: text(field, 'summary', ''),
    sourceQuality: text(field, 'source_quality', ''),
    control: flag(field, 'control', false),
    events,
    knownOutcome:
      (field.value['known_outcome'] ?? null) === null ? null : readOutcome(childObject(field, 'known_outcome')),
    notFound: texts(field, 'not_found'),
    extra: rest(field, CASE_KEYS),
  }
  checkLinks(events)
  return caseFile
}

/**
 * Reads one event in the format of a case file's `events`.
 * @param path how messages call it, such as `line 12`
 * @throws ChronologyError `bad-event` as parseCaseFile does
 */
export function parseEvent(value: unknown, path: string): ChronologyEvent {
  return readEvent(value, path, 'bad-event')
}

/**
 * Checks that ids are unique and that every link leads to another event of the same list.
 * @throws ChronologyError `bad-case-file`
 */
export function checkLinks(events: readonly ChronologyEvent[]): void {
  const ids = new Set<string>()
  for (const [i, event] of events.entries()) {
    if (ids.has(event.id)) throw expected(`events[${i}].id`, 'an id used only once', event.id, 'bad-case-file')
    ids.add(event.id)
  }
  for (const [i, event] of events.entries()) {
    const links = [...event.conflictsWith.map((id) => ['conflicts_with', id]), ...event.refs.map((id) => ['refs', id])]
    for (const [key, id] of links) {
      if (ids.has(id ?? '') && id !== event.id) continue
      throw expected(`events[${i}].${key}`, 'ids of other events of this case', id, 'bad-case-file')
    }
  }
}

function readEvent(value: unknown, path: string, code: 'bad-case-file' | 'bad-event'): ChronologyEvent {
  const field = objectAt(value, path, code)
  return {
    id: identifier(field),
    kind: oneOf(field, 'kind', EVENT_KINDS),
    at: readTime(childObject(field, 'at')),
    actor: textOrNull(field, 'actor'),
    actorCount: countOrNull(field, 'actor_count'),
    note: text(field, 'note', ''),
    analysis: textOrNull(field, 'analysis'),
    source: readSource(childObject(field, 'source')),
    confidence: oneOf(field, 'confidence', ['high', 'medium', 'low'], 'medium'),
    conflictsWith: texts(field, 'conflicts_with'),
    refs: texts(field, 'refs'),
    recipients: textOrNull(field, 'recipients'),
    recipientCount: countOrNull(field, 'recipient_count'),
    extra: rest(field, EVENT_KEYS),
  }
}

function readTime(field: Field): EventTime {
  const earliest = instantAt(field, 'earliest')
  const latest = instantAt(field, 'latest')
  if (earliest > latest) throw expected(field.path, 'earliest not after latest', field.value['earliest'], field.code)
  const nominalText = textOrNull(field, 'nominal')
  const exactNominal = nominalText?.includes('T') ?? false
  const assumed = texts(field, 'assumed').map((bound, i) => {
    if (bound === 'earliest' || bound === 'latest') return bound
    throw expected(`${field.path}.assumed[${i}]`, 'earliest or latest', bound, field.code)
  })
  return {
    earliest,
    latest,
    nominal: nominalText === null ? null : instantAt(field, 'nominal', exactNominal ? parseInstant : parseDay),
    exactNominal,
    assumed,
    extra: rest(field, ['earliest', 'latest', 'nominal', 'assumed']),
  }
}

function readSource(field: Field): EventSource {
  return {
    title: filledText(field, 'title'),
    publisher: textOrNull(field, 'publisher'),
    url: textOrNull(field, 'url'),
    date: textOrNull(field, 'date'),
    via: textOrNull(field, 'via'),
    extra: rest(field, ['title', 'publisher', 'url', 'date', 'via']),
  }
}

function readOutcome(field: Field): KnownOutcome {
  const ids = [...EXPLANATION_IDS, 'undetermined'] as const
  return {
    hypothesis: oneOf(field, 'hypothesis', ids),
    status: oneOf(field, 'status', ['confirmed', 'suspected', 'unknown']),
    note: text(field, 'note', ''),
    alternatives: texts(field, 'alternatives').map((id, i) => {
      const known = EXPLANATION_IDS.find((candidate) => candidate === id)
      if (known !== undefined) return known
      throw expected(`${field.path}.alternatives[${i}]`, `one of ${EXPLANATION_IDS.join(', ')}`, id, field.code)
    }),
    excluded: list(field, 'excluded', 100).map((value, i) => {
      const item = objectAt(value, `${field.path}.excluded[${i}]`, field.code)
      return {
        hypothesis: oneOf(item, 'hypothesis', EXPLANATION_IDS),
        scope: text(item, 'scope', ''),
        why: text(item, 'why', ''),
      }
    }),
    extra: rest(field, ['hypothesis', 'status', 'note', 'alternatives', 'excluded']),
  }
}

function identifier(field: Field): string {
  const id = text(field, 'id')
  if (!ID.test(id)) {
    throw expected(
      `${field.path === '' ? '' : `${field.path}.`}id`,
      'letters, digits and . _ ~ -, at most 100',
      id,
      field.code,
    )
  }
  return id
}

function instantAt(field: Field, key: string, parse: (text: string) => number = parseInstant): number {
  const value = text(field, key)
  try {
    return parse(value)
  } catch (error) {
    if (!(error instanceof ChronologyError)) throw error
    throw new ChronologyError(field.code, `${field.path}.${key}: ${error.message}`)
  }
}
