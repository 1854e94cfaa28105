import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { contradictions } from './disputes.ts'
import { ChronologyError } from './errors.ts'
import { ATTACK_KINDS, type EventKind, EXPOSURE_KINDS } from './event-kinds.ts'
import { DAY } from './instant.ts'
import { byNominal, type Nominal, nominalOf, passedBy, passesAt } from './internal/nominal.ts'
import { secondDiscoveries, tellingWords } from './internal/parties.ts'
import { type Interval, intervalOf } from './order.ts'

/** What a wave is made of: attacks; knowledge or code coming out; or a second party finding the flaw. */
export type WaveKind = 'attack' | 'exposure' | 'rediscovery'

/** Turning points that separate waves: every hand-over, the first fix, the first public details, the first public exploit. */
export type Boundary = 'hand-over' | 'patch' | 'public-details' | 'public-exploit'

/** How events are grouped. */
export interface WaveOptions {
  /** Events further apart than this (nominal dates, in days) belong to different waves. Default 22: the median time to build an exploit for a known flaw (RAND RR1751, 2017). */
  readonly gapDays?: number
  /** Default: all four. Between exposures only hand-overs and the first fix count. */
  readonly boundaries?: readonly Boundary[]
  /** Keeps attacks of different actors or techniques in different waves. Default: neither. Events that name no actor (or technique) stay together. */
  readonly splitBy?: readonly WaveSplit[]
}

/** What may tell attacks apart: the event's actor, or its `technique` (a field beside those of the format). */
export type WaveSplit = 'actor' | 'technique'

/**
 * Events that belong together and are explained together. `start` holds the instant of the wave's first event under every reading of disputed dates;
 * `doubtful` waves rest on events of low confidence only; `actors` is the least number of distinct actors.
 * Ids: W1, W2… attacks, D1… doubtful attacks, X1… exposures, R1… second discoveries.
 */
export interface Wave {
  readonly id: string
  readonly kind: WaveKind
  readonly doubtful: boolean
  readonly start: Interval
  readonly events: readonly string[]
  readonly actors: number
  /** With `splitBy`: what the wave's events have in common, such as `actor: cl0p`; else `null`. */
  readonly by: string | null
}

/** The default of `gapDays`. */
export const DEFAULT_GAP_DAYS: number = 22

const ALL_BOUNDARIES: readonly Boundary[] = ['hand-over', 'patch', 'public-details', 'public-exploit']
const BOUNDARY_KINDS: Readonly<Record<Boundary, EventKind>> = {
  'hand-over': 'shared-with-partners',
  patch: 'fix-released',
  'public-details': 'public-disclosure',
  'public-exploit': 'exploit-public',
}
/** A doubtful event joins a wave when its dispute partner there is at most this far away. */
const SAME_SIGHTING_DAYS = 7

/**
 * Groups a case's events into waves, in the order of their dates. Grouping rests on nominal dates, kinds, confidence and declared contradictions only, so that
 * widening an interval (its old date kept as `nominal`) leaves the waves as they are.
 * @throws ChronologyError `bad-option` when gapDays is not a positive number or splitBy names something else
 */
export function findWaves(caseFile: Pick<CaseFile, 'events'>, options: WaveOptions = {}): readonly Wave[] {
  const gap = (options.gapDays ?? DEFAULT_GAP_DAYS) * DAY
  if (!(gap > 0)) throw new ChronologyError('bad-option', `gapDays: expected a number of days above 0`)
  const unknown = options.splitBy?.find((name) => name !== 'actor' && name !== 'technique')
  if (unknown !== undefined)
    throw new ChronologyError('bad-option', `splitBy: ${String(unknown)} is not actor or technique`)
  const boundaries = options.boundaries ?? ALL_BOUNDARIES
  const events = [...caseFile.events].sort(byNominal)
  const edges = contradictions(events)
  const byId = new Map(events.map((event) => [event.id, event]))
  const plain: Grouping = { gap, edges, byId, labelOf: () => null }
  const split: Grouping = { ...plain, labelOf: (event) => labelOf(event, options.splitBy ?? []) }
  const quiet = boundaries.filter((name) => name === 'hand-over' || name === 'patch')
  return [
    ...wavesOf('attack', attacks(events), turningPoints(events, boundaries), split),
    ...wavesOf('exposure', exposures(events), turningPoints(events, quiet), plain),
    ...wavesOf('rediscovery', secondDiscoveries(events), turningPoints(events, quiet), plain),
  ].sort((a, b) => a.start.earliest - b.start.earliest || (a.id < b.id ? -1 : 1))
}

interface Grouping {
  readonly gap: number
  readonly edges: ReadonlyMap<string, ReadonlySet<string>>
  readonly byId: ReadonlyMap<string, ChronologyEvent>
  /** Events with different labels never share a wave. */
  readonly labelOf: (event: ChronologyEvent) => string | null
}

function labelOf(event: ChronologyEvent, splitBy: readonly WaveSplit[]): string | null {
  const technique = event.extra['technique']
  const parts = {
    actor: [...tellingWords(event.actor)].sort().join(' '),
    technique: typeof technique === 'string' ? technique.trim().toLowerCase() : '',
  }
  const labels = splitBy.map((name) => `${name}: ${parts[name] === '' ? 'unknown' : parts[name]}`)
  return labels.length === 0 ? null : labels.join(', ')
}

function attacks(events: readonly ChronologyEvent[]): readonly ChronologyEvent[] {
  return events.filter((event) => ATTACK_KINDS.includes(event.kind))
}

/** Exposures, and the publications that a broken embargo refers to or contradicts. */
function exposures(events: readonly ChronologyEvent[]): readonly ChronologyEvent[] {
  const broken = events.filter((event) => event.kind === 'embargo-broken')
  const linked = new Set(broken.flatMap((event) => [...event.refs, ...event.conflictsWith]))
  const linking = new Set(broken.map((event) => event.id))
  return events.filter((event) => {
    if (EXPOSURE_KINDS.includes(event.kind)) return true
    if (event.kind !== 'public-disclosure') return false
    return linked.has(event.id) || event.conflictsWith.some((id) => linking.has(id))
  })
}

function turningPoints(events: readonly ChronologyEvent[], names: readonly Boundary[]): readonly number[] {
  const points = names.flatMap((name) => {
    const found = events.filter((event) => event.kind === BOUNDARY_KINDS[name] && event.confidence !== 'low')
    return (name === 'hand-over' ? found : found.slice(0, 1)).map((event): Nominal => nominalOf(event))
  })
  return points.map(passedBy).sort((a, b) => a - b)
}

function wavesOf(
  kind: WaveKind,
  events: readonly ChronologyEvent[],
  points: readonly number[],
  context: Grouping,
): readonly Wave[] {
  const solid = cluster(
    events.filter((event) => event.confidence !== 'low'),
    points,
    context,
  )
  const strays: ChronologyEvent[] = []
  for (const event of events.filter((candidate) => candidate.confidence === 'low')) {
    const home = solid.find((group) => belongs(event, group, points, context))
    if (home === undefined) strays.push(event)
    else home.push(event)
  }
  const doubtful = cluster(strays, points, context)
  const letter = { attack: 'W', exposure: 'X', rediscovery: 'R' }[kind]
  return [
    ...solid.map((group, i) => wave(kind, `${letter}${i + 1}`, false, group, context)),
    ...doubtful.map((group, i) => wave(kind, `D${kind === 'attack' ? '' : letter}${i + 1}`, true, group, context)),
  ]
}

/** Splits at turning points and labels first and at gaps second; events come in nominal order. */
function cluster(
  events: readonly ChronologyEvent[],
  points: readonly number[],
  { gap, labelOf: label }: Grouping,
): ChronologyEvent[][] {
  const groups: ChronologyEvent[][] = []
  const open = new Map<string, ChronologyEvent[]>()
  for (const event of events) {
    const key = `${periodOf(event, points)} ${label(event) ?? ''}`
    const group = open.get(key)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && nominalOf(event).at - nominalOf(last).at <= gap) {
      group.push(event)
      continue
    }
    const fresh = [event]
    open.set(key, fresh)
    groups.push(fresh)
  }
  return groups
}

/** How many turning points had passed (they come sorted): an event on the day of one counts as after it, for it may have used it. */
function periodOf(event: ChronologyEvent, points: readonly number[]): number {
  const at = passesAt(nominalOf(event))
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle] ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** A doubtful event joins a solid wave that it falls within, or in which another source dates the same sighting. */
function belongs(
  event: ChronologyEvent,
  group: readonly ChronologyEvent[],
  points: readonly number[],
  context: Grouping,
): boolean {
  const first = group[0]
  const last = group.findLast((member) => member.confidence !== 'low')
  if (first === undefined || last === undefined) return false
  if (periodOf(event, points) !== periodOf(first, points)) return false
  if (context.labelOf(event) !== context.labelOf(first)) return false
  const at = nominalOf(event).at
  if (at >= nominalOf(first).at && at <= nominalOf(last).at) return true
  const rivals = context.edges.get(event.id)
  if (rivals === undefined) return false
  return group.some(
    (member) => rivals.has(member.id) && Math.abs(nominalOf(member).at - at) <= SAME_SIGHTING_DAYS * DAY,
  )
}

function wave(kind: WaveKind, id: string, doubtful: boolean, members: ChronologyEvent[], context: Grouping): Wave {
  const events = [...members].sort(byNominal)
  return {
    id,
    kind,
    doubtful,
    start: startOf(events, context),
    events: events.map((event) => event.id),
    actors: Math.max(1, ...events.map((event) => event.actorCount ?? 1)),
    by: events[0] === undefined ? null : context.labelOf(events[0]),
  }
}

/**
 * The instant of the first event under every reading. An event bounds the start from above unless it may be wrong: then the latest date that its rivals in the
 * wave give takes its place, and with a later rival outside the wave it gives no bound. An earlier rival does not undo a later sighting.
 */
function startOf(members: readonly ChronologyEvent[], context: Grouping): Interval {
  const inside = new Set(members.map((event) => event.id))
  const earliest = Math.min(...members.map((event) => intervalOf(event).earliest))
  const solid = members.filter((event) => event.confidence !== 'low')
  const bounds = (solid.length > 0 ? solid : members).map((event) => {
    const rivals = [...(context.edges.get(event.id) ?? [])].flatMap((id) => context.byId.get(id) ?? [])
    const laterOutside = rivals.some((rival) => !inside.has(rival.id) && byNominal(event, rival) < 0)
    if (laterOutside) return Infinity
    const within = rivals.filter((rival) => inside.has(rival.id))
    return Math.max(...[event, ...within].map((candidate) => intervalOf(candidate).latest))
  })
  // Of doubtful members only one need be right: none of them may narrow what another leaves open.
  const latest = solid.length > 0 ? Math.min(...bounds) : Math.max(...bounds)
  if (latest < Infinity) return { earliest, latest }
  return { earliest, latest: Math.max(...members.map((event) => intervalOf(event).latest)) }
}
