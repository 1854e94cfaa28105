import { boundFromLog } from './chernoff.ts'
import type { Evidence } from './evidence.ts'
import { heldBy, setsWithout, startBeam } from './internal/beam.ts'
import type { Accomplices, Beam } from './internal/beam.ts'
import { estimatedTheta, interleavingShares, interleavingTheta, likelihoods } from './internal/channel.ts'
import type { Channel } from './internal/channel.ts'
import { buildScore, exactP, lnBound, scoreOf } from './internal/score.ts'
import type { Score } from './internal/score.ts'
import type { CopyTest } from './single.ts'

/** One of the tests that decoder J applies to a suspect: a hypothetical accomplice set and a model of the merging. */
export interface JointTest {
  /** Indices of the accomplices; never the suspect. */
  readonly given: readonly number[]
  /** The share of the suspect's error budget that this test may spend; over all tests of a suspect they sum to at most 1. */
  readonly weight: number
  readonly model: string
  /** Integer weight of each readable site, and whether it is earned by matching (1) or by not matching (0). */
  readonly weights: Int32Array
  readonly wanted: Uint8Array
}

/** Decoder J over one case, with what all suspects share. */
export interface JointDecoder {
  /**
   * The leave-one-out joint test of copy number `suspect`: p = min over accomplice sets A and 4 models of 4 p(suspect | A, model) / w_A, at
   * most 1. Sets, weights and models are functions of laws, reading and everybody else's copies, so that p is valid for every innocent
   * copy whatever the leakers did.
   */
  test(suspect: number): CopyTest
  /** The tests that `test` applies, for whoever wants to check that the suspect's copy has no part in them. */
  tests(suspect: number): readonly JointTest[]
  /** Four models of the merging in which two unknown copies took part; used for pair statements. */
  pairModels(): readonly { readonly model: string; readonly likelihoods: Float64Array }[]
  /** The pairs that explain the reading best, copy indices ascending, best first. */
  bestPairs(limit: number): readonly (readonly number[])[]
}

/** Prepares decoder J (single, pair, triple and quadruple accomplice sets; binary, q-ary and mixed codes). Deterministic. */
export function startJoint(evidence: Evidence): JointDecoder {
  const beam = startBeam(evidence)
  const cache = new Map<string, readonly Score[]>()
  const scores = (members: readonly number[]): readonly Score[] => {
    const key = members.join(',')
    const found = cache.get(key) ?? jointScores(evidence, members)
    cache.set(key, found)
    return found
  }
  return {
    test: (suspect) => testSuspect(beam, scores, suspect),
    tests: (suspect) =>
      setsWithout(beam, suspect)
        .filter(isTested)
        .flatMap((set) => describe(set, scores(set.members))),
    pairModels: () =>
      jointChannels(evidence, 1, new Uint8Array(evidence.readable), true).map((channel) => ({
        model: channel.name,
        likelihoods: likelihoods(evidence, channel, 2),
      })),
    bestPairs: (limit) => beam.pairs.slice(0, limit).map((pair) => pair.members),
  }
}

const MODELS = 4
const LEAST_WEIGHT = 1e-7
/** The exact p-value is never this many nats under its Chernoff bound where it matters; skipping a test only raises p. */
const SLACK = Math.log(1e4)

function isTested(set: Accomplices): boolean {
  return set.weight >= LEAST_WEIGHT
}

function describe(set: Accomplices, scores: readonly Score[]): JointTest[] {
  return scores.map(({ model, weights, wanted }) => ({
    given: set.members,
    weight: set.weight / MODELS,
    model,
    weights,
    wanted,
  }))
}

interface Candidate {
  readonly set: Accomplices
  readonly score: Score
  readonly earned: number
  /** Logarithm of the Chernoff bound over the test's share of the budget. */
  readonly lnBound: number
}

function testSuspect(beam: Beam, scores: (members: readonly number[]) => readonly Score[], suspect: number): CopyTest {
  const candidates = setsWithout(beam, suspect)
    .filter(isTested)
    .flatMap((set) => scores(set.members).map((score) => candidate(beam.evidence, set, score, suspect)))
    .sort((a, b) => a.lnBound - b.lnBound)
  let best: CopyTest = { copy: suspect, p: 1, bound: 1, model: candidates[0]?.score.model ?? '', given: [] }
  for (const { set, score, earned, lnBound: ln } of candidates) {
    if (ln - SLACK > Math.log(best.p)) break
    const share = set.weight / MODELS
    const p = exactP(score, earned) / share
    if (p >= best.p) continue
    const given = set.members.map((copy) => beam.evidence.copies[copy] ?? '')
    best = {
      copy: suspect,
      p,
      bound: Math.min(1, boundFromLog(lnBound(score, earned)) / share),
      model: score.model,
      given,
    }
  }
  return best
}

function candidate(evidence: Evidence, set: Accomplices, score: Score, suspect: number): Candidate {
  const earned = scoreOf(evidence, score, suspect)
  return { set, score, earned, lnBound: lnBound(score, earned) - Math.log(set.weight / MODELS) }
}

function jointScores(evidence: Evidence, members: readonly number[]): Score[] {
  const known = members.length
  const held = heldBy(evidence, members)
  return jointChannels(evidence, known, held, false).map((channel) => {
    const table = likelihoods(evidence, channel, known + 1)
    const gain = new Float64Array(evidence.classes.length * (known + 1))
    for (let c = 0; c < evidence.classes.length; c++) {
      for (let a = 0; a <= known; a++) {
        const slot = c * (known + 2) + a
        gain[c * (known + 1) + a] = Math.log(table[slot + 1]! / table[slot]!)
      }
    }
    return buildScore(channel.name, evidence, gain, known, held)
  })
}

/** The four models for a suspect next to `known` accomplices; `blind` leaves the accomplices' words out of the estimate. */
function jointChannels(evidence: Evidence, known: number, held: Uint8Array, blind: boolean): Channel[] {
  if (evidence.classes.some((each) => !each.binary)) {
    return [1, 1.5, 2.5, 5].map((more) => interleavingShares(known + more))
  }
  if (known === 0) return [...[1, 2, 3].map(interleavingTheta), estimatedTheta(evidence, 4, 0, held)]
  const told = blind ? 0 : known
  return [known + 1, known + 3].flatMap((leakers) => [
    interleavingTheta(leakers),
    estimatedTheta(evidence, leakers, told, told === 0 ? null : held),
  ])
}
