import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { ATTACK_KINDS, type EventKind } from './event-kinds.ts'
import {
  DESIRED_ORDERS,
  type DesiredOrder,
  HISTORIES,
  type History,
  luckOfAtLeast,
  type Milestone,
  MILESTONES,
  stepsOf,
  type ZeroDay,
} from './histories.ts'
import { byNominal } from './internal/nominal.ts'
import { type Interval, intervalOf } from './order.ts'

/** When a milestone was passed. `event` is the record that shows it; `null` when nothing does. */
export interface MilestoneTime extends Interval {
  readonly event: string | null
  /** `dated`: by an event; `implied`: at an unknown time up to an event that it must precede; `silent`: not on record, taken to lie after all that is. */
  readonly basis: 'dated' | 'implied' | 'silent'
}

/** What the dates say about a case in the case-state model (histories.ts). */
export interface CaseHistory {
  readonly milestones: Readonly<Record<Milestone, MilestoneTime>>
  /** The admissible histories that the dates allow. */
  readonly histories: readonly History[]
  /** For each desired ordering whether every, no or only some of these histories meet it, and the events that say so. */
  readonly desired: readonly {
    readonly order: DesiredOrder
    readonly status: 'met' | 'missed' | 'undecided'
    readonly because: readonly string[]
  }[]
  /** Zero-day patterns that all of these histories show, and those that only some do. */
  readonly zeroDays: { readonly certain: readonly ZeroDay[]; readonly possible: readonly ZeroDay[] }
  /** How many desired orderings are met, least and most. */
  readonly met: { readonly min: number; readonly max: number }
  /** How often luck alone meets at least the least and at least the most of them. A small figure for the least speaks for skill. */
  readonly luck: { readonly min: number; readonly max: number }
}

/** Which kinds of event show that a milestone was passed; the first of them counts. Nobody records deployment. */
const SHOWN_BY: Readonly<Record<Milestone, readonly EventKind[]>> = {
  V: ['reported-to-vendor', 'vendor-acknowledged'],
  F: ['fix-released'],
  D: [],
  P: ['public-disclosure', 'advisory-published', 'exploit-public', 'embargo-broken', 'partner-public-mention'],
  X: ['exploit-public'],
  A: ATTACK_KINDS,
}

/**
 * Places a case among the admissible histories. Only well-attested events count. A milestone that nothing shows: vendor awareness came at some time before what needs it,
 * deployment at some time after the fix, and the others are taken to lie after everything on record (what nobody recorded had not happened yet).
 */
export function findHistory(caseFile: Pick<CaseFile, 'events'>): CaseHistory {
  const events = caseFile.events.filter((event) => event.confidence !== 'low').sort(byNominal)
  const milestones = milestonesOf(events)
  const fitting = HISTORIES.filter((history) => allows(history.order, milestones))
  // Dates that admit no history at all contradict the model (a fix before the vendor knew, say): then nothing is ruled out.
  const histories = fitting.length > 0 ? fitting : HISTORIES
  const counts = histories.map((history) => history.desired.length)
  const met = { min: Math.min(...counts), max: Math.max(...counts) }
  const shownBy = (pattern: ZeroDay): number => histories.filter((each) => each.zeroDays.includes(pattern)).length
  const patterns = [...new Set(HISTORIES.flatMap((history) => history.zeroDays))].sort()
  return {
    milestones,
    histories,
    desired: DESIRED_ORDERS.map((order) => ({
      order,
      status: statusOf(order, histories),
      because: stepsOf(order).flatMap((name) => milestones[name].event ?? []),
    })),
    zeroDays: {
      certain: patterns.filter((pattern) => shownBy(pattern) === histories.length),
      possible: patterns.filter((pattern) => shownBy(pattern) > 0 && shownBy(pattern) < histories.length),
    },
    met,
    luck: { min: luckOfAtLeast(met.min), max: luckOfAtLeast(met.max) },
  }
}

function statusOf(order: DesiredOrder, histories: readonly History[]): 'met' | 'missed' | 'undecided' {
  const meeting = histories.filter((history) => history.desired.includes(order)).length
  if (meeting === histories.length) return 'met'
  return meeting === 0 ? 'missed' : 'undecided'
}

function milestonesOf(events: readonly ChronologyEvent[]): Readonly<Record<Milestone, MilestoneTime>> {
  const dated = new Map(MILESTONES.map((milestone) => [milestone, firstOf(events, SHOWN_BY[milestone])]))
  const onRecord = [...dated.values()].flatMap((time) => time ?? [])
  const afterAll = Math.max(-Infinity, ...onRecord.map((time) => time.earliest))
  const silent: MilestoneTime = { earliest: afterAll, latest: Infinity, event: null, basis: 'silent' }
  const of = (milestone: Milestone): MilestoneTime => dated.get(milestone) ?? silent
  const known: MilestoneTime = { earliest: -Infinity, latest: Infinity, event: null, basis: 'implied' }
  return { V: dated.get('V') ?? known, F: of('F'), D: deployment(of('F')), P: of('P'), X: of('X'), A: of('A') }
}

function deployment(fix: MilestoneTime): MilestoneTime {
  return { earliest: fix.earliest, latest: Infinity, event: fix.event, basis: 'implied' }
}

/** The instant of the first event of these kinds: not before the earliest start, not after the earliest end. */
function firstOf(events: readonly ChronologyEvent[], kinds: readonly EventKind[]): MilestoneTime | null {
  const found = events.filter((event) => kinds.includes(event.kind))
  const [first] = found
  if (first === undefined) return null
  const intervals = found.map(intervalOf)
  return {
    earliest: Math.min(...intervals.map((interval) => interval.earliest)),
    latest: Math.min(...intervals.map((interval) => interval.latest)),
    event: first.id,
    basis: 'dated',
  }
}

/** Whether the milestones can have been passed in this order: each not before the one before it. Events at one time fit either way. */
function allows(order: string, milestones: Readonly<Record<Milestone, MilestoneTime>>): boolean {
  let reached = -Infinity
  for (const name of stepsOf(order)) {
    const { earliest, latest } = milestones[name]
    reached = Math.max(reached, earliest)
    if (reached > latest) return false
  }
  return true
}
