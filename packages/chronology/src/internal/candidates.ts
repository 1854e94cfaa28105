import type { ChronologyEvent } from '../case-file.ts'
import type { EventKind } from '../event-kinds.ts'
import { intervalOf } from '../order.ts'
import type { Wave } from '../waves.ts'
import { type EventRecord, ofKinds } from './record.ts'

/** Instants of a list of events in nominal order, put side by side once so that a search can stop early. */
export interface Instants {
  /** Earliest instant of each event, with placeholder bounds open. */
  readonly earliest: Float64Array
  /** Least of `earliest` from here to the end: past the first that is too late, all are. */
  readonly leastFrom: Float64Array
  /** Greatest stated latest instant from the beginning to here: nothing before reaches further. */
  readonly reach: Float64Array
}

/** The events of some kinds that are not certainly after a wave's start. */
export interface Candidates {
  readonly events: readonly ChronologyEvent[]
  readonly instants: Instants
  readonly until: number
  readonly own: ReadonlySet<string>
}

/** @param own ids that may not serve */
export function candidates(
  kinds: readonly EventKind[],
  wave: Wave,
  own: ReadonlySet<string>,
  record: EventRecord,
): Candidates {
  return { events: ofKinds(record, kinds), instants: instantsOf(kinds, record), until: wave.start.latest, own }
}

/** The candidates from the last to the first (the test of `before`), until `stop` says that nothing further back matters. */
export function* lastFirst(
  { events, instants, until, own }: Candidates,
  stop: (reach: number) => boolean = () => false,
): Generator<ChronologyEvent> {
  for (let i = endOf(instants.leastFrom, until) - 1; i >= 0; i--) {
    if (stop(instants.reach[i] ?? Infinity)) return
    const event = events[i]
    if (event !== undefined && (instants.earliest[i] ?? Infinity) <= until && !own.has(event.id)) yield event
  }
}

/** The first place from which on every event is too late. */
function endOf(leastFrom: Float64Array, until: number): number {
  let [low, high] = [0, leastFrom.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((leastFrom[middle] ?? Infinity) > until) high = middle
    else low = middle + 1
  }
  return low
}

function instantsOf(kinds: readonly EventKind[], record: EventRecord): Instants {
  const known = record.instants.get(kinds)
  if (known !== undefined) return known
  const events = ofKinds(record, kinds)
  const earliest = Float64Array.from(events, (event) => intervalOf(event).earliest)
  const leastFrom = Float64Array.from(earliest)
  for (let i = leastFrom.length - 2; i >= 0; i--) {
    leastFrom[i] = Math.min(leastFrom[i] ?? Infinity, leastFrom[i + 1] ?? Infinity)
  }
  const reach = Float64Array.from(events, (event) => event.at.latest)
  for (let i = 1; i < reach.length; i++) reach[i] = Math.max(reach[i] ?? -Infinity, reach[i - 1] ?? -Infinity)
  const instants = { earliest, leastFrom, reach }
  record.instants.set(kinds, instants)
  return instants
}
