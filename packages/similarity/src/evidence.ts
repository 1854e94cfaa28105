import { type Background, channelWeights, meanFeatures } from './background.ts'
import type { IndexedArtefact } from './artefact-index.ts'
import { CHANNEL_COUNT, type FeatureSet, OVERLAP } from './internal/feature-set.ts'

/** Nats that one match weighs in each channel for one sample: large samples match by chance, so a match with them weighs less. */
export type Weights = Float64Array

/** How matches are weighed against one background. */
export interface Scale {
  readonly weights: readonly number[]
  readonly means: readonly number[]
}

export function scaleOf(background: Background): Scale {
  return { weights: channelWeights(background), means: meanFeatures(background) }
}

/** Weights for one sample, whose features were extracted with `mask`. */
export function weightsFor(
  scale: Scale,
  features: FeatureSet,
  into: Weights = new Float64Array(CHANNEL_COUNT),
): Weights {
  for (let channel = 0; channel < CHANNEL_COUNT; channel++) {
    const sampling = isSampled(channel) ? features.mask + 1 : 1
    const relative = (features.counts[channel]! * sampling) / scale.means[channel]!
    into[channel] = Math.max(0, scale.weights[channel]! - Math.log(Math.max(1, relative))) / OVERLAP[channel]!
  }
  return into
}

/**
 * Evidence of one artefact's matches, in nats: `counts[from…from+4]` per channel, scaled up where the artefact or the sample (one
 * feature in `sampling`) is sampled.
 */
export function evidenceOf(
  counts: Uint32Array,
  from: number,
  artefact: IndexedArtefact,
  weights: Weights,
  sampling = 1,
): number {
  const density = Math.max(artefact.density, sampling)
  return (
    density * (counts[from]! * weights[0]! + counts[from + 1]! * weights[1]! + counts[from + 4]! * weights[4]!) +
    counts[from + 2]! * weights[2]! +
    counts[from + 3]! * weights[3]!
  )
}

/** Whether a channel keeps only a part of the features of large artefacts. */
export function isSampled(channel: number): boolean {
  return channel !== 2 && channel !== 3
}
