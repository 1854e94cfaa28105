import type { ChronologyEvent } from '../case-file.ts'
import { type ExplanationId, explanation as explanationOf } from '../explanations.ts'
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
import { isReplaced, sameParty } from './parties.ts'
import { lagDensity, lagDensityBound } from './lag.ts'
import { type EventRecord, eventsOf } from './record.ts'
import type { Finding } from './requirement.ts'

const DAYS_PER_YEAR = 365.25

interface Cause {
  readonly interval: Interval
  readonly factor: number
  readonly because: string
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
    return aboveRate(UNNOTICED_USE_PER_YEAR, earlierWaves(wave, record), tempo, wave, record)
  }
  if (tempo.form === 'rate') {
    const finds = explanation === 'third-party-rediscovery' ? record.secondDiscoveries : []
    const causes = finds.filter((event) => !wave.events.includes(event.id)).map(causeOf)
    return aboveRate(tempo.perYear, causes, SECOND_DISCOVERY, wave, record)
  }
  const open = tempo.probability / tempo.meanLagDays
  if (finding === null || finding.basis === 'unrecorded')
    return { log: Math.log(open * unrecordedFactor(explanation)), because: [] }
  if (finding.basis === 'open') return { log: Math.log(open), because: finding.events.map((event) => event.id) }
  const causes = finding.events.map((event) => {
    const cause = causeOf(event)
    return explanation === 'patch-diffing' ? { ...cause, factor: cause.factor * fixFactor(event, wave, record) } : cause
  })
  const best = strongest(causes, tempo, statedStart(wave, record))
  const value = best.value * traceFactor(explanation, finding, wave)
  return { log: Math.log(Math.max(value, Number.MIN_VALUE)), because: nearest(finding.events, best.because) }
}

/** How much of the flaw a fix shows: a commit counts elsewhere already, and a fix that was replaced later left something open. */
function fixFactor(event: ChronologyEvent, wave: Wave, record: EventRecord): number {
  if (event.kind === 'patch-commit-public') return COMMIT_AS_FIX_FACTOR
  return isReplaced(event, wave.start, record.replacedFixes) ? REPLACED_FIX_FACTOR : 1
}

/** A constant rate, or the strongest recorded cause where that presses harder. */
function aboveRate(perYear: number, causes: readonly Cause[], route: Route, wave: Wave, record: EventRecord): Weight {
  const base = (perYear / DAYS_PER_YEAR) * crowdFactor(wave)
  const best = strongest(causes, route, statedStart(wave, record))
  if (best.value > base) return { log: Math.log(best.value), because: [best.because] }
  return { log: Math.log(base), because: [] }
}

function causeOf(event: ChronologyEvent): Cause {
  const factor = event.confidence === 'low' ? LOW_CONFIDENCE_FACTOR : 1
  return { interval: event.at, factor, because: event.id }
}

/** The wave's start with the stated bounds of its events in place of open ones: densities need an end. */
function statedStart(wave: Wave, record: EventRecord): Interval {
  const events = eventsOf(record, wave)
  const earliest = Number.isFinite(wave.start.earliest)
    ? wave.start.earliest
    : Math.min(...events.map((event) => event.at.earliest))
  const latest = Number.isFinite(wave.start.latest)
    ? wave.start.latest
    : Math.max(...events.map((event) => event.at.latest))
  return { earliest, latest: Math.max(earliest, latest) }
}

function earlierWaves(wave: Wave, record: EventRecord): readonly Cause[] {
  return record.waves
    .filter((other) => other.kind === 'attack' && !other.doubtful && other.id !== wave.id)
    .filter((other) => other.start.earliest < wave.start.earliest && other.start.latest <= wave.start.latest)
    .map((other) => ({ interval: statedStart(other, record), factor: 1, because: other.events[0] ?? '' }))
}

function strongest(causes: readonly Cause[], route: Route, effect: Interval): { value: number; because: string } {
  let best = { value: 0, because: '' }
  for (const cause of causes.toReversed()) {
    const scale = route.probability * cause.factor
    if (scale * lagDensityBound(cause.interval, effect, route.meanLagDays) <= best.value) continue
    const value = scale * lagDensity(cause.interval, effect, route.meanLagDays)
    if (value > best.value) best = { value, because: cause.because }
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
  const kinds = new Set(
    eventsOf(record, wave)
      .filter((event) => event.confidence !== 'low')
      .map((event) => event.kind),
  )
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
function traceFactor(id: ExplanationId, finding: Finding, wave: Wave): number {
  if (wave.kind === 'exposure') return 1
  if (id === 'vendor-accidental-publication') return NO_TRACE_FACTOR
  if (id !== 'partner-accidental-publication') return 1
  return finding.events.some((event) => event.kind === 'partner-public-mention') ? 1 : NO_TRACE_FACTOR
}

/** The strongest cause first, then the next latest ones, three at most. */
function nearest(events: readonly ChronologyEvent[], best: string): readonly string[] {
  const others = events.map((event) => event.id).filter((id) => id !== best)
  return [...(best === '' ? [] : [best]), ...others.toReversed()].slice(0, 3)
}
