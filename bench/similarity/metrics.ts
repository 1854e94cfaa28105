/** How well scores tell derived from unrelated pairs. All between 0 and 1. */
export interface Figures {
  readonly positives: number
  readonly negatives: number
  /** Chance that a derived pair scores above an unrelated one, ties counted half. */
  readonly auc: number
  readonly averagePrecision: number
  /** Derived pairs found at 1 % and 0.1 % false alarms. */
  readonly at1: number
  readonly at01: number
}

/** The least score that at most a share of the negatives exceed; with fewer negatives than 1 / share, none of them exceeds it. */
export function thresholdAt(negatives: readonly number[], share: number): number {
  const sorted = [...negatives].sort((a, b) => b - a)
  return sorted[Math.floor(share * sorted.length)] ?? Number.NEGATIVE_INFINITY
}

/** The share of scores strictly above a threshold; 0 of none. */
export function shareAbove(scores: readonly number[], threshold: number): number {
  return scores.length === 0 ? 0 : scores.filter((score) => score > threshold).length / scores.length
}

/** All figures of one scorer on one set of pairs. */
export function figuresOf(positives: readonly number[], negatives: readonly number[]): Figures {
  return {
    positives: positives.length,
    negatives: negatives.length,
    auc: areaUnderRoc(positives, negatives),
    averagePrecision: averagePrecision(positives, negatives),
    at1: shareAbove(positives, thresholdAt(negatives, 0.01)),
    at01: shareAbove(positives, thresholdAt(negatives, 0.001)),
  }
}

interface Level {
  readonly positives: number
  readonly negatives: number
}

function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  let below = negatives.length
  let won = 0
  for (const level of levels(positives, negatives)) {
    below -= level.negatives
    won += level.positives * (below + level.negatives / 2)
  }
  return won / (positives.length * negatives.length)
}

/** Precision after each score level, weighted by the positives it adds: pairs with equal scores are judged together, so their order cannot help. */
function averagePrecision(positives: readonly number[], negatives: readonly number[]): number {
  let found = 0
  let seen = 0
  let sum = 0
  for (const level of levels(positives, negatives)) {
    found += level.positives
    seen += level.positives + level.negatives
    sum += level.positives * (found / seen)
  }
  return sum / positives.length
}

/** How many pairs of each sort have each score, best first. */
function levels(positives: readonly number[], negatives: readonly number[]): Level[] {
  const counts = new Map<number, { positives: number; negatives: number }>()
  const count = (score: number, sort: 'positives' | 'negatives'): void => {
    const level = counts.get(score) ?? { positives: 0, negatives: 0 }
    level[sort]++
    counts.set(score, level)
  }
  for (const score of positives) count(score, 'positives')
  for (const score of negatives) count(score, 'negatives')
  return [...counts].sort(([a], [b]) => b - a).map(([, level]) => level)
}
