import { boundFromLog } from './chernoff.ts'
import type { Evidence } from './evidence.ts'
import { setsWithout, startBeam } from './internal/beam.ts'
import type { Beam } from './internal/beam.ts'
import { buildSiteScore, exactP, lnBound, scoreOf } from './internal/score.ts'
import type { Score } from './internal/score.ts'
import { modelSet, normalise } from './internal/set-model.ts'
import type { SetModel } from './internal/set-model.ts'
import type { CopyTest } from './single.ts'

/** One of the tests that decoder J applies to a suspect: accomplice sets of one size, each with the share in which it counts. */
export interface JointTest {
  /** Hypothetical accomplice sets by copy index, likeliest first; never with the suspect. */
  readonly sets: readonly { readonly members: readonly number[]; readonly share: number }[]
  /** The share of the suspect's error budget that this test may spend; over all tests of a suspect they sum to 1. */
  readonly weight: number
  readonly model: string
  /** Integer weight of each readable site, and whether it is earned by matching (1) or by not matching (0). */
  readonly weights: Int32Array
  readonly wanted: Uint8Array
}

/** Decoder J over one case, with what all suspects share. */
export interface JointDecoder {
  /**
   * The leave-one-out joint test of copy number `suspect`. For every number t = 0..4 of accomplices the likeliest sets, and for each set the
   * likely ways of merging, are averaged to one score per site,
   *
   *     d_i = ln (sum_A q_A P(Y_i | A, suspect matches) / sum_A q_A P(Y_i | A, suspect does not match)),
   *
   * whose law under innocence is exact; p = min over t of p_t / w_t, at most 1. Sets, shares q, w and models are functions of laws, reading
   * and everybody else's copies, so that p is valid for every innocent copy whatever the leakers did.
   */
  test(suspect: number): CopyTest
  /** The tests that `test` applies, for whoever wants to check that the suspect's copy has no part in them. */
  tests(suspect: number): readonly JointTest[]
  /** P(symbol read | 0, 1 or 2 of two leakers match it), up to a factor, at `[class * 3 + matches]`: used for pair statements. */
  pairLikelihoods(): Float64Array
  /** The pairs that explain the reading best, copy indices ascending, best first. */
  bestPairs(limit: number): readonly (readonly number[])[]
}

/** Prior of the number of accomplices a suspect had, 0 to 4. */
const SIZE_PRIOR = [0.2, 0.3, 0.25, 0.125, 0.125]
/** This part of the budget follows the prior whatever the copies say; the rest goes where the accomplices seem to be. */
const FIRM = 0.2
/** The exact p-value is never this many nats under its Chernoff bound where it matters; skipping a test only raises p. */
const SLACK = Math.log(1e4)

interface SizeTest {
  readonly models: readonly SetModel[]
  readonly shares: readonly number[]
  readonly weight: number
  readonly score: Score
}

/** Prepares decoder J (0 to 4 accomplices; binary, q-ary and mixed codes). Deterministic. */
export function startJoint(evidence: Evidence): JointDecoder {
  const beam = startBeam(evidence)
  const models = cached((members: readonly number[]) => modelSet(evidence, members))
  const scores = new Map<string, Score>()
  const testsOf = (suspect: number): SizeTest[] => sizeTests(beam, models, scores, suspect)
  return {
    test: (suspect) => testSuspect(evidence, testsOf(suspect), suspect),
    tests: (suspect) => testsOf(suspect).map(describe),
    pairLikelihoods: () => modelSet(evidence, [], 2).chances,
    bestPairs: (limit) => beam.pairs.slice(0, limit).map((pair) => pair.members),
  }
}

function cached<Value>(compute: (members: readonly number[]) => Value): (members: readonly number[]) => Value {
  const known = new Map<string, Value>()
  return (members) => {
    const key = members.join()
    const value = known.get(key) ?? compute(members)
    known.set(key, value)
    return value
  }
}

function sizeTests(
  beam: Beam,
  modelOf: (members: readonly number[]) => SetModel,
  scores: Map<string, Score>,
  suspect: number,
): SizeTest[] {
  const others = beam.evidence.copies.length - 1
  const sizes = setsWithout(beam, suspect).flatMap((sets, size) => {
    if (sets.length === 0) return []
    const models = sets.map(modelOf).sort((a, b) => b.logEvidence - a.logEvidence)
    const { shares, logTotal } = normalise(models.map((model) => model.logEvidence))
    const key = models.map(({ members }) => members.join()).join(';')
    const score = scores.get(key) ?? mixedScore(beam.evidence, models, shares)
    scores.set(key, score)
    // All sets of a size share its prior, also those that were not looked at.
    return [{ models, shares, score, prior: SIZE_PRIOR[size]!, logShare: logTotal - lnSubsets(others, size) }]
  })
  const firm = sizes.reduce((sum, { prior }) => sum + prior, 0)
  const { shares } = normalise(sizes.map(({ prior, logShare }) => Math.log(prior) + logShare))
  return sizes.map((each, s) => ({ ...each, weight: (FIRM * each.prior) / firm + (1 - FIRM) * shares[s]! }))
}

/** ln of the number of subsets of `size` members. */
function lnSubsets(members: number, size: number): number {
  let sum = 0
  for (let k = 0; k < size; k++) sum += Math.log((members - k) / (k + 1))
  return sum
}

function mixedScore(evidence: Evidence, models: readonly SetModel[], shares: readonly number[]): Score {
  const gain = new Float64Array(evidence.readable)
  const kept = models.flatMap((model, k) => (shares[k]! >= LEAST_SHARE ? [{ model, share: shares[k]! }] : []))
  for (let i = 0; i < gain.length; i++) {
    let match = 0
    let mismatch = 0
    for (const { model, share } of kept) {
      const at = (evidence.classOf[i]! * (model.members.length + 1) + model.held[i]!) * 2
      mismatch += share * model.chances[at]!
      match += share * model.chances[at + 1]!
    }
    gain[i] = Math.log(match / mismatch)
  }
  return buildSiteScore(models[0]?.leading ?? '', evidence, gain)
}

/** Sets that count for less than this are left out of the average. */
const LEAST_SHARE = 1e-6

function describe({ models, shares, weight, score }: SizeTest): JointTest {
  const sets = models.map(({ members }, k) => ({ members, share: shares[k]! }))
  return { sets, weight, model: score.model, weights: score.weights, wanted: score.wanted }
}

function testSuspect(evidence: Evidence, tests: readonly SizeTest[], suspect: number): CopyTest {
  const candidates = tests
    .map((test) => {
      const earned = scoreOf(evidence, test.score, suspect)
      return { ...test, earned, lnBound: lnBound(test.score, earned) - Math.log(test.weight) }
    })
    .sort((a, b) => a.lnBound - b.lnBound)
  let best: CopyTest = { copy: suspect, p: 1, bound: 1, model: candidates[0]?.score.model ?? '', given: [] }
  for (const { models, score, earned, weight, lnBound: ln } of candidates) {
    if (ln - SLACK > Math.log(best.p)) break
    const p = exactP(score, earned) / weight
    if (p >= best.p) continue
    const given = (models[0]?.members ?? []).map((copy) => evidence.copies[copy] ?? '')
    best = { copy: suspect, p, bound: boundFromLog(Math.min(0, ln)), model: score.model, given }
  }
  return best
}
