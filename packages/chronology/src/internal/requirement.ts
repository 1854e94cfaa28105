import type { ChronologyEvent } from '../case-file.ts'
import { PUBLICATION_KINDS } from '../event-kinds.ts'
import type { Requirement } from '../explanations.ts'
import { plainDay } from '../instant.ts'
import { before, intervalOf } from '../order.ts'
import type { Wave } from '../waves.ts'
import { type Candidates, candidates, lastFirst } from './candidates.ts'
import { type EventRecord, ofKinds } from './record.ts'

/** Whether a requirement can have been met before a wave began, and what shows it. */
export interface Finding {
  readonly status: 'excluded' | 'possible'
  /** `dated`: an event before the wave; `open`: met at an unknown time; `unrecorded`: nothing on record speaks of it; `late`: only after the wave began; `absent`: not on a record that would show it. */
  readonly basis: 'dated' | 'open' | 'unrecorded' | 'late' | 'absent'
  /** The events that show it; of those in time the last four. */
  readonly events: readonly ChronologyEvent[]
  /** With basis `dated`: all that are in time. */
  readonly inTime: Candidates | null
  readonly reason: string
}

const MOST_SHOWN = 3
const MOST_CITED = 4

/**
 * Applies a requirement to a wave. Excluded only when certain under every reading of disputed dates: all dated events come after the latest possible start,
 * at least one of them stands in every reading, and nothing implies that it had happened earlier. Events of low confidence may open a possibility, never close one.
 */
export function applyRequirement(requirement: Requirement, wave: Wave, record: EventRecord): Finding {
  const own = new Set(requirement.ownEvents ? [] : wave.events)
  const inTime = candidates(requirement.anyOf, wave, own, record)
  const last = lastOf(inTime, MOST_CITED)
  if (last.length > 0) {
    const reason = reasonInTime(requirement, inTime, wave)
    return { status: 'possible', basis: 'dated', events: last, inTime, reason }
  }
  const dated = ofKinds(record, requirement.anyOf).filter((event) => !own.has(event.id))
  const implied = ofKinds(record, requirement.impliedBy)
  const opening = implied.find((event) => intervalOf(event).earliest < surelyMetBy(dated, record))
  if (opening !== undefined) {
    const reason = `${requirement.what}: at an unknown time before ${dateOf(opening)}`
    return { status: 'possible', basis: 'open', events: [opening], inTime: null, reason }
  }
  if (firstStanding(dated, record) !== undefined) {
    return {
      status: 'excluded',
      basis: 'late',
      events: dated.slice(0, MOST_SHOWN),
      inTime: null,
      reason: reasonLate(requirement, dated, wave),
    }
  }
  return whenUnrecorded(requirement, dated, record)
}

function whenUnrecorded(requirement: Requirement, dated: readonly ChronologyEvent[], record: EventRecord): Finding {
  const publications = ofKinds(record, PUBLICATION_KINDS)
  const published = firstStanding(publications, record)
  const wouldShow = requirement.whenUnrecorded === 'excluded-if-publication-recorded' && published !== undefined
  const declared = requirement.anyOf.every((kind) => record.completeFor.includes(kind))
  if (dated.length === 0 && (wouldShow || declared)) {
    const why = declared
      ? 'the record is declared complete for it'
      : `the record covers publication from ${dateOf(published)} on`
    return {
      status: 'excluded',
      basis: 'absent',
      events: published === undefined || declared ? [] : [published],
      inTime: null,
      reason: `needs ${requirement.what}; none is recorded, and ${why}`,
    }
  }
  const reason = `rests on an event that is not recorded: ${requirement.what}`
  return { status: 'possible', basis: 'unrecorded', events: dated.slice(0, MOST_SHOWN), inTime: null, reason }
}

/** The latest instant by which the earliest well-attested event lies under every reading; Infinity without one. */
function surelyMetBy(dated: readonly ChronologyEvent[], record: EventRecord): number {
  const ids = idsOf(dated)
  let earliest = Infinity
  for (const event of dated) {
    if (!standsInEveryReading(event, ids, record)) continue
    const rivals = [...(record.rivals.get(event.id) ?? [])].filter((id) => ids.has(id))
    const bounds = [event, ...rivals.flatMap((id) => record.byId.get(id) ?? [])].map((each) => intervalOf(each).latest)
    earliest = Math.min(earliest, Math.max(...bounds))
  }
  return earliest
}

/** Whether, in each reading, this event or a rival of it that also meets the requirement is held to be right. */
function standsInEveryReading(event: ChronologyEvent, ids: ReadonlySet<string>, record: EventRecord): boolean {
  if (event.confidence === 'low') return false
  const rivals = record.rivals.get(event.id)
  return rivals === undefined || [...rivals].every((id) => ids.has(id))
}

/** The first event that no reading takes away without putting another of the list in its place. */
function firstStanding(events: readonly ChronologyEvent[], record: EventRecord): ChronologyEvent | undefined {
  const ids = idsOf(events)
  return events.find((event) => standsInEveryReading(event, ids, record))
}

function idsOf(events: readonly ChronologyEvent[]): ReadonlySet<string> {
  return new Set(events.map((event) => event.id))
}

function reasonInTime(requirement: Requirement, inTime: Candidates, wave: Wave): string {
  const nearest =
    firstOf(inTime, (event) => isAttested(event) && isBefore(event, wave)) ??
    firstOf(inTime, isAttested) ??
    firstOf(inTime, (event) => isBefore(event, wave)) ??
    firstOf(inTime, () => true)
  if (nearest === undefined) return requirement.what
  const sure = before(intervalOf(nearest), wave.start) === 'certain'
  return `${requirement.what} (${dateOf(nearest)}) came ${sure ? 'before' : 'possibly before'} the wave began`
}

function isAttested(event: ChronologyEvent): boolean {
  return event.confidence !== 'low'
}

function isBefore(event: ChronologyEvent, wave: Wave): boolean {
  return before(intervalOf(event), wave.start) === 'certain'
}

/** The latest candidate of which something is true. */
function firstOf(inTime: Candidates, holds: (event: ChronologyEvent) => boolean): ChronologyEvent | undefined {
  for (const event of lastFirst(inTime)) {
    if (holds(event)) return event
  }
  return undefined
}

/** The last few candidates, in nominal order. */
function lastOf(inTime: Candidates, count: number): readonly ChronologyEvent[] {
  const last: ChronologyEvent[] = []
  for (const event of lastFirst(inTime)) {
    last.unshift(event)
    if (last.length === count) break
  }
  return last
}

function reasonLate(requirement: Requirement, dated: readonly ChronologyEvent[], wave: Wave): string {
  const first = dated.reduce((a, b) => (intervalOf(b).earliest < intervalOf(a).earliest ? b : a))
  const began = Number.isFinite(wave.start.latest) ? ` (by ${plainDay(wave.start.latest)})` : ''
  return `needs ${requirement.what}; the first (${dateOf(first)}) came after the wave had begun${began}`
}

function dateOf(event: ChronologyEvent | undefined): string {
  if (event === undefined) return 'an unknown date'
  return `${event.id}, ${plainDay(event.at.nominal ?? event.at.earliest)}`
}
