import type { IndexedArtefact, Segment } from '../artefact-index.ts'
import { type Cohort, cohortFeatures } from '../cohort.ts'
import { evidenceOf, type Scale, weightsFor } from '../evidence.ts'
import { CHANNEL_COUNT, type FeatureSet } from './feature-set.ts'
import { clearMatches, countMatches, type MatchCounts } from './match-counts.ts'
import { hasKey } from './sorted-keys.ts'

/** Mean and standard deviation of what chance scores. */
export interface Moments {
  readonly mean: number
  readonly deviation: number
}

/** The best scores of a cohort may be copies of what is measured, not chance: so many are left out. */
const TRIMMED = 2
/** Nats. A cohort that never matches has no spread of its own; half a feature more or less is none. */
const LEAST_DEVIATION = 4

/** Moments of `count` scores of which all but the given ones are zero. */
export function momentsOf(scores: readonly number[], count: number): Moments {
  const kept = [...scores].sort((a, b) => b - a).slice(TRIMMED)
  const size = Math.max(1, count - Math.min(TRIMMED, scores.length))
  let sum = 0
  let squares = 0
  for (const score of kept) {
    sum += score
    squares += score * score
  }
  const mean = sum / size
  return { mean, deviation: Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, squares / size - mean * mean))) }
}

/** Mean of how far the evidence lies above what the artefact, and what the sample, scores by chance. In standard deviations. */
export function normalised(evidence: number, artefact: Moments, sample: Moments): number {
  return 0.5 * ((evidence - artefact.mean) / artefact.deviation + (evidence - sample.mean) / sample.deviation)
}

/** What a sample scores against public documents that had nothing to do with it. `self` is left out. */
export function sampleMoments(
  features: FeatureSet,
  cohort: Cohort,
  scale: Scale,
  matches: MatchCounts,
  self = -1,
): Moments {
  clearMatches(matches)
  countMatches(matches, features, cohort.segment, 0, never)
  const weights = weightsFor(scale, features)
  const scores: number[] = []
  for (let at = 0; at < matches.touchedCount; at++) {
    const document = matches.touched[at]!
    if (document === self) continue
    scores.push(evidenceOf(matches.counts, document * CHANNEL_COUNT, cohort.segment.artefacts[document]!, weights))
  }
  return momentsOf(scores, cohort.documents.length - (self < 0 ? 0 : 1))
}

/** What one document of the cohort scores against every artefact: once with what the cohort shares, once without. */
export function cohortRow(
  cohort: Cohort,
  document: number,
  segments: readonly Segment[],
  artefacts: readonly IndexedArtefact[],
  scale: Scale,
  matches: MatchCounts,
): { readonly related: ReadonlyMap<number, number>; readonly scores: ReadonlyMap<number, number> } {
  const features = cohortFeatures(cohort.documents[document]!)
  const weights = weightsFor(scale, features)
  const query = (isSilent: (high: number) => boolean, value: (from: number, artefact: IndexedArtefact) => number) => {
    clearMatches(matches)
    let first = 0
    for (const segment of segments) {
      countMatches(matches, features, segment, first, isSilent)
      first += segment.artefacts.length
    }
    const row = new Map<number, number>()
    for (let at = 0; at < matches.touchedCount; at++) {
      const artefact = matches.touched[at]!
      row.set(artefact, value(artefact * CHANNEL_COUNT, artefacts[artefact]!))
    }
    return row
  }
  const { shared } = cohort
  const evidence = (from: number, artefact: IndexedArtefact): number =>
    evidenceOf(matches.counts, from, artefact, weights)
  return { related: query(never, evidence), scores: query((high) => hasKey(shared, high), evidence) }
}

function never(): boolean {
  return false
}
