import type { ChronologyEvent } from './case-file.ts'

/** Events that contradict each other, directly or through a third; sorted ids. */
export type Dispute = readonly string[]

/** One way to settle a dispute: the event held to be right and those that are then wrong. */
export interface Reading {
  readonly keeps: string
  readonly drops: readonly string[]
}

/** For every disputed event the ids it contradicts, in both directions. */
export function contradictions(events: readonly ChronologyEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Set(events.map((event) => event.id))
  const map = new Map<string, Set<string>>()
  const link = (a: string, b: string): void => {
    const set = map.get(a) ?? new Set()
    map.set(a, set.add(b))
  }
  for (const event of events) {
    for (const other of event.conflictsWith) {
      if (!known.has(other)) continue
      link(event.id, other)
      link(other, event.id)
    }
  }
  return map
}

/** The connected groups of contradicting events, each once, in the order of their first id. */
export function disputes(events: readonly ChronologyEvent[]): readonly Dispute[] {
  const edges = contradictions(events)
  const seen = new Set<string>()
  const groups: Dispute[] = []
  for (const start of [...edges.keys()].sort()) {
    if (seen.has(start)) continue
    const group = reachable(start, edges)
    for (const id of group) seen.add(id)
    groups.push([...group].sort())
  }
  return groups
}

function reachable(start: string, edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const group = new Set([start])
  // A set may grow while it is walked: each member is visited once.
  for (const id of group) {
    for (const next of edges.get(id) ?? []) group.add(next)
  }
  return group
}

/**
 * The readings of the disputed dates, one per disputed event: it is right, and all that contradict it directly are wrong.
 */
export function readings(events: readonly ChronologyEvent[]): readonly Reading[] {
  const edges = contradictions(events)
  return [...edges.keys()].sort().map((keeps) => ({ keeps, drops: [...(edges.get(keeps) ?? [])].sort() }))
}

/** The events as one reading has them: those it drops are gone, and the one it holds to be right no longer counts as doubtful. */
export function applyReading(events: readonly ChronologyEvent[], reading: Reading): readonly ChronologyEvent[] {
  const dropped = new Set(reading.drops)
  return events
    .filter((event) => !dropped.has(event.id))
    .map((event) =>
      event.id === reading.keeps && event.confidence === 'low' ? { ...event, confidence: 'medium' } : event,
    )
}
