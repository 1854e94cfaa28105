import type { ChronologyEvent } from '../case-file.ts'
import type { EventKind } from '../event-kinds.ts'
import { type ExplanationId, explanation as explanationOf } from '../explanations.ts'
import { DAY } from '../instant.ts'
import type { Interval } from '../order.ts'
import {
  AUTHOR_RATIO,
  COMMIT_AS_FIX_FACTOR,
  CONTENT_RATIOS,
  EXTRA_ACTOR_FACTOR,
  EXTRA_ACTOR_FLOOR,
  LOW_CONFIDENCE_FACTOR,
  NO_TRACE_FACTOR,
  type Prior,
  REPLACED_FIX_FACTOR,
  SECOND_DISCOVERY,
  UNLISTED_PER_YEAR,
  UNNOTICED_USE_PER_YEAR,
  UNRECORDED_FACTOR,
  UNRECORDED_PUBLIC_FACTOR,
} from '../priors.ts'
import type { Wave } from '../waves.ts'
import { candidates, lastFirst } from './candidates.ts'
import { isReplaced, sameParty } from './parties.ts'
import { lagDensity } from './lag.ts'
import { type EventRecord, eventsOf, membersOfWave } from './record.ts'
import type { Finding } from './requirement.ts'

const DAYS_PER_YEAR = 365.25
const MENTIONS: readonly EventKind[] = ['partner-public-mention']
const NONE: ReadonlySet<string> = new Set()

/** Something that can have brought a wave about: an event, or an earlier wave under the name of its first event. */
interface Cause {
  readonly id: string
  readonly at: Interval
}

interface Route {
  readonly probability: number
  readonly meanLagDays: number
}

/** The weight of an explanation for a wave, as the natural logarithm of a rate per day, and the events that carry it. */
export interface Weight {
  readonly log: number
  readonly because: readonly string[]
}

/**
 * How strongly an explanation, if it can hold at all, presses towards a wave at the time it began: competing hazards. Of several causes the strongest counts
 * (not their sum), so that a fact told by two sources is not counted twice.
 */
export function weigh(prior: Prior, finding: Finding | null, wave: Wave, record: EventRecord): Weight {
  const timing = timingOf(prior, finding, wave, record)
  return { log: timing.log + Math.log(contentRatio(prior.explanation, wave, record)), because: timing.because }
}

function timingOf(prior: Prior, finding: Finding | null, wave: Wave, record: EventRecord): Weight {
  const { explanation, tempo } = prior
  if (explanation === 'attacker-prior-use' && tempo.form === 'route') {
    const base = UNNOTICED_USE_PER_YEAR
    return aboveRate(
      base,
      strongest(
        () => earlierWaves(wave, record),
        () => 1,
        tempo,
        statedStart(wave, record),
      ),
      wave,
    )
  }
  if (tempo.form === 'rate') {
    const finds = explanation === 'third-party-rediscovery' ? record.secondDiscoveries : []
    const causes = finds.filter((event) => !wave.events.includes(event.id))
    const best = strongest(() => causes.toReversed(), confidenceFactor, SECOND_DISCOVERY, statedStart(wave, record))
    return aboveRate(tempo.perYear, best, wave)
  }
  const open = tempo.probability / tempo.meanLagDays
  if (finding === null || finding.basis === 'unrecorded')
    return { log: Math.log(open * unrecordedFactor(explanation)), because: [] }
  if (finding.basis === 'open') return { log: Math.log(open), because: finding.events.map((event) => event.id) }
  const factorOf = (event: ChronologyEvent): number =>
    confidenceFactor(event) * (explanation === 'patch-diffing' ? fixFactor(event, wave, record) : 1)
  const best = strongest((stop) => inTimeOf(finding, stop), factorOf, tempo, statedStart(wave, record))
  const value = best.value * traceFactor(explanation, wave, record)
  return { log: Math.log(Math.max(value, Number.MIN_VALUE)), because: nearest(finding.events, best.because) }
}

/** How much of the flaw a fix shows: a commit counts elsewhere already, and a fix that was replaced later left something open. */
function fixFactor(event: ChronologyEvent, wave: Wave, record: EventRecord): number {
  if (event.kind === 'patch-commit-public') return COMMIT_AS_FIX_FACTOR
  return isReplaced(event, wave.start, record.replacedFixes) ? REPLACED_FIX_FACTOR : 1
}

/** A constant rate, or the strongest recorded cause where that presses harder. */
function aboveRate(perYear: number, best: Strongest, wave: Wave): Weight {
  const base = (perYear / DAYS_PER_YEAR) * crowdFactor(wave)
  if (best.value > base) return { log: Math.log(best.value), because: [best.because] }
  return { log: Math.log(base), because: [] }
}

function confidenceFactor(event: ChronologyEvent): number {
  return event.confidence === 'low' ? LOW_CONFIDENCE_FACTOR : 1
}

/** The wave's start with the stated bounds of its events in place of open ones: densities need an end. */
function statedStart(wave: Wave, record: EventRecord): Interval {
  const known = record.starts.get(wave)
  if (known !== undefined) return known
  const events = eventsOf(record, wave)
  const earliest = Number.isFinite(wave.start.earliest)
    ? wave.start.earliest
    : Math.min(...events.map((event) => event.at.earliest))
  const latest = Number.isFinite(wave.start.latest)
    ? wave.start.latest
    : Math.max(...events.map((event) => event.at.latest))
  const start = { earliest, latest: Math.max(earliest, latest) }
  record.starts.set(wave, start)
  return start
}

function* earlierWaves(wave: Wave, record: EventRecord): Generator<Cause> {
  for (const other of record.waves.toReversed()) {
    if (other.kind !== 'attack' || other.doubtful || other.id === wave.id) continue
    if (other.start.earliest >= wave.start.earliest || other.start.latest > wave.start.latest) continue
    yield { id: other.events[0] ?? '', at: statedStart(other, record) }
  }
}

interface Strongest {
  readonly value: number
  readonly because: string
}

/** The events in time, the last first, up to where `stop` says that nothing reaches the wave any more. */
function inTimeOf(finding: Finding, stop: (reach: number) => boolean): Iterable<ChronologyEvent> {
  return finding.inTime === null ? finding.events.toReversed() : lastFirst(finding.inTime, stop)
}

/**
 * The cause with the largest density at the effect; of equal ones the last. A cause whose least possible delay is so long that even with the factor 1 it could not be the best
 * is passed over by comparing days alone, and the search stops where no earlier cause reaches further.
 */
function strongest<C extends Cause>(
  lastCausesFirst: (stop: (reach: number) => boolean) => Iterable<C>,
  factorOf: (cause: C) => number,
  route: Route,
  effect: Interval,
): Strongest {
  let best: Strongest = { value: 0, because: '' }
  let longest = Infinity
  const tooLong = (latest: number): boolean => (effect.earliest - latest) / DAY >= longest
  for (const cause of lastCausesFirst(tooLong)) {
    if (tooLong(cause.at.latest)) continue
    const value = route.probability * factorOf(cause) * lagDensity(cause.at, effect, route.meanLagDays)
    if (value <= best.value) continue
    best = { value, because: cause.id }
    longest = route.meanLagDays * Math.log(route.probability / (route.meanLagDays * value))
  }
  return best
}

/** The weight of "none of the listed", as a logarithm: crowds of actors speak against it as they do against independent finds. */
export function unlistedLog(wave: Wave): number {
  return Math.log((UNLISTED_PER_YEAR / DAYS_PER_YEAR) * crowdFactor(wave))
}

/** Several groups at once speak against accounts in which each found its own way. */
function crowdFactor(wave: Wave): number {
  return Math.max(EXTRA_ACTOR_FLOOR, EXTRA_ACTOR_FACTOR ** (wave.actors - 1))
}

function contentRatio(id: ExplanationId, wave: Wave, record: EventRecord): number {
  const kinds = membersOfWave(record, wave).attestedKinds
  return CONTENT_RATIOS.filter((content) => kinds.has(content.kind) && content.favours.includes(id)).reduce(
    (product, content) => product * content.ratio,
    authorRatio(id, wave, record),
  )
}

/** Whether the first to publish in an exposure was the finder: an exposure of that kind comes from the finder's side by its own author. */
function authorRatio(id: ExplanationId, wave: Wave, record: EventRecord): number {
  if (id !== 'finder-side-leak' || wave.kind !== 'exposure' || record.finder === undefined) return 1
  const first = eventsOf(record, wave).find((event) => event.confidence !== 'low')
  if (first === undefined || first.kind === 'leak-confirmed') return 1
  return first.id === record.finder.id || sameParty(first, record.finder) ? AUTHOR_RATIO : 1
}

function unrecordedFactor(id: ExplanationId): number {
  const hidden = explanationOf(id).requires?.whenUnrecorded !== 'excluded-if-publication-recorded'
  return hidden ? UNRECORDED_FACTOR : UNRECORDED_PUBLIC_FACTOR
}

/** Outside exposures (where the wave itself is the trace) a publication by mistake should have left one. */
function traceFactor(id: ExplanationId, wave: Wave, record: EventRecord): number {
  if (wave.kind === 'exposure') return 1
  if (id === 'vendor-accidental-publication') return NO_TRACE_FACTOR
  if (id !== 'partner-accidental-publication') return 1
  const mentions = candidates(MENTIONS, wave, NONE, record)
  return lastFirst(mentions).next().done === true ? NO_TRACE_FACTOR : 1
}

/** The strongest cause first, then the next latest ones, three at most. */
function nearest(events: readonly ChronologyEvent[], best: string): readonly string[] {
  const others = events
    .slice(-4)
    .map((event) => event.id)
    .filter((id) => id !== best)
  return [...(best === '' ? [] : [best]), ...others.toReversed()].slice(0, 3)
}
