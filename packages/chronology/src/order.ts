import type { ChronologyEvent } from './case-file.ts'
import { DAY } from './instant.ts'

/** A stretch of time in which one instant lies: milliseconds since 1970, both ends inclusive, ±Infinity for an open end. */
export interface Interval {
  readonly earliest: number
  readonly latest: number
}

/** Whether one instant came before another, as far as their intervals tell. */
export type Precedence = 'certain' | 'possible' | 'impossible'

/** When the event happened, with placeholder bounds (`assumed`) opened. */
export function intervalOf(event: ChronologyEvent): Interval {
  return {
    earliest: event.at.assumed.includes('earliest') ? -Infinity : event.at.earliest,
    latest: event.at.assumed.includes('latest') ? Infinity : event.at.latest,
  }
}

/**
 * Whether `a` came before `b`. Touching bounds count as possible: an exclusion must be certain.
 * Widening either interval never turns `possible` into anything else.
 */
export function before(a: Interval, b: Interval): Precedence {
  if (a.latest < b.earliest) return 'certain'
  return a.earliest <= b.latest ? 'possible' : 'impossible'
}

/**
 * The probability that `a` came before `b` if both are uniform on their intervals and independent (a stated assumption, not a finding).
 * @returns 0 to 1, equal instants count half; `null` when a bound is open and the order is not certain
 */
export function probabilityBefore(a: Interval, b: Interval): number | null {
  const order = before(a, b)
  if (order === 'certain') return 1
  if (order === 'impossible') return 0
  if (![a.earliest, a.latest, b.earliest, b.latest].every(Number.isFinite)) return null
  const width = a.latest - a.earliest
  if (width === 0) return share(b, a.earliest)
  // Mean over a of the share of b that lies after it; the share is piecewise linear in a, so the trapezoid rule between its corners is exact.
  const corners = [a.earliest, b.earliest, b.latest, a.latest]
    .filter((x) => x >= a.earliest && x <= a.latest)
    .sort((x, y) => x - y)
  let area = 0
  for (let i = 1; i < corners.length; i++) {
    const from = corners[i - 1] ?? 0
    const to = corners[i] ?? 0
    if (b.latest === b.earliest) area += (to - from) * ((from + to) / 2 < b.earliest ? 1 : 0)
    else area += ((to - from) * (share(b, from) + share(b, to))) / 2
  }
  return area / width
}

/** The least and the most days from `a` to `b`; negative when `b` may come first, ±Infinity when a bound is open. */
export function daysBetween(a: Interval, b: Interval): { readonly min: number; readonly max: number } {
  return { min: (b.earliest - a.latest) / DAY, max: (b.latest - a.earliest) / DAY }
}

function share(b: Interval, instant: number): number {
  if (b.latest === b.earliest) {
    if (instant === b.earliest) return 0.5
    return instant < b.earliest ? 1 : 0
  }
  return Math.min(1, Math.max(0, (b.latest - instant) / (b.latest - b.earliest)))
}
