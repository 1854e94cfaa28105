import { roundUp } from './tail.ts'

/**
 * The Chernoff bound on the tail that `tailTable` computes exactly: min over u > 0 of exp(-u t + sum ln(1 - r + r e^(u W))). A reader of the
 * evidence can check it with a pocket calculator and the printed u; it is always at least the exact value, and one decade too large or so.
 * At most 1; 1 for a score not above its mean.
 */
export function chernoffBound(weights: ArrayLike<number>, chances: ArrayLike<number>, score: number): number {
  return boundFromLog(lnChernoff({ weights, chances, counts: null }, score))
}

/** Sites with the same weight and chance counted together; `counts` null means one site each. */
export interface WeightGroups {
  readonly weights: ArrayLike<number>
  readonly chances: ArrayLike<number>
  readonly counts: ArrayLike<number> | null
}

/** Natural logarithm of the Chernoff bound, at most 0. Every u gives a valid bound, so that a coarse search is still rigorous. */
export function lnChernoff(groups: WeightGroups, score: number): number {
  let mean = 0
  for (let g = 0; g < groups.weights.length; g++) mean += groups.weights[g]! * groups.chances[g]! * countOf(groups, g)
  if (score <= mean) return 0
  const u = bestTilt(groups, score)
  return Math.min(0, lnMoment(groups, u) - u * score)
}

/** Turns the logarithm into a probability, rounded up past the arithmetic error. */
export function boundFromLog(ln: number): number {
  return Math.min(1, roundUp(Math.exp(ln + 1e-8)))
}

const MAX_TILT = 64

/** Solves K'(u) = score by Newton steps kept inside a shrinking bracket. */
function bestTilt(groups: WeightGroups, score: number): number {
  let low = 0
  let high = MAX_TILT
  let u = 0.05
  for (let step = 0; step < 60 && high - low > 1e-9 * high; step++) {
    let slope = -score
    let curve = 0
    for (let g = 0; g < groups.weights.length; g++) {
      const weight = groups.weights[g]!
      const chance = groups.chances[g]!
      const tilted = chance / (chance + (1 - chance) * Math.exp(-u * weight))
      const count = countOf(groups, g)
      slope += count * weight * tilted
      curve += count * weight * weight * tilted * (1 - tilted)
    }
    if (slope < 0) low = u
    else high = u
    const next = u - slope / curve
    const inside = next > low && next < high
    if (inside && Math.abs(next - u) < 1e-6 * u) return next
    u = inside ? next : (low + high) / 2
  }
  return u
}

function lnMoment(groups: WeightGroups, u: number): number {
  let sum = 0
  for (let g = 0; g < groups.weights.length; g++) {
    const weight = groups.weights[g]!
    const chance = groups.chances[g]!
    sum += countOf(groups, g) * (u * weight + Math.log(chance + (1 - chance) * Math.exp(-u * weight)))
  }
  return sum
}

function countOf(groups: WeightGroups, g: number): number {
  return groups.counts === null ? 1 : groups.counts[g]!
}
