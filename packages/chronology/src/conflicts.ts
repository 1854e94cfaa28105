import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { ordersOf } from './declared-orders.ts'
import { disputes } from './disputes.ts'
import type { EventKind } from './event-kinds.ts'
import { ATTACK_KINDS } from './event-kinds.ts'
import { plainDay } from './instant.ts'
import { byNominal } from './internal/nominal.ts'
import { before, intervalOf } from './order.ts'
import type { ReportConflict } from './report.ts'
import { checkOrders } from './temporal-network.ts'

/** Orders that no history can break: the first must not come certainly after the second. */
const FIXED_ORDERS: readonly (readonly [EventKind, readonly EventKind[]])[] = [
  ['vulnerability-introduced', ['discovered', 'reported-to-vendor', 'fix-released', ...ATTACK_KINDS]],
]

/** The events of a case; `extra` may declare orders. */
type CaseInput = Pick<CaseFile, 'events'> & Partial<Pick<CaseFile, 'extra'>>

/**
 * Contradictions of a case: groups of events whose sources disagree (declared by `conflicts_with`), and orders that cannot be: fixed ones, and those that
 * the case file declares, with the smallest set of events that contradict each other. Nothing is dropped.
 * An order counts as impossible only if every event of the first kind comes certainly after the second.
 */
export function findConflicts(caseFile: CaseInput): readonly ReportConflict[] {
  const byId = new Map(caseFile.events.map((event) => [event.id, event]))
  const declared = disputes(caseFile.events).map((group): ReportConflict => {
    const events = group.flatMap((id) => byId.get(id) ?? []).sort(byNominal)
    return { kind: 'sources', events: events.map((event) => event.id), says: events.map(claim).join('; ') }
  })
  return [...declared, ...brokenOrders(caseFile.events), ...brokenDeclarations(caseFile)]
}

/** The smallest contradiction between the dates and the orders that the case file declares. */
function brokenDeclarations(caseFile: CaseInput): readonly ReportConflict[] {
  const found = checkOrders(caseFile.events, ordersOf({ extra: caseFile.extra ?? {} }))
  if (found.consistent) return []
  const byId = new Map(caseFile.events.map((event) => [event.id, event]))
  const claims = found.events.flatMap((id) => byId.get(id) ?? []).map(claim)
  const orders = found.orders.map(({ first, second, minDays, maxDays, source }) => {
    const most = maxDays === null ? '' : ` and at most ${maxDays}`
    return `${second} is said to come at least ${minDays}${most} days after ${first} (${source === '' ? 'no source given' : source})`
  })
  return [{ kind: 'order', events: found.events, says: `cannot all be true: ${[...claims, ...orders].join('; ')}` }]
}

function brokenOrders(events: readonly ChronologyEvent[]): readonly ReportConflict[] {
  return FIXED_ORDERS.flatMap(([first, laterKinds]) => {
    const firsts = events.filter((event) => event.kind === first).sort(byNominal)
    const earliest = firsts[0]
    if (earliest === undefined) return []
    return events
      .filter((event) => laterKinds.includes(event.kind))
      .filter((event) => firsts.every((each) => before(intervalOf(each), intervalOf(event)) === 'impossible'))
      .sort(byNominal)
      .map((event): ReportConflict => {
        const says = `${claim(event)}, yet the first ${first} on record is ${claim(earliest)}`
        return { kind: 'order', events: [event.id, earliest.id], says }
      })
  })
}

function claim(event: ChronologyEvent): string {
  const day = plainDay(event.at.nominal ?? event.at.earliest)
  return `${event.id} ${event.kind} ${day} (${event.source.publisher ?? event.source.title}, ${event.confidence})`
}
