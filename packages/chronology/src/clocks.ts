import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { childObject, expected, type Field, filledText, list, numberAt, objectAt, text } from './internal/field.ts'
import { nominalOf } from './internal/nominal.ts'
import { type Interval, intervalOf } from './order.ts'

/** How far the clock of one source runs ahead of true time, in seconds; negative when it is slow. Nothing limits the size: clocks have been wrong by months. */
export interface ClockError {
  /** The source's publisher, or its title where it names none. */
  readonly source: string
  readonly aheadSeconds: { readonly min: number; readonly max: number }
  readonly why: string
}

/** Who an event's time was read from: the name that a ClockError matches. */
export function clockNameOf(event: ChronologyEvent): string {
  return event.source.publisher ?? event.source.title
}

/**
 * The events in true time: each interval moved back by what its source's clock is ahead, and widened by what is not known about it. The recorded events are not
 * changed; the recorded bounds stay in `at.extra.recorded`.
 */
export function alignClocks(
  events: readonly ChronologyEvent[],
  clocks: readonly ClockError[],
): readonly ChronologyEvent[] {
  if (clocks.length === 0) return events
  const bySource = new Map(clocks.map((clock) => [clock.source, clock.aheadSeconds]))
  return events.map((event) => {
    const ahead = bySource.get(clockNameOf(event))
    return ahead === undefined ? event : moved(event, ahead)
  })
}

function moved(event: ChronologyEvent, { min, max }: ClockError['aheadSeconds']): ChronologyEvent {
  const { earliest, latest } = event.at
  const { at, exact } = nominalOf(event)
  return {
    ...event,
    at: {
      ...event.at,
      earliest: earliest - max * 1000,
      latest: latest - min * 1000,
      nominal: at - ((min + max) / 2) * 1000,
      exactNominal: exact,
      extra: { ...event.at.extra, recorded: { earliest, latest } },
    },
  }
}

/**
 * What pairs of records of the same happening say about two clocks: by how many seconds the first one's source is ahead of the second's, if the difference never changed.
 * @param pairs events of one source, each with the event in which the other source records the same happening
 * @returns `null` when no constant difference fits all pairs; infinite bounds where the events give none
 */
export function clockDifference(
  pairs: readonly (readonly [ChronologyEvent, ChronologyEvent])[],
): { readonly min: number; readonly max: number } | null {
  const bounds = pairs.map(([a, b]) => difference(intervalOf(a), intervalOf(b)))
  const min = Math.max(-Infinity, ...bounds.map((each) => each.min))
  const max = Math.min(Infinity, ...bounds.map((each) => each.max))
  return min <= max ? { min, max } : null
}

function difference(a: Interval, b: Interval): { readonly min: number; readonly max: number } {
  return { min: (a.earliest - b.latest) / 1000, max: (a.latest - b.earliest) / 1000 }
}

/**
 * The clock errors that a case file states in its optional `clocks`: `[{ source, ahead_seconds: { min, max }, why }]`.
 * @throws ChronologyError `bad-case-file`, also for a source named twice
 */
export function clocksOf(caseFile: Pick<CaseFile, 'extra'>): readonly ClockError[] {
  const top: Field = { value: caseFile.extra, path: '', code: 'bad-case-file' }
  const clocks = list(top, 'clocks', 1000).map((value, i) => {
    const field = objectAt(value, `clocks[${i}]`, 'bad-case-file')
    const ahead = childObject(field, 'ahead_seconds')
    const aheadSeconds = { min: numberAt(ahead, 'min'), max: numberAt(ahead, 'max') }
    if (aheadSeconds.min > aheadSeconds.max) {
      throw expected(ahead.path, 'min not above max', aheadSeconds.min, 'bad-case-file')
    }
    return { source: filledText(field, 'source'), aheadSeconds, why: text(field, 'why', '') }
  })
  const names = clocks.map((clock) => clock.source)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new ChronologyError('bad-case-file', `clocks: ${JSON.stringify(twice)} is named twice`)
  return clocks
}
