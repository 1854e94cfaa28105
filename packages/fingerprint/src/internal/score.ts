import { lnChernoff } from '../chernoff.ts'
import type { WeightGroups } from '../chernoff.ts'
import type { Evidence } from '../evidence.ts'
import { roundUp, tailAt, tailTable } from '../tail.ts'

/** Integer units per nat: slightly different but exactly lawful scores instead of a rounded tail. */
const UNITS_PER_NAT = 16

/** One score with integer weights and its null law, reusable for every copy that played no part in choosing the weights. */
export interface Score {
  readonly model: string
  /** Weight of each readable site, >= 0. */
  readonly weights: Int32Array
  /** 1: the weight is earned by matching; 0: by not matching. */
  readonly wanted: Uint8Array
  /** Chance that an innocent copy earns the weight. */
  readonly chances: Float64Array
  readonly groups: WeightGroups
  /** Filled by the first exact p-value: the law does not depend on who is tested. */
  tail: Float64Array | null
}

/**
 * Builds a score from what a match is worth over a mismatch, in nats: `gain[class * (known + 1) + held]`, where `held[site]` (null: all 0)
 * counts the known accomplices that match. A negative gain makes not matching the event that counts.
 */
export function buildScore(
  model: string,
  evidence: Evidence,
  gain: Float64Array,
  known: number,
  held: Uint8Array | null,
): Score {
  const { readable, classes, classOf } = evidence
  const weights = new Int32Array(readable)
  const wanted = new Uint8Array(readable)
  const chances = new Float64Array(readable)
  const counts = new Float64Array(gain.length)
  const units = Int32Array.from(gain, (nats) => Math.round(UNITS_PER_NAT * Math.abs(nats)))
  const chanceOf = Float64Array.from(gain, (nats, slot) => {
    const { chance } = classes[Math.floor(slot / (known + 1))]!
    return nats < 0 ? 1 - chance : chance
  })
  for (let i = 0; i < readable; i++) {
    const slot = classOf[i]! * (known + 1) + (held === null ? 0 : held[i]!)
    weights[i] = units[slot]!
    wanted[i] = gain[slot]! < 0 ? 0 : 1
    chances[i] = chanceOf[slot]!
    counts[slot] = counts[slot]! + 1
  }
  return { model, weights, wanted, chances, groups: { weights: units, chances: chanceOf, counts }, tail: null }
}

/**
 * Builds a score from what a match is worth over a mismatch at each readable site, in nats. A negative gain makes not matching the event that
 * counts.
 */
export function buildSiteScore(model: string, evidence: Evidence, gain: Float64Array): Score {
  const { readable, classes, classOf } = evidence
  const weights = Int32Array.from(gain, (nats) => Math.round(UNITS_PER_NAT * Math.abs(nats)))
  const wanted = Uint8Array.from(gain, (nats) => (nats < 0 ? 0 : 1))
  const chances = new Float64Array(readable)
  const groups = new Map<number, { weight: number; chance: number; count: number }>()
  for (let i = 0; i < readable; i++) {
    const { chance } = classes[classOf[i]!]!
    chances[i] = wanted[i] === 1 ? chance : 1 - chance
    const key = (weights[i]! * classes.length + classOf[i]!) * 2 + wanted[i]!
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { weight: weights[i]!, chance: chances[i]!, count: 1 })
    else group.count++
  }
  const listed = [...groups.values()]
  const grouped = {
    weights: Int32Array.from(listed, (group) => group.weight),
    chances: Float64Array.from(listed, (group) => group.chance),
    counts: Float64Array.from(listed, (group) => group.count),
  }
  return { model, weights, wanted, chances, groups: grouped, tail: null }
}

/** The score that copy number `copy` earns. */
export function scoreOf(evidence: Evidence, score: Score, copy: number): number {
  const { weights, wanted } = score
  const { readable, match } = evidence
  const row = copy * readable
  let sum = 0
  for (let i = 0; i < readable; i++) if (match[row + i] === wanted[i]) sum += weights[i]!
  return sum
}

/** Chance that an innocent copy earns at least `earned`, rounded up. */
export function exactP(score: Score, earned: number): number {
  score.tail ??= tailTable(score.weights, score.chances)
  return roundUp(tailAt(score.tail, earned))
}

/** Logarithm of the Chernoff bound on `exactP`. */
export function lnBound(score: Score, earned: number): number {
  return lnChernoff(score.groups, earned)
}
