import type { IndexedArtefact, Segment } from './artefact-index.ts'
import type { Background } from './background.ts'
import { type Calibration, falseAlarmRates, pValue } from './calibration.ts'
import type { Cohort } from './cohort.ts'
import type { Document } from './document.ts'
import { SimilarityError } from './errors.ts'
import { evidenceOf, type Scale, scaleOf, type Weights, weightsFor } from './evidence.ts'
import { type ChannelName, extractFeatures, type Extractor, newExtractor } from './features.ts'
import { type Candidate, describe, distinctiveCounts, FIRST_MASK } from './internal/describe-hit.ts'
import type { EvidenceFeature } from './internal/evidence-list.ts'
import { CHANNEL_COUNT, type FeatureSet } from './internal/feature-set.ts'
import { clearMatches, countMatches, type MatchCounts, newMatchCounts } from './internal/match-counts.ts'
import { normalised, sampleMoments } from './internal/sample-scores.ts'
import { hasKey } from './internal/sorted-keys.ts'

export type { EvidenceFeature } from './internal/evidence-list.ts'

export interface ScreenInput {
  readonly background: Background
  readonly segments: readonly Segment[]
  /** Public code on the subject; with `calibration` it turns evidence into rates. */
  readonly cohort?: Cohort
  readonly calibration?: Calibration
}

/** Everything that screening needs, with its buffers: one per worker. */
export interface Screen extends ScreenInput {
  readonly artefacts: readonly IndexedArtefact[]
  readonly scale: Scale
  readonly extractor: Extractor
  readonly matches: MatchCounts
  readonly among: MatchCounts
  readonly weights: Weights
  /** Sampling of the first look (0 looks at everything): with many artefacts most samples are done after a look at a quarter of their features. */
  readonly mask: number
}

export interface ScreenOptions {
  /** Hits reported at most. Default 8. */
  readonly limit?: number
  /** Evidence below which an artefact is no hit. Default 10 nats. */
  readonly minimumNats?: number
  /** Pieces of evidence listed per hit. Default 20. */
  readonly features?: number
}

export interface ChannelEvidence {
  readonly channel: ChannelName
  /** Features of the sample that the artefact has. */
  readonly matched: number
  readonly nats: number
}

export interface Hit {
  readonly artefact: string
  /** For ranking: standard deviations above chance when calibrated, else the evidence. */
  readonly score: number
  /** Evidence that the sample holds something of the artefact: what is public, essential or part of a mark weighs nothing. */
  readonly nats: number
  /** 0 to 1, over what is distinctive. A whole reuse is high for the artefact; a fragment pasted elsewhere is low for both. */
  readonly containment: { readonly artefactInSample: number; readonly sampleInArtefact: number }
  readonly byChannel: readonly ChannelEvidence[]
  readonly evidence: readonly EvidenceFeature[]
  /** Chance that unrelated public code on the subject scores this high; null when not calibrated. */
  readonly p: number | null
  /** Whether `p` lies beyond what the cohort was seen to score. */
  readonly extrapolated: boolean
  /** Corrected over all artefacts (Benjamini and Hochberg); null when not calibrated. */
  readonly falseAlarmRate: number | null
  /** Why there is no rate. */
  readonly uncalibrated: string | null
  readonly cohort: { readonly size: number; readonly closeness: number } | null
}

export interface Screening {
  /** Best first. */
  readonly hits: readonly Hit[]
  /** The sample was larger than what is read of one sample. */
  readonly truncated: boolean
}

const LIMIT = 8
const MINIMUM_NATS = 10
const LISTED = 20
/** Up to so many artefacts every feature of every sample is looked up. */
const EXACT_ARTEFACTS = 2000
/** With more, a first look takes one feature in four of the large channels, and goes on when it finds this share of the least evidence. */
const FIRST_SHARE = 0.5

/** Puts segments, background and calibration together. Throws `bad-option` when they were not made for each other. */
export function openScreen(input: ScreenInput): Screen {
  const { background, segments, cohort, calibration } = input
  const artefacts = segments.flatMap((segment) => segment.artefacts)
  for (const made of [...segments, ...(cohort === undefined ? [] : [cohort])]) {
    if (made.background !== background.digest)
      throw new SimilarityError('bad-option', 'index and background do not belong together')
  }
  if (calibration !== undefined && calibration.artefacts.length !== artefacts.length) {
    throw new SimilarityError('bad-option', 'the calibration was made for other artefacts')
  }
  return {
    ...input,
    artefacts,
    scale: scaleOf(background),
    extractor: newExtractor(),
    matches: newMatchCounts(artefacts.length),
    among: newMatchCounts(cohort?.documents.length ?? 0),
    weights: new Float64Array(CHANNEL_COUNT),
    mask: artefacts.length > EXACT_ARTEFACTS ? FIRST_MASK : 0,
  }
}

/** Which artefacts a sample derives from. Any bytes are allowed; time and memory are bounded by the extractor's limits. */
export function screenSample(screen: Screen, sample: Document, options: ScreenOptions = {}): Screening {
  const { limit = LIMIT, minimumNats = MINIMUM_NATS, features: listed = LISTED } = options
  let features = matchSample(screen, sample, screen.mask)
  let candidates = candidatesOf(screen, screen.mask === 0 ? minimumNats : minimumNats * FIRST_SHARE, screen.mask + 1)
  if (candidates.length > 0 && screen.mask !== 0) {
    features = matchSample(screen, sample, 0)
    candidates = candidatesOf(screen, minimumNats, 1)
  }
  const truncated = features.full
  if (candidates.length === 0) return { hits: [], truncated }
  const best = candidates.sort((a, b) => b.nats - a.nats).slice(0, Math.max(limit, 64))
  const rated = rate(screen, features, best)
  const order = rated
    .map((_, at) => at)
    .sort((a, b) => rated[b]!.score - rated[a]!.score || best[b]!.nats - best[a]!.nats)
  const distinctive = distinctiveCounts(screen, features)
  const hits = order.slice(0, limit).map((at) => {
    const found = describe(screen, sample, features, best[at]!, distinctive, listed)
    return { ...found, ...rated[at]! }
  })
  return { hits, truncated }
}

/**
 * Evidence against every artefact, in the order of the segments, and with a calibration the normalised score instead, where evidence that is
 * too little for a hit ranks below everything (`-Infinity`), as it does in `screenSample`. For benches.
 */
export function screenScores(screen: Screen, sample: Document): Float64Array {
  const features = matchSample(screen, sample, 0)
  const scores = new Float64Array(screen.artefacts.length)
  for (const { artefact, nats } of candidatesOf(screen, 0, 1)) scores[artefact] = nats
  const { cohort, calibration } = screen
  if (cohort === undefined || calibration === undefined) return scores
  const moments = sampleMoments(features, cohort, screen.scale, screen.among)
  return scores.map((nats, artefact) =>
    nats < MINIMUM_NATS ? -Infinity : normalised(nats, calibration.artefacts[artefact]!.moments, moments),
  )
}

function matchSample(screen: Screen, sample: Document, mask: number): FeatureSet {
  const { matches, cohort } = screen
  const features = extractFeatures(sample, screen.extractor, mask)
  const isSilent = cohort === undefined ? never : (high: number): boolean => hasKey(cohort.keys, high)
  clearMatches(matches)
  let first = 0
  for (const segment of screen.segments) {
    countMatches(matches, features, segment, first, isSilent)
    first += segment.artefacts.length
  }
  weightsFor(screen.scale, features, screen.weights)
  return features
}

function never(): boolean {
  return false
}

function candidatesOf(screen: Screen, minimumNats: number, sampling: number): Candidate[] {
  const { matches, weights } = screen
  const candidates: Candidate[] = []
  for (let at = 0; at < matches.touchedCount; at++) {
    const artefact = matches.touched[at]!
    const from = artefact * CHANNEL_COUNT
    const nats = evidenceOf(matches.counts, from, screen.artefacts[artefact]!, weights, sampling)
    if (nats >= minimumNats) candidates.push({ artefact, nats })
  }
  return candidates
}

type Rating = Pick<Hit, 'cohort' | 'extrapolated' | 'falseAlarmRate' | 'p' | 'score' | 'uncalibrated'>

function rate(screen: Screen, features: FeatureSet, candidates: readonly Candidate[]): readonly Rating[] {
  const { cohort, calibration } = screen
  if (cohort === undefined || calibration === undefined) {
    const uncalibrated = 'no cohort of public code on the subject was given'
    return candidates.map(({ nats }) => ({
      score: nats,
      p: null,
      extrapolated: false,
      falseAlarmRate: null,
      uncalibrated,
      cohort: null,
    }))
  }
  const moments = sampleMoments(features, cohort, screen.scale, screen.among)
  const scores = candidates.map(({ artefact, nats }) =>
    normalised(nats, calibration.artefacts[artefact]!.moments, moments),
  )
  const ps = scores.map((score) => pValue(calibration, score))
  const rates = falseAlarmRates(
    ps.map(({ p }) => p),
    screen.artefacts.length,
  )
  return candidates.map(({ artefact }, at) => {
    const { size, closeness, thin } = calibration.artefacts[artefact]!
    const { p, extrapolated } = ps[at]!
    return {
      score: scores[at]!,
      p: thin === null ? p : null,
      extrapolated: thin === null && extrapolated,
      falseAlarmRate: thin === null ? rates[at]! : null,
      uncalibrated: thin,
      cohort: { size, closeness },
    }
  })
}
