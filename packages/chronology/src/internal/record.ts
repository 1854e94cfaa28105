import type { ChronologyEvent } from '../case-file.ts'
import { contradictions } from '../disputes.ts'
import type { EventKind } from '../event-kinds.ts'
import type { Interval } from '../order.ts'
import type { Wave } from '../waves.ts'
import type { Instants } from './candidates.ts'
import { byNominal } from './nominal.ts'
import { finderEvent, replacedFixes, secondDiscoveries } from './parties.ts'

/** A case's events, indexed once for all waves and explanations. */
export interface EventRecord {
  readonly byId: ReadonlyMap<string, ChronologyEvent>
  readonly byKind: ReadonlyMap<EventKind, readonly ChronologyEvent[]>
  readonly rivals: ReadonlyMap<string, ReadonlySet<string>>
  readonly secondDiscoveries: readonly ChronologyEvent[]
  /** The event that shows who the finder is. */
  readonly finder: ChronologyEvent | undefined
  /** When each fix that did not do was replaced for the last time (parties.ts). */
  readonly replacedFixes: ReadonlyMap<string, number>
  readonly waves: readonly Wave[]
  readonly completeFor: readonly EventKind[]
  /** Lists that ofKinds has already put together, and their instants (candidates.ts). */
  readonly merged: Map<readonly EventKind[], readonly ChronologyEvent[]>
  readonly instants: Map<readonly EventKind[], Instants>
  /** The events of each wave, and the kinds of the well-attested ones, once asked for. */
  readonly members: Map<Wave, Members>
  /** Each wave's start with stated bounds (weigh.ts), once asked for. */
  readonly starts: Map<Wave, Interval>
}

/** The events of a wave in nominal order, and the kinds that the well-attested ones have. */
export interface Members {
  readonly events: readonly ChronologyEvent[]
  readonly attestedKinds: ReadonlySet<EventKind>
}

export function buildRecord(
  events: readonly ChronologyEvent[],
  waves: readonly Wave[],
  completeFor: readonly EventKind[],
): EventRecord {
  const sorted = [...events].sort(byNominal)
  return {
    byId: new Map(sorted.map((event) => [event.id, event])),
    byKind: Map.groupBy(sorted, (event) => event.kind),
    rivals: contradictions(sorted),
    secondDiscoveries: secondDiscoveries(sorted),
    finder: finderEvent(sorted),
    replacedFixes: replacedFixes(sorted),
    waves,
    completeFor,
    merged: new Map(),
    instants: new Map(),
    members: new Map(),
    starts: new Map(),
  }
}

/** The events of these kinds in nominal order. */
export function ofKinds(record: EventRecord, kinds: readonly EventKind[]): readonly ChronologyEvent[] {
  const known = record.merged.get(kinds)
  if (known !== undefined) return known
  const events = kinds.flatMap((kind) => record.byKind.get(kind) ?? []).sort(byNominal)
  record.merged.set(kinds, events)
  return events
}

export function membersOfWave(record: EventRecord, wave: Wave): Members {
  const known = record.members.get(wave)
  if (known !== undefined) return known
  const events = wave.events.flatMap((id) => record.byId.get(id) ?? [])
  const attested = events.filter((event) => event.confidence !== 'low')
  const members = { events, attestedKinds: new Set(attested.map((event) => event.kind)) }
  record.members.set(wave, members)
  return members
}

export function eventsOf(record: EventRecord, wave: Wave): readonly ChronologyEvent[] {
  return membersOfWave(record, wave).events
}
