import type { Evidence } from './evidence.ts'
import type { JointDecoder } from './joint.ts'
import { roundUp } from './tail.ts'

/** "At least one of these two copies was used." A lead, never an accusation. */
export interface PairLead {
  readonly recipients: readonly [string, string]
  /** Chance that two given innocent copies would together look at least as suspicious. */
  readonly p: number
  /** What `p` had to reach: leadAlpha / C(N, 2); 0 until a trace has set it. */
  readonly threshold: number
}

/**
 * Tests the 24 pairs that explain the reading best against "both are innocent", smallest p first. Exact: under that hypothesis each site adds
 * one of three integer scores (none, one, both match) with known chances. Which pairs are looked at is paid for by dividing the budget
 * among all C(N, 2), which is the caller's part.
 */
export function testPairs(evidence: Evidence, joint: JointDecoder): PairLead[] {
  const pairs = joint.bestPairs(PAIRS_TESTED)
  if (pairs.length === 0) return []
  const score = pairScore(evidence, joint.pairLikelihoods())
  return pairs.map((pair) => testPair(evidence, score, pair)).sort((a, b) => a.p - b.p)
}

const PAIRS_TESTED = 24
const UNITS_PER_NAT = 16

interface PairScore {
  /** `units[class * 3 + matches]`, the smallest of each class 0. */
  readonly units: Int32Array
  readonly tail: Float64Array
}

function pairScore(evidence: Evidence, likelihoods: Float64Array): PairScore {
  const units = new Int32Array(likelihoods.length)
  evidence.classes.forEach((_, c) => {
    const raw = [0, 1, 2].map((a) => Math.round(UNITS_PER_NAT * Math.log(likelihoods[c * 3 + a]!)))
    const least = Math.min(...raw)
    for (let a = 0; a <= 2; a++) units[c * 3 + a] = raw[a]! - least
  })
  return { units, tail: pairTail(evidence, units) }
}

/** P(T >= t) for two innocent copies. */
function pairTail(evidence: Evidence, units: Int32Array): Float64Array {
  const { readable, classes, classOf } = evidence
  let total = 0
  for (let i = 0; i < readable; i++) total += most(units, classOf[i]!)
  let law = new Float64Array(total + 2)
  let next = new Float64Array(total + 2)
  law[0] = 1
  let top = 0
  for (let i = 0; i < readable; i++) {
    const c = classOf[i]!
    const r = classes[c]!.chance
    next.fill(0, 0, top + most(units, c) + 1)
    addShifted(next, law, top, units[c * 3]!, (1 - r) * (1 - r))
    addShifted(next, law, top, units[c * 3 + 1]!, 2 * r * (1 - r))
    addShifted(next, law, top, units[c * 3 + 2]!, r * r)
    top += most(units, c)
    const spare = law
    law = next
    next = spare
  }
  for (let t = total; t > 0; t--) law[t] = law[t]! + law[t + 1]!
  law[0] = 1
  return law
}

function most(units: Int32Array, c: number): number {
  return Math.max(units[c * 3]!, units[c * 3 + 1]!, units[c * 3 + 2]!)
}

function addShifted(into: Float64Array, from: Float64Array, top: number, shift: number, chance: number): void {
  for (let t = 0; t <= top; t++) into[t + shift] = into[t + shift]! + from[t]! * chance
}

function testPair(evidence: Evidence, { units, tail }: PairScore, pair: readonly number[]): PairLead {
  const [first, second] = [pair[0]!, pair[1]!]
  const { readable, classOf, match, copies } = evidence
  let earned = 0
  for (let i = 0; i < readable; i++) {
    earned += units[classOf[i]! * 3 + match[first * readable + i]! + match[second * readable + i]!]!
  }
  return { recipients: [copies[first] ?? '', copies[second] ?? ''], p: roundUp(tail[earned]!), threshold: 0 }
}
