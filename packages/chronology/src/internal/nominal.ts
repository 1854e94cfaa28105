import type { ChronologyEvent } from '../case-file.ts'
import { DAY, startOfDay } from '../instant.ts'

/** The date an event is filed under when events are put into groups; conclusions never rest on it. */
export interface Nominal {
  readonly at: number
  readonly exact: boolean
}

const HOUR = 3_600_000

/**
 * The date a source names, else the first instant of the interval; `exact` when it is known to the hour.
 * Whoever widens an interval and names the old date as `nominal` leaves every group as it was.
 */
export function nominalOf(event: ChronologyEvent): Nominal {
  const { earliest, latest, nominal, exactNominal } = event.at
  if (nominal !== null) return { at: nominal, exact: exactNominal }
  return { at: earliest, exact: latest - earliest < HOUR }
}

/** Whether `a` is filed before `b`: by the clock when both are exact, else by the UTC day; on the same day it is not before. */
export function filedBefore(a: Nominal, b: Nominal): boolean {
  return passesAt(a) < passedBy(b)
}

/** The instant up to which a date has passed others: a day has passed everything in it. */
export function passesAt({ at, exact }: Nominal): number {
  return exact ? at : startOfDay(at) + DAY - 1
}

/** The instant from which on a date counts as passed. */
export function passedBy({ at, exact }: Nominal): number {
  return exact ? at : startOfDay(at)
}

/** Orders events by nominal date, then by id: the same for every order of import. */
export function byNominal(a: ChronologyEvent, b: ChronologyEvent): number {
  const difference = nominalOf(a).at - nominalOf(b).at
  if (difference !== 0) return difference
  return a.id < b.id ? -1 : Number(a.id > b.id)
}
