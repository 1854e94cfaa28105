import type { ChronologyEvent } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { DAY } from './instant.ts'
import { type Interval, intervalOf } from './order.ts'

/** Somebody states that one event came before another: from `first` to `second` it took at least `minDays` (0: not after) and, if stated, at most `maxDays`. */
export interface DeclaredOrder {
  readonly first: string
  readonly second: string
  readonly minDays: number
  readonly maxDays: number | null
  /** Where it was read, in words. */
  readonly source: string
}

/** Whether dates and declared orders can all be true together. */
export type Consistency =
  | {
      readonly consistent: true
      /** The dates that remain possible for each event once every order is taken into account. */
      readonly tightened: ReadonlyMap<string, Interval>
    }
  | {
      readonly consistent: false
      /** A smallest set of events that contradict each other: without any one of them the rest of the set can be true. */
      readonly events: readonly string[]
      /** The declared orders among them that take part. */
      readonly orders: readonly DeclaredOrder[]
    }

/** The most events of a network; the search for the smallest contradiction grows with their cube. */
export const MAX_NETWORK_EVENTS: number = 2000

/** `to` is at most `by` milliseconds after `from`; the origin has no id. */
interface Bound {
  readonly from: number
  readonly to: number
  readonly by: number
  readonly order: DeclaredOrder | null
}

const ORIGIN = 0

/**
 * Simple temporal network (Dechter, Meiri, Pearl 1991) over the events that declared orders name, with each event's interval as a bound to a common origin.
 * Placeholder bounds are open.
 * @throws ChronologyError `unknown-event` for an order that names no event, `bad-option` for a minimum above the maximum or too many events
 */
export function checkOrders(events: readonly ChronologyEvent[], orders: readonly DeclaredOrder[]): Consistency {
  const named = new Set(orders.flatMap(({ first, second }) => [first, second]))
  const used = events.filter((event) => named.has(event.id)).sort((a, b) => (a.id < b.id ? -1 : 1))
  if (used.length > MAX_NETWORK_EVENTS) {
    throw new ChronologyError('bad-option', `orders name ${used.length} events; at most ${MAX_NETWORK_EVENTS} fit`)
  }
  const index = new Map(used.map((event, i) => [event.id, i + 1]))
  const bounds = [
    ...used.flatMap((event, i) => ownBounds(event, i + 1)),
    ...orders.flatMap((o) => orderBounds(o, index)),
  ]
  const latest = distances(bounds, used.length + 1)
  if (latest === null) return smallestContradiction(used, bounds)
  const earliest = distances(bounds.map(reversed), used.length + 1) ?? []
  const tightened = used.map((event, i): readonly [string, Interval] => [
    event.id,
    { earliest: -(earliest[i + 1] ?? Infinity), latest: latest[i + 1] ?? Infinity },
  ])
  return { consistent: true, tightened: new Map(tightened) }
}

function ownBounds(event: ChronologyEvent, at: number): readonly Bound[] {
  const { earliest, latest } = intervalOf(event)
  const bounds: readonly Bound[] = [
    { from: ORIGIN, to: at, by: latest, order: null },
    { from: at, to: ORIGIN, by: -earliest, order: null },
  ]
  return bounds.filter(({ by }) => Number.isFinite(by))
}

function orderBounds(order: DeclaredOrder, index: ReadonlyMap<string, number>): readonly Bound[] {
  const from = index.get(order.first)
  const to = index.get(order.second)
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? order.first : order.second
    throw new ChronologyError('unknown-event', `a declared order names ${missing}, which is no event of this case`)
  }
  const { minDays, maxDays } = order
  if (!Number.isFinite(minDays) || (maxDays !== null && !(maxDays >= minDays))) {
    throw new ChronologyError(
      'bad-option',
      `the order of ${order.first} and ${order.second}: expected a minimum not above the maximum`,
    )
  }
  const least: Bound = { from: to, to: from, by: -minDays * DAY, order }
  return maxDays === null ? [least] : [least, { from, to, by: maxDays * DAY, order }]
}

function reversed({ from, to, by, order }: Bound): Bound {
  return { from: to, to: from, by, order }
}

/** Shortest distances from the origin (Bellman and Ford), Infinity where nothing bounds; `null` when a cycle anywhere is negative. */
function distances(bounds: readonly Bound[], size: number): readonly number[] | null {
  const fromOrigin = relax(
    bounds,
    Array.from({ length: size }, (_, i) => (i === ORIGIN ? 0 : Infinity)),
  )
  // From all nodes at once, so that a contradiction that the origin does not reach is found as well.
  const fromAll = relax(
    bounds,
    Array.from({ length: size }, () => 0),
  )
  return fromAll === null ? null : fromOrigin
}

function relax(bounds: readonly Bound[], start: readonly number[]): readonly number[] | null {
  const distance = [...start]
  for (let round = 0; round <= start.length; round++) {
    let changed = false
    for (const { from, to, by } of bounds) {
      const next = (distance[from] ?? Infinity) + by
      if (!(next < (distance[to] ?? Infinity))) continue
      distance[to] = next
      changed = true
    }
    if (!changed) return distance
  }
  return null
}

interface Walk {
  readonly length: number
  readonly back: Bound | null
}

/**
 * The negative cycle through the fewest events. Walks from each node are lengthened one bound at a time, so the first that comes back below zero has the fewest; the
 * origin is no event, so a cycle through it counts one less and both lengths are compared before the search stops.
 */
function smallestContradiction(used: readonly ChronologyEvent[], bounds: readonly Bound[]): Consistency {
  const byFrom = Map.groupBy(bounds, (bound) => bound.from)
  let best: readonly Bound[] | null = null
  for (let start = 0; start <= used.length; start++) {
    const limit: number = best === null ? used.length + 1 : eventsOn(best).length + 1
    const cycle = shortestNegative(start, byFrom, limit)
    if (cycle !== null && (best === null || eventsOn(cycle).length < eventsOn(best).length)) best = cycle
  }
  const cycle = best ?? []
  const orders = new Set(cycle.flatMap(({ order }) => order ?? []))
  return {
    consistent: false,
    events: eventsOn(cycle).map((at) => used[at - 1]?.id ?? ''),
    orders: [...orders],
  }
}

function eventsOn(cycle: readonly Bound[]): readonly number[] {
  return [...new Set(cycle.map(({ from }) => from))].filter((at) => at !== ORIGIN).sort((a, b) => a - b)
}

/** The negative closed walk from `start` with the fewest bounds, at most `limit`; `null` if there is none. */
function shortestNegative(
  start: number,
  byFrom: ReadonlyMap<number, readonly Bound[]>,
  limit: number,
): readonly Bound[] | null {
  const layers: Map<number, Walk>[] = [new Map([[start, { length: 0, back: null }]])]
  for (let step = 1; step <= limit; step++) {
    const next = lengthened(layers[step - 1] ?? new Map(), byFrom)
    layers.push(next)
    if ((next.get(start)?.length ?? 0) < 0) return trace(start, layers)
  }
  return null
}

/** The shortest walks that are one bound longer. */
function lengthened(
  walks: ReadonlyMap<number, Walk>,
  byFrom: ReadonlyMap<number, readonly Bound[]>,
): Map<number, Walk> {
  const next = new Map<number, Walk>()
  for (const [at, walk] of walks) {
    for (const bound of byFrom.get(at) ?? []) {
      const length = walk.length + bound.by
      if (length < (next.get(bound.to)?.length ?? Infinity)) next.set(bound.to, { length, back: bound })
    }
  }
  return next
}

function trace(start: number, layers: readonly ReadonlyMap<number, Walk>[]): readonly Bound[] {
  const cycle: Bound[] = []
  let at = start
  for (let step = layers.length - 1; step > 0; step--) {
    const bound = layers[step]?.get(at)?.back
    if (bound === null || bound === undefined) break
    cycle.unshift(bound)
    at = bound.from
  }
  return cycle
}
