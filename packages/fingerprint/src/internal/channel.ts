import type { Evidence, SiteClass } from '../evidence.ts'

/**
 * A hypothesis about how `leakers` copies became one text. `theta[k]` = chance of reading 1 at a binary site where k of them hold 1 (null:
 * each mark is a random leaker's). `flip`: share of q-ary marks (of all marks when theta is null) drawn anew. `floor`: no chance is put
 * below this.
 */
export interface Channel {
  readonly name: string
  readonly leakers: number
  readonly theta: Float64Array | null
  readonly flip: number
  readonly floor: number
}

/** Everybody's marks in equal shares, slightly softened so that no reading is impossible: theta_k = .02 + .96 k / c. */
export function interleavingTheta(leakers: number): Channel {
  const theta = Float64Array.from({ length: leakers + 1 }, (_, k) => 0.02 + (0.96 * k) / leakers)
  return { name: mergedName(leakers), leakers, theta, flip: 0.02, floor: 0.001 }
}

/** Interleaving for sites of any size; `leakers` need not be whole. */
export function interleavingShares(leakers: number): Channel {
  return { name: mergedName(leakers), leakers, theta: null, flip: 0.02, floor: 0 }
}

/**
 * Fits theta for `leakers` leakers by EM to the symbols read and, where `held` is given, to the number of known accomplices (of `known`)
 * that match at each site. Looks at nothing else: a suspect's codeword must not be in `held`.
 */
export function estimatedTheta(evidence: Evidence, leakers: number, known: number, held: Uint8Array | null): Channel {
  const groups = emGroups(evidence, known, held)
  const start = Float64Array.from({ length: leakers + 1 }, (_, k) => 0.02 + (0.96 * k) / leakers)
  let theta = start
  const odds = groups.map((group) => unknownOnes(leakers - known, group.one))
  for (let round = 0; round < ITERATIONS; round++) theta = emStep(groups, odds, start, theta)
  return { name: `${leakers} copies merged by an estimated rule`, leakers, theta, flip: 0.02, floor: 0.001 }
}

/**
 * P(symbol read | a of `known` accomplices match) for each class and a = 0..known, at `[class * (known + 1) + a]`; the other leakers are
 * unknown and drawn from the law. Requires known <= leakers.
 */
export function likelihoods(evidence: Evidence, channel: Channel, known: number): Float64Array {
  const table = new Float64Array(evidence.classes.length * (known + 1))
  evidence.classes.forEach((each, c) => {
    for (let a = 0; a <= known; a++) table[c * (known + 1) + a] = likelihood(each, channel, known, a)
  })
  return table
}

function mergedName(leakers: number): string {
  return leakers === 1 ? 'this copy alone' : `${leakers} copies in equal shares`
}

const ITERATIONS = 60
const PSEUDO_COUNT = 2

function likelihood(each: SiteClass, channel: Channel, known: number, matching: number): number {
  if (!each.binary || channel.theta === null) {
    const shares = matching / channel.leakers + ((channel.leakers - known) / channel.leakers) * each.chance
    return (1 - channel.flip) * shares + channel.flip * each.chance
  }
  const odds = unknownOnes(channel.leakers - known, each.one)
  const held = each.symbol === 1 ? matching : known - matching
  let one = 0
  for (let k = 0; k < odds.length; k++) one += odds[k]! * channel.theta[held + k]!
  return Math.max(channel.floor, each.symbol === 1 ? one : 1 - one)
}

/** Binomial law of how many of `unknown` leakers hold 1. */
function unknownOnes(unknown: number, one: number): Float64Array {
  const odds = new Float64Array(unknown + 1)
  odds[0] = 1
  for (let n = 1; n <= unknown; n++) {
    for (let k = n; k > 0; k--) odds[k] = odds[k]! * (1 - one) + odds[k - 1]! * one
    odds[0] *= 1 - one
  }
  return odds
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
