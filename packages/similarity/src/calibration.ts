import type { IndexedArtefact, Segment } from './artefact-index.ts'
import type { Background } from './background.ts'
import { type Cohort, cohortFeatures } from './cohort.ts'
import { SimilarityError } from './errors.ts'
import { scaleOf } from './evidence.ts'
import { newMatchCounts } from './internal/match-counts.ts'
import { cohortRow, type Moments, momentsOf, normalised, sampleMoments } from './internal/sample-scores.ts'

/** What chance scores against one artefact. */
export interface ArtefactCalibration {
  readonly artefact: string
  /** Public documents that stood in for samples: the nearest of the cohort. */
  readonly size: number
  /** Share of them that have anything in common with the artefact that is not in the background. */
  readonly closeness: number
  readonly moments: Moments
  /** Why no rate can be stated; null when one can. */
  readonly thin: string | null
}

/** Scores of unrelated public code, pooled over the artefacts. */
export interface Calibration {
  readonly artefacts: readonly ArtefactCalibration[]
  /** The largest null scores, falling, and how many there were in all. */
  readonly tail: Float64Array
  readonly total: number
  /** Documents they come from: scores of one document against several artefacts are not independent. */
  readonly documents: number
}

export interface CalibrationOptions {
  /** Documents of the cohort that stand in for each artefact, the nearest first. Default 200. */
  readonly neighbours?: number
}

/** Fewer public documents than this say nothing about one false alarm in a hundred. */
export const LEAST_COHORT = 100
/** Of the nearest documents at least this share must have something in common with the artefact, or they are on another subject. */
export const LEAST_CLOSENESS = 0.1
const NEIGHBOURS = 200
const LONGEST_TAIL = 1 << 17

/**
 * Measures what independent public code scores against every artefact. Every document of the cohort stands in for a sample, weighed
 * as if it alone were unknown. Run again when artefacts or the cohort change.
 */
export function calibrate(
  segments: readonly Segment[],
  cohort: Cohort,
  background: Background,
  options: CalibrationOptions = {},
): Calibration {
  const neighbours = options.neighbours ?? NEIGHBOURS
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new SimilarityError('bad-option', 'neighbours: expected a whole number above 0')
  }
  const artefacts = segments.flatMap((segment) => segment.artefacts)
  const scale = scaleOf(background)
  const matches = newMatchCounts(artefacts.length)
  const among = newMatchCounts(cohort.documents.length)
  const rows = cohort.documents.map((_, document) => cohortRow(cohort, document, segments, artefacts, scale, matches))
  const samples = cohort.documents.map((document, self) =>
    sampleMoments(cohortFeatures(document), cohort, scale, among, self),
  )
  const nulls: number[] = []
  const calibrations = artefacts.map((artefact, number) => {
    const nearest = nearestOf(rows, cohort, artefact, number).slice(0, neighbours)
    const scores = nearest.map((document) => rows[document]!.scores.get(number) ?? 0)
    const moments = momentsOf(scores, scores.length)
    for (const [at, document] of nearest.entries()) nulls.push(normalised(scores[at]!, moments, samples[document]!))
    const related = nearest.filter((document) => rows[document]!.related.has(number)).length
    const closeness = nearest.length === 0 ? 0 : related / nearest.length
    return {
      artefact: artefact.id,
      size: nearest.length,
      closeness,
      moments,
      thin: thinness(nearest.length, closeness),
    }
  })
  const tail = Float64Array.from(nulls).sort().reverse()
  return {
    artefacts: calibrations,
    tail: tail.slice(0, LONGEST_TAIL),
    total: tail.length,
    documents: cohort.documents.length,
  }
}

/** Documents in the artefact's language, those that share most with it first. */
function nearestOf(
  rows: readonly { readonly related: ReadonlyMap<number, number> }[],
  cohort: Cohort,
  artefact: IndexedArtefact,
  number: number,
): readonly number[] {
  return rows
    .map((row, document) => ({ document, shared: row.related.get(number) ?? 0 }))
    .filter(({ document }) => cohort.documents[document]!.language === artefact.language)
    .sort((a, b) => b.shared - a.shared)
    .map(({ document }) => document)
}

function thinness(size: number, closeness: number): string | null {
  if (size < LEAST_COHORT) return `the cohort holds ${size} public files in its language, ${LEAST_COHORT} are needed`
  if (closeness >= LEAST_CLOSENESS) return null
  const percent = (100 * closeness).toFixed(0)
  return `only ${percent} % of the cohort have anything in common with it: public code on the same subject is needed`
}

/**
 * Chance that unrelated code on the subject scores this high: the share of null scores, counting the sample itself, plus what chance
 * may have hidden (one-sided 95 %, as if all scores of one document were one). Beyond the highest null score it falls exponentially, at
 * half the pace at which the upper tenth of the null scores falls.
 */
export function pValue(
  calibration: Calibration,
  score: number,
): { readonly p: number; readonly extrapolated: boolean } {
  const { tail, total, documents } = calibration
  let low = 0
  let high = tail.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (tail[middle]! >= score) low = middle + 1
    else high = middle
  }
  if (low === tail.length && tail.length < total) return { p: 1, extrapolated: false }
  const share = (low + 1) / (total + 1)
  const p = Math.min(1, share + 1.645 * Math.sqrt((share * (1 - share)) / Math.max(1, documents)))
  if (low > 0 || tail.length < 2) return { p, extrapolated: false }
  return { p: p * Math.exp(-(score - tail[0]!) / (2 * tailScale(tail, total))), extrapolated: true }
}

/** Mean excess over the 90th percentile; never so small that one lucky cohort promises too much. */
function tailScale(tail: Float64Array, total: number): number {
  const upper = Math.min(tail.length - 1, Math.max(1, Math.floor(total / 10)))
  let excess = 0
  for (let at = 0; at < upper; at++) excess += tail[at]! - tail[upper]!
  return Math.max(0.5, excess / upper)
}

/** Benjamini and Hochberg: of all artefacts reported at this rate or below, at most this share are false alarms. `tests` is the number of artefacts. */
export function falseAlarmRates(ps: readonly number[], tests: number): readonly number[] {
  const order = ps.map((_, at) => at).sort((a, b) => ps[b]! - ps[a]!)
  const rates = Array.from({ length: ps.length }, () => 1)
  let least = 1
  for (const [fromTop, at] of order.entries()) {
    least = Math.min(least, (ps[at]! * tests) / (ps.length - fromTop))
    rates[at] = least
  }
  return rates
}
