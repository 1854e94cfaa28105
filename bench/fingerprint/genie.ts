import { DENOMINATOR } from '@sigillo/fingerprint/law'
import { roundUp, tailAt, tailTable } from '@sigillo/fingerprint/tail'
import { readingLaw } from './theory/merge-law.ts'
import type { Scene } from './scene.ts'

/**
 * p of each leaker to a decoder that is told the other leakers and the attack, and tests nothing else: the best test there is for one leaker at a
 * time (Neyman-Pearson), with its exact p-value. No decoder that tests copies one by one can do better but by luck; how near J comes is what
 * is left to gain.
 */
export function genieP(scene: Scene, marks: number): number[] {
  return Array.from({ length: scene.setting.leakers }, (_, suspect) => toldAllBut(scene, marks, suspect))
}

const UNITS_PER_NAT = 16
/** Readings impossible under a hypothesis are taken for this unlikely: weights stay finite, p-values exact. */
const LEAST = 1e-4

function toldAllBut({ setting, sites, copies, reading }: Scene, marks: number, suspect: number): number {
  const accomplices = copies.slice(0, setting.leakers).filter((_, j) => j !== suspect)
  const weights: number[] = []
  const chances: number[] = []
  let earned = 0
  for (let i = 0; i < marks; i++) {
    const symbol = reading[i]!
    if (symbol === null) continue
    const { numerators } = sites[i]!
    const held = accomplices.map((copy) => copy.symbols[i]!)
    const likelihoods = numerators.map((_, x) => readingLaw([x, ...held], numerators.length, setting)[symbol]!)
    const chance = numerators[symbol]! / DENOMINATOR
    const gain = Math.log(
      Math.max(LEAST, likelihoods[symbol]!) / Math.max(LEAST, otherwise(numerators, likelihoods, symbol)),
    )
    const weight = Math.round(UNITS_PER_NAT * Math.abs(gain))
    const matches = copies[suspect]!.symbols[i] === symbol
    weights.push(weight)
    chances.push(gain < 0 ? 1 - chance : chance)
    if (matches === gain >= 0) earned += weight
  }
  return weights.length === 0 ? 1 : roundUp(tailAt(tailTable(weights, chances), earned))
}

/** Likelihood of the reading when the suspect holds another symbol. */
function otherwise(numerators: readonly number[], likelihoods: readonly number[], symbol: number): number {
  const sum = numerators.reduce((total, n, x) => total + (x === symbol ? 0 : n * likelihoods[x]!), 0)
  return sum / (DENOMINATOR - numerators[symbol]!)
}
