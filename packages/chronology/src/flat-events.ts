import { type ChronologyEvent, MAX_EVENTS, parseEvent } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { EVENT_KINDS } from './event-kinds.ts'
import { contentName } from './events.ts'
import { parseCsv, writeCsv } from './internal/csv.ts'
import { formatInstant } from './instant.ts'
import { writeEvent } from './write-case-file.ts'

/** How a flat file is read. */
export interface FlatOptions {
  /** The zone of times that name none, such as `Z` or `+08:00`; without it such a time is refused. */
  readonly zone?: string
  /** The source of rows that name none; a file's name, say. */
  readonly source?: string
}

/** Columns that Timesketch asks for, then those of an event. */
const COLUMNS =
  'message datetime timestamp_desc id kind earliest latest nominal assumed actor actor_count note analysis source_title source_publisher source_url source_date source_via confidence conflicts_with refs recipients recipient_count extra'.split(
    ' ',
  )
const TEXTS = ['actor', 'analysis', 'confidence', 'recipients'] as const
const COUNTS = ['actor_count', 'recipient_count'] as const
const LISTS = ['conflicts_with', 'refs'] as const
const SOURCE = ['title', 'publisher', 'url', 'date', 'via'] as const
const KNOWN: ReadonlySet<string> = new Set([...COLUMNS, 'timestamp'])

type Row = Readonly<Record<string, unknown>>

/**
 * Reads events from CSV with a header line: the columns of eventsToCsv, or those of Timesketch (`message`, `datetime`, `timestamp_desc`). Other columns are kept.
 * @throws ChronologyError `bad-event` naming the line and the column
 */
export function eventsFromCsv(text: string, options: FlatOptions = {}): readonly ChronologyEvent[] {
  const [header, ...rows] = parseCsv(text)
  if (header === undefined) throw new ChronologyError('bad-event', 'the CSV file is empty; expected a header line')
  const names = header.cells.map((name) => name.trim())
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new ChronologyError('bad-event', `line 1: the column ${shown(twice)} stands twice`)
  limit(rows.length)
  return rows.map(({ line, cells }) => {
    if (cells.length !== names.length) {
      throw new ChronologyError('bad-event', `line ${line}: expected ${names.length} cells, found ${cells.length}`)
    }
    const filled = names.map((name, i) => [name, cells[i] ?? ''] as const).filter(([, cell]) => cell !== '')
    return fromRow(Object.fromEntries(filled), `line ${line}`, options)
  })
}

/** Writes events as CSV that Timesketch can import as well; eventsFromCsv gives equal events. */
export function eventsToCsv(events: readonly ChronologyEvent[]): string {
  return writeCsv([COLUMNS, ...events.map(toRow).map((row) => COLUMNS.map((name) => cellOf(row[name])))])
}

/**
 * Reads events from JSON Lines: one object a line, with the same names as the columns of a CSV file.
 * @throws ChronologyError `bad-event` naming the line
 */
export function eventsFromJsonl(text: string, options: FlatOptions = {}): readonly ChronologyEvent[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line, path: `line ${i + 1}` }))
    .filter(({ line }) => line.trim() !== '')
  limit(lines.length)
  return lines.map(({ line, path }) => fromRow(objectOf(line, path), path, options))
}

/** Writes events as JSON Lines that Timesketch can import as well; eventsFromJsonl gives equal events. */
export function eventsToJsonl(events: readonly ChronologyEvent[]): string {
  return events.map((event) => `${JSON.stringify(toRow(event))}\n`).join('')
}

function toRow(event: ChronologyEvent): Row {
  const { at, source } = event
  const written = writeEvent(event)
  const time = asRow(written['at'])
  const extra = {
    ...(Object.keys(event.extra).length === 0 ? {} : { event: event.extra }),
    ...(Object.keys(at.extra).length === 0 ? {} : { at: at.extra }),
    ...(Object.keys(source.extra).length === 0 ? {} : { source: source.extra }),
  }
  const row = {
    message: `${event.id} ${event.kind}${event.note === '' ? '' : `: ${event.note}`}`,
    datetime: formatInstant(at.earliest),
    timestamp_desc: event.kind,
    id: event.id,
    kind: event.kind,
    earliest: time['earliest'],
    latest: time['latest'],
    nominal: time['nominal'],
    assumed: at.assumed.length === 0 ? undefined : at.assumed,
    note: event.note === '' ? undefined : event.note,
    ...Object.fromEntries([...TEXTS, ...COUNTS, ...LISTS].map((name) => [name, written[name]])),
    ...Object.fromEntries(SOURCE.map((name) => [`source_${name}`, source[name] ?? undefined])),
    extra: Object.keys(extra).length === 0 ? undefined : extra,
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

function cellOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function fromRow(row: Row, path: string, options: FlatOptions): ChronologyEvent {
  const kept = parsed(row, 'extra', path)
  const others = Object.fromEntries(Object.entries(row).filter(([name]) => !KNOWN.has(name)))
  const inner = kept === undefined ? {} : asRow(kept)
  const value = {
    id: row['id'] ?? 'unnamed',
    kind: kindOf(row),
    at: { ...asRow(inner['at']), ...timeOf(row, path, options) },
    note: row['note'] ?? (row['id'] === undefined ? row['message'] : undefined) ?? '',
    ...present(Object.fromEntries(TEXTS.map((name) => [name, row[name]]))),
    ...present(Object.fromEntries(COUNTS.map((name) => [name, countOf(row, name, path)]))),
    ...present(Object.fromEntries(LISTS.map((name) => [name, parsed(row, name, path)]))),
    source: {
      ...asRow(inner['source']),
      ...present(Object.fromEntries(SOURCE.map((name) => [name, row[`source_${name}`]]))),
      title: row['source_title'] ?? options.source ?? 'imported file',
    },
    ...others,
    ...asRow(inner['event']),
  }
  const event = parseEvent(value, path)
  return row['id'] === undefined ? { ...event, id: `row-${contentName(event)}` } : event
}

/** Timesketch describes what kind of time a row holds; when that is a kind of event, it is taken at its word. */
function kindOf(row: Row): unknown {
  if (row['kind'] !== undefined) return row['kind']
  return EVENT_KINDS.find((kind) => kind === row['timestamp_desc']) ?? 'other'
}

function timeOf(row: Row, path: string, options: FlatOptions): Row {
  const moment = row['datetime'] ?? row['timestamp']
  const earliest = row['earliest'] ?? moment
  const latest = row['latest'] ?? row['earliest'] ?? moment
  if (earliest === undefined) {
    throw new ChronologyError('bad-event', `${path}: expected a time in datetime, timestamp or earliest and latest`)
  }
  return {
    earliest: instantText(earliest, path, options),
    latest: instantText(latest, path, options),
    ...present({ nominal: row['nominal'], assumed: parsed(row, 'assumed', path) }),
  }
}

/** ISO 8601 with a T and a zone; whole numbers are microseconds since 1970, as Timesketch has them. */
function instantText(value: unknown, path: string, { zone }: FlatOptions): unknown {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{12,17}$/.test(value))) {
    const ms = Math.floor(Number(value) / 1000)
    if (ms > 0 && ms < 32_503_680_000_000) return new Date(ms).toISOString()
    throw new ChronologyError('bad-event', `${path}: ${shown(String(value))} is no number of microseconds since 1970`)
  }
  if (typeof value !== 'string') return value
  const text = value.trim().replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text)) {
    if (zone !== undefined) return `${text}${zone}`
    throw new ChronologyError('bad-event', `${path}: ${shown(value)} names no time zone; say which one the file is in`)
  }
  return text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
}

function countOf(row: Row, name: string, path: string): unknown {
  const value = row[name]
  if (typeof value !== 'string') return value
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new ChronologyError(
    'bad-event',
    `${path}.${name}: expected a whole number of at least 0, found ${shown(value)}`,
  )
}

/** Lists and objects stand as JSON in a CSV cell. */
function parsed(row: Row, name: string, path: string): unknown {
  const value = row[name]
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw new ChronologyError('bad-event', `${path}.${name}: expected JSON, found ${shown(value)}`)
  }
}

function objectOf(line: string, path: string): Row {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ChronologyError('bad-event', `${path}: expected a JSON object, found ${shown(line)}`)
  }
  if (isRow(value)) return value
  throw new ChronologyError('bad-event', `${path}: expected a JSON object`)
}

function limit(count: number): void {
  if (count <= MAX_EVENTS) return
  throw new ChronologyError('bad-event', `the file holds ${count} events; at most ${MAX_EVENTS} fit`)
}

function asRow(value: unknown): Row {
  return isRow(value) ? value : {}
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function present(fields: Row): Row {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}
