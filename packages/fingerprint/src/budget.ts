import { FingerprintError } from './errors.ts'

/**
 * The alpha of the k-th reading of one leak (k = 1, 2, ...): alpha/2, alpha/4, ... All readings together stay within alpha. Plan for it before
 * the first reading. Throws `bad-plan` when alpha is not in (0, 1) or k is not a positive integer.
 */
export function alphaOfReading(alpha: number, k: number): number {
  check(alpha, k)
  return alpha / 2 ** k
}

/**
 * The alpha of the k-th look at a growing series of leaks: alpha * 6 / (pi^2 k^2). However many looks are taken, together they stay within
 * alpha. Throws as `alphaOfReading` does.
 */
export function alphaOfLook(alpha: number, k: number): number {
  check(alpha, k)
  return (alpha * 6) / (Math.PI * Math.PI * k * k)
}

/** Chance of any false accusation over a programme's life: cases * alpha, at most 1. */
export function lifetimeBound(alpha: number, cases: number): number {
  check(alpha, cases)
  return Math.min(1, alpha * cases)
}

/**
 * One p-value for one recipient out of p-values from several releases (independent keys), by weighted Bonferroni: min p_i / w_i, at most 1.
 * The weights are fixed before decoding, positive, and sum to at most 1; default equal. Throws `bad-plan` otherwise.
 */
export function combineReleases(p: readonly number[], weights: readonly number[] = p.map(() => 1 / p.length)): number {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (p.length === 0 || weights.length !== p.length || weights.some((weight) => !(weight > 0)) || !(sum <= 1 + 1e-12)) {
    throw new FingerprintError('bad-plan', 'combining releases needs one positive weight each, summing to at most 1')
  }
  return p.reduce((best, value, i) => Math.min(best, value / (weights[i] ?? 0)), 1)
}

function check(alpha: number, k: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new FingerprintError('bad-plan', `alpha lies between 0 and 1, not ${alpha}`)
  if (!Number.isSafeInteger(k) || k < 1)
    throw new FingerprintError('bad-plan', `a count is a positive integer, not ${k}`)
}
