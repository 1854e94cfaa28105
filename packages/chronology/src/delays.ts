import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { CORPUS_DELAYS } from './corpus-delays.ts'
import { contradictions } from './disputes.ts'
import { ATTACK_KINDS, type EventKind } from './event-kinds.ts'
import { DAY, startOfDay } from './instant.ts'
import { byNominal, filedBefore, nominalOf } from './internal/nominal.ts'
import { daysBetween, type Interval, intervalOf } from './order.ts'
import type { ReportDelay } from './report.ts'

interface Definition {
  readonly id: string
  readonly from: readonly EventKind[]
  readonly to: readonly EventKind[]
  /** `after-from`: the first such event filed on or after the day of `from`. */
  readonly which: 'first' | 'after-from'
}

const DELAYS: readonly Definition[] = [
  { id: 'discovery-to-report', from: ['discovered'], to: ['reported-to-vendor'], which: 'first' },
  { id: 'report-to-hand-over', from: ['reported-to-vendor'], to: ['shared-with-partners'], which: 'first' },
  { id: 'report-to-patch', from: ['reported-to-vendor'], to: ['fix-released'], which: 'first' },
  { id: 'hand-over-to-patch', from: ['shared-with-partners'], to: ['fix-released'], which: 'first' },
  { id: 'hand-over-to-first-attack', from: ['shared-with-partners'], to: ATTACK_KINDS, which: 'after-from' },
  { id: 'first-attack-to-patch', from: ATTACK_KINDS, to: ['fix-released'], which: 'first' },
  { id: 'patch-to-public-exploit', from: ['fix-released'], to: ['exploit-public'], which: 'after-from' },
  { id: 'patch-to-mass-exploitation', from: ['fix-released'], to: ['mass-exploitation'], which: 'after-from' },
]

/**
 * The durations that investigators ask for, between the first well-attested events of each kind (low confidence is passed over); a delay whose events are not
 * recorded is left out. `everyReading` lets each end take any date that a contradicting event gives it; `corpus` compares with the known cases.
 */
export function findDelays(caseFile: Pick<CaseFile, 'events'> & Partial<Pick<CaseFile, 'id'>>): readonly ReportDelay[] {
  const events = [...caseFile.events].sort(byNominal)
  const solid = events.filter((event) => event.confidence !== 'low')
  const rivals = contradictions(events)
  const byId = new Map(events.map((event) => [event.id, event]))
  const readingsOf = (event: ChronologyEvent): Interval => {
    const same = [...(rivals.get(event.id) ?? [])].flatMap((id) => byId.get(id) ?? [])
    const all = [event, ...same.filter((rival) => rival.kind === event.kind)].map(intervalOf)
    return {
      earliest: Math.min(...all.map((interval) => interval.earliest)),
      latest: Math.max(...all.map((interval) => interval.latest)),
    }
  }
  return DELAYS.flatMap((definition): readonly ReportDelay[] => {
    const from = solid.find((event) => definition.from.includes(event.kind))
    if (from === undefined) return []
    const to = solid
      .filter((event) => definition.to.includes(event.kind))
      .find((event) => definition.which === 'first' || !filedBefore(nominalOf(event), nominalOf(from)))
    if (to === undefined) return []
    const calendarDays = (startOfDay(nominalOf(to).at) - startOfDay(nominalOf(from).at)) / DAY
    return [
      {
        id: definition.id,
        from: from.id,
        to: to.id,
        days: closed(daysBetween(intervalOf(from), intervalOf(to))),
        calendarDays,
        corpus: compared(definition.id, calendarDays, caseFile.id),
        everyReading: closed(daysBetween(readingsOf(from), readingsOf(to))),
      },
    ]
  })
}

/** The delay among those of the corpus, the case itself left out; `null` when no other case has it. */
function compared(id: string, days: number, caseId: string | undefined): ReportDelay['corpus'] {
  const others = (CORPUS_DELAYS[id] ?? []).filter((each) => each.caseId !== caseId).map((each) => each.days)
  if (others.length === 0) return null
  const sorted = others.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return { cases: sorted.length, shorter: sorted.filter((other) => other < days).length, median }
}

function closed(days: { readonly min: number; readonly max: number }): ReportDelay['days'] {
  return { min: rounded(days.min), max: rounded(days.max) }
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null
}
