import type { Evidence } from '@sigillo/fingerprint/evidence'
import { roundUp, tailAt, tailTable } from '@sigillo/fingerprint/tail'
import { normalQuantile, normalTail } from './gaussian.ts'

/** A textbook decoder: a score per site, summed, against a threshold fixed before the leak is seen. */
export interface PeerScore {
  readonly name: string
  /** What a match is worth where an innocent copy matches with chance r, and a mismatch. */
  match(r: number): number
  mismatch(r: number): number
  /** Variance of an innocent's score that the decoder assumes for a readable site of q symbols. */
  variance(q: number): number
}

/** The p-value that the decoder believes in, copy by copy: the Gaussian tail at each score. It accuses at p <= alpha / N. */
export function believedP(evidence: Evidence, alphabets: readonly number[], peer: PeerScore): number[] {
  const { classes, classOf, match, readable } = evidence
  const sigma = believedSigma(alphabets, peer)
  const worth = classes.flatMap(({ chance }) => [peer.mismatch(chance), peer.match(chance)])
  return evidence.copies.map((_, copy) => {
    let sum = 0
    for (let i = 0; i < readable; i++) sum += worth[2 * classOf[i]! + match[copy * readable + i]!]!
    return sigma === 0 ? 1 : normalTail(sum / sigma)
  })
}

/** The same score with its exact p-value, copy by copy: weights rounded to 1/16 and the law of just these weights. */
export function exactPeerP(evidence: Evidence, peer: PeerScore): number[] {
  const { weights, chances } = integerScore(evidence, peer, COARSE)
  const tail = tailTable(weights, chances)
  return evidence.copies.map((_, copy) => {
    let earned = 0
    for (let i = 0; i < evidence.readable; i++) earned += evidence.match[copy * evidence.readable + i]! * weights[i]!
    return roundUp(tailAt(tail, earned))
  })
}

/**
 * The chance that the decoder accuses one given innocent copy when it believes in `level`: the exact law of the score given laws and reading,
 * up to its rounding to 1/64. `alphabets` holds q of each readable site.
 */
export function trueLevel(evidence: Evidence, alphabets: readonly number[], peer: PeerScore, level: number): number {
  const { weights, chances } = integerScore(evidence, peer, FINE)
  const mean = weights.reduce((sum, weight, i) => sum + weight * chances[i]!, 0)
  const threshold = FINE * believedSigma(alphabets, peer) * normalQuantile(level)
  return tailAt(tailTable(weights, chances), mean + threshold)
}

const COARSE = 16
const FINE = 64

/** What a match is worth over a mismatch, as integers, and how likely an innocent copy matches. */
function integerScore(evidence: Evidence, peer: PeerScore, units: number): { weights: number[]; chances: number[] } {
  const { classes, classOf } = evidence
  const gains = classes.map(({ chance }) => Math.round(units * (peer.match(chance) - peer.mismatch(chance))))
  return {
    weights: Array.from(classOf, (c) => gains[c]!),
    chances: Array.from(classOf, (c) => classes[c]!.chance),
  }
}

function believedSigma(alphabets: readonly number[], peer: PeerScore): number {
  return Math.sqrt(alphabets.reduce((sum, q) => sum + peer.variance(q), 0))
}
