import { isPublic } from '../background.ts'
import type { Document } from '../document.ts'
import { evidenceOf, isSampled } from '../evidence.ts'
import { CHANNELS } from '../features.ts'
import type { Hit, Screen } from '../screen.ts'
import { type EvidenceFeature, evidenceList } from './evidence-list.ts'
import { CHANNEL_COUNT, type FeatureSet } from './feature-set.ts'
import { eachMatch } from './match-counts.ts'
import { hasKey } from './sorted-keys.ts'

/** An artefact that a sample may derive from. */
export interface Candidate {
  readonly artefact: number
  readonly nats: number
}

/** Bits of a feature that a first look at a large sample takes none of: one in four is left. */
export const FIRST_MASK = 3
/** From so many features on, shares of the sample are estimated. */
const ESTIMATED = 1000
/** A share of fewer features than this is not stated by one channel alone. */
const LEAST_SHARED = 8

type Description = Pick<Hit, 'artefact' | 'byChannel' | 'containment' | 'evidence' | 'nats'>

/** What a hit says of its evidence, with up to `listed` of its features. */
export function describe(
  screen: Screen,
  sample: Document,
  features: FeatureSet,
  candidate: Candidate,
  distinctive: readonly number[],
  listed: number,
): Description {
  const record = screen.artefacts[candidate.artefact]!
  const { artefact, nats } = candidate
  const counts = [...screen.matches.counts.subarray(artefact * CHANNEL_COUNT, (artefact + 1) * CHANNEL_COUNT)]
  const byChannel = CHANNELS.map((channel, number) => {
    const single = new Uint32Array(CHANNEL_COUNT)
    single[number] = counts[number]!
    return { channel, matched: counts[number]!, nats: evidenceOf(single, 0, record, screen.weights) }
  })
  const scaled = counts.map((count, channel) => count * (isSampled(channel) ? record.density : 1))
  const containment = {
    artefactInSample: largestShare(counts, record.kept),
    sampleInArtefact: largestShare(scaled, distinctive),
  }
  const evidence = listed > 0 ? listEvidence(screen, sample, features, candidate.artefact, listed) : []
  return { artefact: record.id, nats, containment, byChannel, evidence }
}

function listEvidence(
  screen: Screen,
  sample: Document,
  features: FeatureSet,
  artefact: number,
  listed: number,
): readonly EvidenceFeature[] {
  const { cohort, weights } = screen
  const matched: number[] = []
  let first = 0
  for (const segment of screen.segments) {
    if (artefact < first + segment.artefacts.length) {
      eachMatch(features, segment, artefact - first, (feature) => {
        if (cohort === undefined || !hasKey(cohort.keys, features.high[feature]!)) matched.push(feature)
      })
      break
    }
    first += segment.artefacts.length
  }
  return evidenceList(sample, features, matched, weights, screen.artefacts[artefact]!.density, listed)
}

/** Features of the sample that are neither in the background nor in the cohort, per channel; estimated from one in four when there are many. */
export function distinctiveCounts(screen: Screen, features: FeatureSet): readonly number[] {
  const { background, cohort } = screen
  const mask = features.count > ESTIMATED ? FIRST_MASK : 0
  const counts = Array.from({ length: CHANNEL_COUNT }, () => 0)
  for (let at = 0; at < features.count; at++) {
    if ((features.low[at]! & mask) !== 0) continue
    const high = features.high[at]!
    if (isPublic(background, high) || (cohort !== undefined && hasKey(cohort.keys, high))) continue
    const channel = features.channel[at]!
    counts[channel]! += isSampled(channel) ? mask + 1 : 1
  }
  return counts
}

/** The largest share of a channel: renaming empties one channel and minifying another, but a copy fills at least one. */
function largestShare(matched: readonly number[], all: readonly number[]): number {
  let largest = 0
  for (const [channel, count] of all.entries()) {
    if (count >= LEAST_SHARED) largest = Math.max(largest, Math.min(1, matched[channel]! / count))
  }
  const total = all.reduce((sum, count) => sum + count, 0)
  const overall = total === 0 ? 0 : Math.min(1, matched.reduce((sum, count) => sum + count, 0) / total)
  return Math.max(largest, overall)
}
