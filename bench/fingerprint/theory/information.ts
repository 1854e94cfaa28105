import { BIAS_TABLES, DENOMINATOR } from '@sigillo/fingerprint/law'
import type { BiasFamily } from '@sigillo/fingerprint/law'

/** What one site tells about the leakers, in nats. */
export interface Information {
  /** I(X1; Y | P): to a decoder that looks at one copy at a time. */
  readonly single: number
  /** I(X1..c; Y | P) / c: per leaker, to a decoder that looks at all c together (the capacity against this attack, were all to be named). */
  readonly joint: number
  /** I(X1; Y | X2..c, P): to a decoder that was told all leakers but one. */
  readonly conditional: number
}

/** Chances of leaving one of the symbols 0 and 1, or nothing readable. */
export type Outcome = readonly [zero: number, one: number, lost: number]

/** A merging of binary sites: what is left where k = 0..c of c leakers hold 1. */
export type BinaryMerging = readonly Outcome[]

/** The merging that writes 1 with chance `theta[k]`. */
export function mergingOf(theta: readonly number[]): BinaryMerging {
  return theta.map((one) => [1 - one, one, 0])
}

/** Chances of drawing symbol 1 at a binary site, with the share of the sites that have each. */
export type BiasLaw = readonly { readonly one: number; readonly share: number }[]

/** A family as a law. */
export function lawOf(family: BiasFamily): BiasLaw {
  const { cuts, ones } = BIAS_TABLES[family]
  return ones.map((one, k) => ({ one: one / DENOMINATOR, share: (cuts[k]! - (cuts[k - 1] ?? 0)) / 2 ** 32 }))
}

/** Information of a binary site with a bias drawn from `law`. */
export function binaryInformation(law: BiasLaw, merging: BinaryMerging): Information {
  return average(law.map(({ one, share }) => ({ share, value: informationAt(one, merging) })))
}

/** Weighted mean, quantity by quantity. */
export function average(parts: readonly { readonly share: number; readonly value: Information }[]): Information {
  const of = (pick: (value: Information) => number): number =>
    parts.reduce((sum, { share, value }) => sum + share * pick(value), 0)
  return { single: of((v) => v.single), joint: of((v) => v.joint), conditional: of((v) => v.conditional) }
}

/** p ln p with 0 ln 0 = 0, negated. */
export function surprise(p: number): number {
  return p > 0 ? -p * Math.log(p) : 0
}

function informationAt(one: number, merging: BinaryMerging): Information {
  const leakers = merging.length - 1
  const all = binomial(leakers, one)
  const others = binomial(leakers - 1, one)
  const whole = entropy(mix(all, merging))
  const given = (x: 0 | 1): Outcome => mix(others, merging.slice(x, x + leakers))
  const known = mean(all, merging.map(entropy))
  const allButOne = others.map((_, k) => entropy(mix([1 - one, one], merging.slice(k, k + 2))))
  return {
    single: whole - (1 - one) * entropy(given(0)) - one * entropy(given(1)),
    joint: (whole - known) / leakers,
    conditional: mean(others, allButOne) - known,
  }
}

function mix(weights: readonly number[], outcomes: readonly Outcome[]): Outcome {
  const of = (y: 0 | 1 | 2): number =>
    mean(
      weights,
      outcomes.map((outcome) => outcome[y]),
    )
  return [of(0), of(1), of(2)]
}

function entropy(outcome: Outcome): number {
  return outcome.reduce((sum, p) => sum + surprise(p), 0)
}

function mean(weights: readonly number[], values: readonly number[]): number {
  return weights.reduce((sum, weight, k) => sum + weight * values[k]!, 0)
}

function binomial(count: number, one: number): number[] {
  let law = [1]
  for (let n = 0; n < count; n++) {
    law = Array.from({ length: n + 2 }, (_, k) => (law[k] ?? 0) * (1 - one) + (law[k - 1] ?? 0) * one)
  }
  return law
}
