import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { ChronologyEvent } from './case-file.ts'
import { parseEvent } from './case-file.ts'
import { findConflicts } from './conflicts.ts'
import { DAY } from './instant.ts'
import { checkOrders, type DeclaredOrder } from './temporal-network.ts'

const START = Date.UTC(2021, 0, 1)

/** An event somewhere between two whole days. */
function eventAt(id: string, from: number, to: number): ChronologyEvent {
  const iso = (day: number): string => new Date(START + day * DAY).toISOString()
  return parseEvent(
    { id, kind: 'other', at: { earliest: iso(from), latest: iso(to) }, source: { title: 'A page' } },
    'event',
  )
}

const order = (first: string, second: string, minDays = 0, maxDays: number | null = null): DeclaredOrder => ({
  first,
  second,
  minDays,
  maxDays,
  source: 'a report',
})

describe('declared orders', () => {
  it('narrow the dates when they can be true', () => {
    const found = checkOrders([eventAt('a', 0, 10), eventAt('b', 0, 4)], [order('a', 'b', 2)])
    if (!found.consistent) throw new Error('inconsistent')
    expect(found.tightened.get('a')).toEqual({ earliest: START, latest: START + 2 * DAY })
    expect(found.tightened.get('b')).toEqual({ earliest: START + 2 * DAY, latest: START + 4 * DAY })
  })

  it('leave open ends open', () => {
    const open = { ...eventAt('a', 0, 10), at: { ...eventAt('a', 0, 10).at, assumed: ['earliest' as const] } }
    const found = checkOrders([open, eventAt('b', 0, 4)], [order('a', 'b')])
    expect(found.consistent && found.tightened.get('a')).toEqual({ earliest: -Infinity, latest: START + 4 * DAY })
  })

  it('name the smallest set of events that contradict each other', () => {
    const events = [eventAt('a', 0, 9), eventAt('b', 0, 9), eventAt('c', 0, 9), eventAt('d', 5, 6), eventAt('e', 1, 2)]
    const chain = [order('a', 'b', 4), order('b', 'c', 4), order('c', 'a', 4)]
    expect(checkOrders(events, chain)).toMatchObject({ consistent: false, events: ['a', 'b', 'c'] })
    expect(checkOrders(events, [...chain, order('d', 'e')])).toMatchObject({
      consistent: false,
      events: ['d', 'e'],
      orders: [order('d', 'e')],
    })
  })

  it('that contradict each other without any date are found', () => {
    const assumed = ['earliest' as const, 'latest' as const]
    const undated = ['a', 'b'].map((id) => ({ ...eventAt(id, 0, 1), at: { ...eventAt(id, 0, 1).at, assumed } }))
    expect(checkOrders(undated, [order('a', 'b', 1), order('b', 'a', 1)])).toMatchObject({ events: ['a', 'b'] })
  })

  it('must name events of the case and have a minimum not above the maximum', () => {
    expect(() => checkOrders([eventAt('a', 0, 1)], [order('a', 'x')])).toThrow('names x, which is no event')
    expect(() => checkOrders([eventAt('a', 0, 1), eventAt('b', 0, 1)], [order('a', 'b', 3, 2)])).toThrow('minimum')
  })

  it('show up among the conflicts of a report, with their source', () => {
    const extra = { orders: [{ first: 'd', second: 'e', source: 'the vendor’s blog' }] }
    const [conflict] = findConflicts({ events: [eventAt('d', 5, 6), eventAt('e', 1, 2)], extra })
    expect(conflict).toMatchObject({ kind: 'order', events: ['d', 'e'] })
    expect(conflict?.says).toContain('the vendor’s blog')
  })
})

describe('against brute force', () => {
  const ids = ['a', 'b', 'c', 'd']
  const happenings = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })), {
    minLength: 2,
    maxLength: 4,
  })
  const statements = fc.array(
    fc.record({
      first: fc.nat(3),
      second: fc.nat(3),
      min: fc.integer({ min: -1, max: 3 }),
      more: fc.option(fc.integer({ min: 0, max: 2 }), { nil: null }),
    }),
    { maxLength: 5 },
  )

  test.prop([happenings, statements], { numRuns: 1500 })(
    'a contradiction is found if and only if one exists, and no smaller set contradicts itself',
    (days, told) => {
      const events = days.map(([from, width], i) => eventAt(ids[i] ?? '', from, from + width))
      const orders = told
        .filter(({ first, second }) => first < events.length && second < events.length)
        .map(({ first, second, min, more }) =>
          order(ids[first] ?? '', ids[second] ?? '', min, more === null ? null : min + more),
        )
      const contradictory = subsets(events).filter((some) => !hasSolution(some, orders))
      const found = checkOrders(events, orders)
      expect(found.consistent).toBe(contradictory.length === 0)
      if (found.consistent) return
      expect(found.events).toHaveLength(Math.min(...contradictory.map((some) => some.length)))
      expect(contradictory.map((some) => some.map(({ id }) => id))).toContainEqual(found.events)
    },
  )
})

function subsets(events: readonly ChronologyEvent[]): ChronologyEvent[][] {
  return events.reduce<ChronologyEvent[][]>((all, event) => [...all, ...all.map((some) => [...some, event])], [[]])
}

/** Tries every whole day; with whole-day bounds that is enough. */
function hasSolution(events: readonly ChronologyEvent[], orders: readonly DeclaredOrder[]): boolean {
  const held = orders.filter(({ first, second }) => [first, second].every((id) => events.some((e) => e.id === id)))
  const place = (i: number, at: ReadonlyMap<string, number>): boolean => {
    const event = events[i]
    if (event === undefined) return held.every((each) => holds(each, at))
    for (let t = event.at.earliest; t <= event.at.latest; t += DAY) {
      if (place(i + 1, new Map(at).set(event.id, t))) return true
    }
    return false
  }
  return place(0, new Map())
}

function holds({ first, second, minDays, maxDays }: DeclaredOrder, at: ReadonlyMap<string, number>): boolean {
  const days = ((at.get(second) ?? NaN) - (at.get(first) ?? NaN)) / DAY
  return days >= minDays && (maxDays === null || days <= maxDays)
}
