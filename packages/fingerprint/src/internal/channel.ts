import type { Evidence, SiteClass } from '../evidence.ts'
import { binomial } from './merging.ts'

/**
 * A hypothesis about how `leakers` copies became one text. `theta[k]` = chance of reading 1 at a binary site where k of them hold 1. Sites
 * with more symbols are taken as mixed evenly, a share `Q_ARY_MISREAD` of them drawn anew.
 */
export interface Channel {
  readonly name: string
  readonly leakers: number
  readonly theta: Float64Array
}

/** Everybody's marks in equal shares, slightly softened so that no reading is impossible: theta_k = .02 + .96 k / c. */
export function interleavingTheta(leakers: number): Channel {
  return { name: `${leakers} copies in equal shares`, leakers, theta: evenTheta(leakers) }
}

/**
 * Fits theta for `leakers` leakers by EM to the symbols read and, where `held` is given, to the number of known accomplices (of `known`)
 * that match at each site. Looks at nothing else: a suspect's codeword must not be in `held`.
 */
export function estimatedTheta(evidence: Evidence, leakers: number, known: number, held: Uint8Array | null): Channel {
  const groups = emGroups(evidence, known, held)
  const start = evenTheta(leakers)
  const odds = groups.map((group) => binomial(leakers - known, group.one))
  let theta = start
  for (let round = 0; round < ITERATIONS; round++) {
    const next = emStep(groups, odds, start, theta)
    const moved = next.reduce((most, value, k) => Math.max(most, Math.abs(value - theta[k]!)), 0)
    theta = next
    if (moved < SETTLED) break
  }
  return { name: `${leakers} copies merged by an estimated rule`, leakers, theta }
}

/**
 * P(symbol read | k leakers hold it), k = 0..leakers, at a site of this class.
 */
export function channelChances({ theta, leakers }: Channel, each: SiteClass): Float64Array {
  return Float64Array.from({ length: leakers + 1 }, (_, k) => {
    if (!each.binary) return ((1 - Q_ARY_MISREAD) * k) / leakers + Q_ARY_MISREAD * each.chance
    return Math.max(FLOOR, each.symbol === 1 ? theta[k]! : 1 - theta[leakers - k]!)
  })
}

/** P(symbol read | `matching` known leakers hold it), the other `unknown` ones drawn from the law, out of `chances[k]` for all k. */
export function withUnknown(chances: Float64Array, unknown: Float64Array, matching: number): number {
  let sum = 0
  for (let k = 0; k < unknown.length; k++) sum += unknown[k]! * chances[matching + k]!
  return sum
}

/**
 * P(symbol read | a of `known` accomplices match) for each class and a = 0..known, at `[class * (known + 1) + a]`; the other leakers are
 * unknown and drawn from the law. Requires known <= leakers.
 */
export function likelihoods(evidence: Evidence, channel: Channel, known: number): Float64Array {
  const table = new Float64Array(evidence.classes.length * (known + 1))
  evidence.classes.forEach((each, c) => {
    const chances = channelChances(channel, each)
    const unknown = binomial(channel.leakers - known, each.chance)
    for (let a = 0; a <= known; a++) table[c * (known + 1) + a] = withUnknown(chances, unknown, a)
  })
  return table
}

const ITERATIONS = 60
const SETTLED = 1e-4
const PSEUDO_COUNT = 2
const Q_ARY_MISREAD = 0.02
const FLOOR = 0.001

function evenTheta(leakers: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: leakers + 1 }, (_, k) => 0.02 + (0.96 * k) / leakers)
}
interface EmGroup {
  readonly one: number
  readonly symbol: number
  /** How many known accomplices hold 1. */
  readonly held: number
  readonly count: number
}

function emGroups(evidence: Evidence, known: number, held: Uint8Array | null): EmGroup[] {
  const counts = new Float64Array(evidence.classes.length * (known + 1))
  for (let i = 0; i < evidence.readable; i++) {
    const slot = evidence.classOf[i]! * (known + 1) + (held === null ? 0 : held[i]!)
    counts[slot] = counts[slot]! + 1
  }
  return evidence.classes.flatMap(({ binary, one, symbol }, c) => {
    if (!binary) return []
    const groups: EmGroup[] = []
    for (let a = 0; a <= known; a++) {
      const count = counts[c * (known + 1) + a]!
      if (count > 0) groups.push({ one, symbol, held: symbol === 1 ? a : known - a, count })
    }
    return groups
  })
}

function emStep(
  groups: readonly EmGroup[],
  odds: readonly Float64Array[],
  start: Float64Array,
  theta: Float64Array,
): Float64Array<ArrayBuffer> {
  const ones = Float64Array.from(start, (value) => PSEUDO_COUNT * value)
  const all = new Float64Array(theta.length).fill(PSEUDO_COUNT)
  groups.forEach(({ symbol, held, count }, g) => {
    const prior = odds[g]!
    let total = 0
    for (let k = 0; k < prior.length; k++) total += prior[k]! * chanceOf(theta[held + k]!, symbol)
    for (let k = 0; k < prior.length; k++) {
      const part = (count * prior[k]! * chanceOf(theta[held + k]!, symbol)) / total
      all[held + k] = all[held + k]! + part
      if (symbol === 1) ones[held + k] = ones[held + k]! + part
    }
  })
  return ones.map((value, k) => Math.min(0.99, Math.max(0.01, value / all[k]!)))
}

function chanceOf(one: number, symbol: number): number {
  return symbol === 1 ? one : 1 - one
}
