import type { ChronologyEvent } from '../case-file.ts'
import { DAY, formatDay, startOfDay } from '../instant.ts'
import { nominalOf } from './nominal.ts'

/** Maps instants to x coordinates; instants outside the window stick to its edges. */
export interface TimeAxis {
  readonly from: number
  readonly to: number
  readonly x: (instant: number) => number
  readonly ticks: readonly { readonly x: number; readonly label: string }[]
}

const TICK_DAYS = [1, 2, 7, 14, 31, 92, 183, 366, 731, 1827]
const MOST_TICKS = 9
/** Kinds that may lie years from the case and would squash it: they never widen the window. */
const APART = new Set(['vulnerability-introduced', 'kev-added', 'other', 'leak-suspected', 'partner-removed'])

/** An axis over the events that make the case, with a margin of 4 % on both sides. */
export function timeAxis(events: readonly ChronologyEvent[], left: number, right: number): TimeAxis {
  if (events.length === 0) return { from: 0, to: 0, x: () => left, ticks: [] }
  const core = events.filter((event) => !APART.has(event.kind))
  const shown = core.length > 0 ? core : events
  const first = Math.min(...shown.map((event) => nominalOf(event).at))
  const last = Math.max(
    ...shown.map((event) => Math.max(nominalOf(event).at, Math.min(event.at.latest, nominalOf(event).at + 31 * DAY))),
  )
  const margin = Math.max(DAY, (last - first) * 0.04)
  const from = first - margin
  const to = last + margin
  const x = (instant: number): number =>
    left + ((Math.min(to, Math.max(from, instant)) - from) / (to - from)) * (right - left)
  return { from, to, x, ticks: ticksOf(from, to).map((at) => ({ x: x(at), label: formatDay(at) })) }
}

function ticksOf(from: number, to: number): readonly number[] {
  const days = (to - from) / DAY
  const step = TICK_DAYS.find((candidate) => days / candidate <= MOST_TICKS) ?? Math.ceil(days / MOST_TICKS)
  const first = startOfDay(from) + DAY
  if (step >= 31) return monthTicks(from, to, Math.max(1, Math.round(step / 30.5)))
  return Array.from({ length: Math.floor((to - first) / (step * DAY)) + 1 }, (_, i) => first + i * step * DAY)
}

function monthTicks(from: number, to: number, months: number): readonly number[] {
  const date = new Date(from)
  const start = date.getUTCFullYear() * 12 + date.getUTCMonth() + 1
  const ticks: number[] = []
  for (let month = start; ; month++) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1)
    if (at > to) return ticks
    if (month % months === 0) ticks.push(at)
  }
}
