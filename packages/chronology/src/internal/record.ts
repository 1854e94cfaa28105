import type { ChronologyEvent } from '../case-file.ts'
import { contradictions } from '../disputes.ts'
import type { EventKind } from '../event-kinds.ts'
import type { Wave } from '../waves.ts'
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
  /** Lists that ofKinds has already put together. */
  readonly merged: Map<readonly EventKind[], readonly ChronologyEvent[]>
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

export function eventsOf(record: EventRecord, wave: Wave): readonly ChronologyEvent[] {
  return wave.events.flatMap((id) => record.byId.get(id) ?? [])
}
