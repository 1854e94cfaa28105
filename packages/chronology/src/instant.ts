import { ChronologyError } from './errors.ts'

/** Milliseconds in a day. */
export const DAY: number = 86_400_000

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:\d{2})$/
const CALENDAR_DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/**
 * Reads an ISO 8601 instant with a time zone (`Z` or `+08:00`); digits below a millisecond are dropped.
 * @returns milliseconds since 1970-01-01T00:00:00Z
 * @throws ChronologyError `bad-instant` when the zone is missing, a field is out of range (30 February, 24:00, leap seconds) or the year lies outside 1900 to 2999
 */
export function parseInstant(text: string): number {
  const match = INSTANT.exec(text)
  if (match === null) throw badInstant(text, 'expected an instant with a time zone such as 2021-03-02T18:41:00Z')
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const midnight = dayStart(text, Number(year), Number(month), Number(day))
  const h = Number(hour)
  const m = Number(minute)
  const s = Number(second ?? '0')
  if (h > 23 || m > 59 || s > 59) throw badInstant(text, 'there is no such time of day')
  const millis = Number((fraction ?? '').padEnd(3, '0'))
  return midnight + ((h * 60 + m) * 60 + s) * 1000 + millis - zoneOffset(text, zone ?? 'Z')
}

/**
 * Reads a calendar day `2021-02-28` as its first instant in UTC.
 * @throws ChronologyError `bad-instant`
 */
export function parseDay(text: string): number {
  const match = CALENDAR_DAY.exec(text)
  if (match === null) throw badInstant(text, 'expected a day such as 2021-02-28')
  return dayStart(text, Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Writes an instant as ISO 8601 in UTC, without a fraction when it is whole seconds; `null` for an open bound (±Infinity). */
export function formatInstant(ms: number): string | null {
  if (!Number.isFinite(ms)) return null
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** `2021-02-28`, in UTC. Finite instants only. */
export function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** `28 February 2021`, in UTC. Finite instants only. */
export function plainDay(ms: number): string {
  const date = new Date(ms)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** The first instant of the UTC day that holds `ms`. */
export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY
}

function dayStart(text: string, year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day)
  const real = new Date(ms)
  if (year < 1900 || year > 2999) throw badInstant(text, 'the year must lie between 1900 and 2999')
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) throw badInstant(text, 'there is no such day')
  return ms
}

function zoneOffset(text: string, zone: string): number {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 14 || minutes > 59) throw badInstant(text, 'there is no such time zone')
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

function badInstant(text: string, why: string): ChronologyError {
  return new ChronologyError('bad-instant', `${JSON.stringify(text.slice(0, 60))} is not a usable time: ${why}`)
}
