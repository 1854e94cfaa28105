import { boundFromLog } from './chernoff.ts'
import type { Evidence } from './evidence.ts'
import { estimatedTheta, likelihoods } from './internal/channel.ts'
import { buildScore, exactP, lnBound, scoreOf } from './internal/score.ts'
import type { Score } from './internal/score.ts'

/**
 * Which models decoder S tries. `L5`: a share .95, .60, .40, .25 or .15 of the readable marks comes from the suspect (any q). `EM`: 2, 3 or
 * 5 leakers with a merging rule estimated from laws and reading alone; q-ary sites count by share 1/2, 1/3, 1/5. `MIXEM`: both.
 */
export type SingleFamily = 'L5' | 'EM' | 'MIXEM'

/** What one decoder says about one copy. */
export interface CopyTest {
  /** Index into `Evidence.copies`. */
  readonly copy: number
  /** Chance that an innocent copy looks at least as suspicious to this decoder; exact up to the multiplicity of its models, at most 1. */
  readonly p: number
  /** Chernoff bound on the same chance; at least `p`. */
  readonly bound: number
  /** The model that attained the minimum. */
  readonly model: string
  /** Recipients the model took as accomplices. Hypothetical: not a statement about them. Empty for decoder S. */
  readonly given: readonly string[]
}

/**
 * Decoder S: every copy on its own, in copy order. p = (number of models) * (smallest exact p-value over the models), at most 1. Weights are
 * functions of laws and reading only, so that each p-value holds for every innocent copy whatever the leakers did.
 */
export function decodeSingle(evidence: Evidence, family: SingleFamily = 'MIXEM'): CopyTest[] {
  const scores = singleScores(evidence, family)
  return evidence.copies.map((_, copy) => bestOf(evidence, scores, copy))
}

const SHARES = [0.95, 0.6, 0.4, 0.25, 0.15]
const COALITIONS = [2, 3, 5]

function singleScores(evidence: Evidence, family: SingleFamily): Score[] {
  const scores: Score[] = []
  const binary = evidence.classes.some((each) => each.binary)
  if (family !== 'EM' || !binary) for (const share of SHARES) scores.push(shareScore(evidence, share))
  if (family !== 'L5' && binary) for (const leakers of COALITIONS) scores.push(channelScore(evidence, leakers))
  return scores
}

function shareGain(chance: number, share: number): number {
  return Math.log(share / chance + 1 - share) - Math.log(1 - share)
}

function shareScore(evidence: Evidence, share: number): Score {
  const gain = Float64Array.from(evidence.classes, ({ chance }) => shareGain(chance, share))
  return buildScore(`${Math.round(100 * share)} % of the marks from this copy`, evidence, gain, 0, null)
}

function channelScore(evidence: Evidence, leakers: number): Score {
  const channel = estimatedTheta(evidence, leakers, 0, null)
  const table = likelihoods(evidence, channel, 1)
  const gain = Float64Array.from(evidence.classes, ({ binary, chance }, c) =>
    binary ? Math.log(table[c * 2 + 1]! / table[c * 2]!) : shareGain(chance, 1 / leakers),
  )
  return buildScore(channel.name, evidence, gain, 0, null)
}

function bestOf(evidence: Evidence, scores: readonly Score[], copy: number): CopyTest {
  let best: CopyTest = { copy, p: 1, bound: 1, model: scores[0]?.model ?? '', given: [] }
  for (const score of scores) {
    const earned = scoreOf(evidence, score, copy)
    const p = scores.length * exactP(score, earned)
    if (p >= best.p) continue
    const bound = Math.min(1, scores.length * boundFromLog(lnBound(score, earned)))
    best = { copy, p, bound, model: score.model, given: [] }
  }
  return best
}
