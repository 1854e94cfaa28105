import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { findHistory } from './case-history.ts'
import { alignClocks, clocksOf } from './clocks.ts'
import { findConflicts } from './conflicts.ts'
import { findDelays } from './delays.ts'
import { applyReading, type Reading, readings } from './disputes.ts'
import { ChronologyError } from './errors.ts'
import type { EventKind } from './event-kinds.ts'
import { EXPLANATION_IDS, type ExplanationId } from './explanations.ts'
import { formatInstant } from './instant.ts'
import { assess, concerns, type Pass, priorFor } from './internal/assess.ts'
import {
  type Weights,
  carriedByContent,
  decisivePriors,
  judge,
  leadingGroup,
  membersOf,
  unseparated,
  posteriors,
} from './internal/judge.ts'
import { counterparts, leaveOut } from './internal/leave-out.ts'
import { checkOptions, type Settings } from './internal/options.ts'
import { wouldSettle } from './internal/would-settle.ts'
import type { Prior } from './priors.ts'
import type { ChronologyReport, ReportExplanation, ReportHistory, ReportWave, Verdict } from './report.ts'
import type { Wave, WaveKind, WaveOptions } from './waves.ts'

/** Evidence about the content of a wave's tools. */
export interface WaveEvidence {
  /** A wave's id, or the id of any event in it. */
  readonly wave: string
  /** Likelihood ratios above 0: how many times more probable the evidence is if the explanation holds than if it does not. A copy's marks favour partner-leak and partner-intrusion alike. */
  readonly ratios: Readonly<Partial<Record<ExplanationId, number>>>
  /** Where it comes from, in words; printed in the report. */
  readonly source: string
}

/** An explanation that is ruled out for a wave. */
export interface RuledOut {
  /** A wave's id, or the id of any event in it. */
  readonly wave: string
  readonly explanation: ExplanationId
  readonly source: string
}

/** How explainCase reasons. */
export interface ExplainOptions {
  readonly waves?: WaveOptions
  readonly evidence?: readonly WaveEvidence[]
  /** Explanations that the investigators rule out for a wave on grounds other than dates. */
  readonly ruledOut?: readonly RuledOut[]
  /** Kinds of event for which the record is known to be complete (the vendor's own log of hand-overs, say): what is not recorded did not happen. */
  readonly completeFor?: readonly EventKind[]
  /** Own numbers in place of the printed priors. */
  readonly priors?: readonly Prior[]
  /** The most readings of disputed dates to try (default 100, fewer for cases of more than 250 events); the report says how many there are. While some are untried no wave is more than contested. */
  readonly maxReadings?: number
  /** The most single events to leave out, one at a time, to see what depends on them (default 400, fewer for cases of more than 62 events; those that carry the leading explanations first). */
  readonly maxLeftOut?: number
}

/**
 * For each wave of a case: which explanations the dates exclude, require or leave open, how the rest weigh under the printed priors, and what would settle it.
 * Stated clock errors are taken out first. The result does not depend on the order of events. `excluded` is certain under every reading of the disputed dates, given the grouping into waves.
 * @throws ChronologyError `bad-option` for unusable options, `unknown-event` when evidence names no wave
 */
export function explainCase(recorded: CaseFile, options: ExplainOptions = {}): ChronologyReport {
  const caseFile = { ...recorded, events: alignClocks(recorded.events, clocksOf(recorded)) }
  const settings = checkOptions(options)
  const pass = assess(caseFile.events, settings)
  const named = namedWaves(settings, pass)
  const all = readings(caseFile.events)
  const tried = all.slice(0, options.maxReadings ?? Math.min(settings.maxReadings, affordable(caseFile)))
  const changes = readingChanges(caseFile.events, { ...settings, named }, pass, tried)
  const leftOut = leaveOut(caseFile.events, { ...settings, named }, pass)
  const complete = tried.length === all.length
  const waves = pass.waves.map((_, i) => reportWave(pass, i, { changes, leftOut: leftOut.changes, complete }))
  return {
    case: caseFile.id,
    title: caseFile.title,
    delays: findDelays(caseFile),
    conflicts: findConflicts(caseFile),
    waves,
    history: historyOf(caseFile),
    verdict: leastCertain(waves),
    wouldSettle: wouldSettle(pass, waves, changes),
    priors: { attack: usedPriors('attack', settings), exposure: usedPriors('exposure', settings) },
    readings: { tried: tried.length, of: all.length },
    leftOut: { tried: leftOut.tried, of: leftOut.of },
  }
}

function historyOf(caseFile: CaseFile): ReportHistory {
  const { histories, desired, zeroDays, met, luck } = findHistory(caseFile)
  return { histories: histories.map((history) => history.order), desired, zeroDays, met, luck }
}

function usedPriors(kind: WaveKind, settings: Settings): readonly Prior[] {
  return EXPLANATION_IDS.map((id) => priorFor(id, kind, settings))
}

const EVENTS_TO_READ = 25_000

function affordable(caseFile: CaseFile): number {
  return Math.floor(EVENTS_TO_READ / Math.max(1, caseFile.events.length))
}

function namedWaves(settings: Settings, pass: Pass): ReadonlyMap<string, readonly string[]> {
  const names = [...settings.evidence, ...settings.ruledOut].map((item) => item.wave)
  return new Map(
    names.map((name) => {
      const found = pass.waves.find(({ wave }) => concerns(name, wave, settings))
      if (found !== undefined) return [name, found.wave.events]
      throw new ChronologyError('unknown-event', `evidence names ${name}, which is neither a wave nor an event in one`)
    }),
  )
}

/** What a reading of a disputed date changes for a wave. */
export interface ReadingChange {
  readonly reading: Reading
  readonly wave: string
  readonly newlyExcluded: readonly ExplanationId[]
  readonly leading: readonly ExplanationId[] | null
}

function readingChanges(
  events: readonly ChronologyEvent[],
  settings: Settings,
  base: Pass,
  tried: readonly Reading[],
): readonly ReadingChange[] {
  return tried.flatMap((reading) => {
    const find = counterparts(assess(applyReading(events, reading), settings))
    return base.waves.flatMap(({ wave, weights }) => {
      const match = find(wave)
      return match === undefined ? [] : changeOf(reading, wave, weights, match)
    })
  })
}

function changeOf(reading: Reading, wave: Wave, was: Weights, is: Weights): readonly ReadingChange[] {
  const newlyExcluded = is.listed
    .filter((each, i) => each.excluded && was.listed[i]?.excluded === false)
    .map((each) => each.id)
  const group = leadingGroup(is)
  const leading = group === leadingGroup(was) ? null : membersOf(group, is)
  if (newlyExcluded.length === 0 && leading === null) return []
  return [{ reading, wave: wave.id, newlyExcluded, leading }]
}

function reportWave(
  pass: Pass,
  index: number,
  read: {
    readonly changes: readonly ReadingChange[]
    readonly leftOut: ReadonlyMap<string, readonly string[]>
    readonly complete: boolean
  },
): ReportWave {
  const entry = pass.waves[index]
  if (entry === undefined) throw new RangeError('no such wave')
  const { wave, weights, evidence } = entry
  const mine = read.changes.filter((change) => change.wave === wave.id)
  const group = leadingGroup(weights)
  const found = posteriors(weights)
  const carried = entry.favoured.has(group) || carriedByContent(group, wave, pass.record)
  const disputed = !read.complete || mine.some((change) => change.leading !== null)
  const left = weights.listed.filter((each) => !each.excluded).length
  return {
    id: wave.id,
    kind: wave.kind,
    doubtful: wave.doubtful,
    start: { earliest: formatInstant(wave.start.earliest), latest: formatInstant(wave.start.latest) },
    events: wave.events,
    actors: wave.actors,
    by: wave.by,
    verdict: judge(weights, { doubtful: wave.doubtful, disputed, carried }),
    leading: unseparated(group, weights),
    explanations: weights.listed.map((each): ReportExplanation => {
      const status = each.excluded ? 'excluded' : left === 1 ? 'required' : 'possible'
      const posterior = found.byId.get(each.id) ?? 0
      return { id: each.id, status, posterior, because: each.because, reason: each.reason }
    }),
    unlisted: found.unlisted,
    dependsOn: {
      priors: decisivePriors(weights),
      disputedDates: [...new Set(mine.flatMap((change) => [change.reading.keeps, ...change.reading.drops]))].sort(),
      events: read.leftOut.get(wave.id) ?? [],
    },
    evidence,
  }
}

function leastCertain(waves: readonly ReportWave[]): Verdict {
  const order: readonly Verdict[] = ['open', 'contested', 'likely', 'settled']
  const solid = waves.filter((wave) => !wave.doubtful).map((wave) => wave.verdict)
  return order.find((verdict) => solid.length === 0 || solid.includes(verdict)) ?? 'open'
}
