import { FingerprintError } from './errors.ts'

/**
 * Exact tail of T = sum W_i B_i for independent B_i, where B_i is 1 with chance r_i: the law of an innocent copy's score, given everything
 * the weights were chosen from. Binary and q-ary sites go into the same sum; they differ only in r_i.
 *
 * Returns `table` with `table[t]` = P(T >= t) for t = 0 .. sum W + 1 (`table[0]` = 1, the last entry 0), non-increasing. Weights are
 * integers >= 0, chances lie in 0..1. Only sums and products of non-negative numbers: relative error below (3m + sum W) 2^-53, under 1e-11
 * for every size accepted here, except that values under 1e-300 may be flushed to 0. Cost: m * sum W / 2 multiply-adds.
 * Throws `bad-trace` on other input or a table of more than 2^26 entries.
 */
export function tailTable(weights: ArrayLike<number>, chances: ArrayLike<number>): Float64Array {
  const order = checkedOrder(weights, chances)
  let total = 0
  for (const site of order) total += weights[site] ?? 0
  if (total > MAX_TABLE) throw new FingerprintError('bad-trace', `weights sum to ${total}, more than ${MAX_TABLE}`)
  const law = new Float64Array(total + 2)
  law[0] = 1
  let top = 0
  for (const site of order) top = convolve(law, top, weights[site] ?? 0, chances[site] ?? 0)
  return sumUp(law, total)
}

/**
 * The chance that an innocent copy scores at least `score`, rounded up: P(T >= score) (1 + 1e-9) + 1e-290, at most 1. Never below the
 * exact value; 1 for scores <= 0. Throws as `tailTable` does.
 */
export function conditionalPValue(weights: ArrayLike<number>, chances: ArrayLike<number>, score: number): number {
  return roundUp(tailAt(tailTable(weights, chances), score))
}

/** P(T >= score) out of a table by `tailTable`; 1 below the table and 0 above it. */
export function tailAt(table: Float64Array, score: number): number {
  if (score <= 0) return 1
  return table[Math.ceil(score)] ?? 0
}

/** A probability made safe against the arithmetic error of `tailTable`. */
export function roundUp(probability: number): number {
  return Math.min(1, probability * (1 + 1e-9) + 1e-290)
}

const MAX_TABLE = 2 ** 26
const FLUSH = 1e-300

/** Light weights first: the law stays short for as long as possible. */
function checkedOrder(weights: ArrayLike<number>, chances: ArrayLike<number>): Uint32Array {
  if (weights.length !== chances.length) throw new FingerprintError('bad-trace', 'one chance is needed for each weight')
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? Number.NaN
    const chance = chances[i] ?? Number.NaN
    if (!Number.isInteger(weight) || weight < 0)
      throw new FingerprintError('bad-trace', `weight ${i} is not an integer >= 0`)
    if (!(chance >= 0 && chance <= 1)) throw new FingerprintError('bad-trace', `chance ${i} is not in 0..1`)
  }
  return Uint32Array.from({ length: weights.length }, (_, i) => i).sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0))
}

/** Adds one site in place; returns the new last index that carries any probability. */
function convolve(law: Float64Array, top: number, weight: number, chance: number): number {
  if (weight === 0) return top
  const miss = 1 - chance
  for (let t = top + weight; t > top && t >= weight; t--) law[t] = law[t - weight]! * chance
  for (let t = top; t >= weight; t--) law[t] = law[t]! * miss + law[t - weight]! * chance
  for (let t = Math.min(top, weight - 1); t >= 0; t--) law[t] = law[t]! * miss
  let last = top + weight
  while (last > 0 && law[last]! < FLUSH) {
    law[last] = 0
    last--
  }
  return last
}

function sumUp(law: Float64Array, total: number): Float64Array {
  for (let t = total; t > 0; t--) law[t] = law[t]! + law[t + 1]!
  law[0] = 1
  return law
}
