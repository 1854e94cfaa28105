import type { SiteClass } from '../evidence.ts'

/**
 * A way in which leakers may have made one text out of their copies: `pick(k, c, symbol)` is proportional to the chance that a symbol which
 * k of c leakers hold is what ends up readable at the site, 1 <= k < c; with k = c it always is, with k = 0 never.
 */
export interface MergingRule {
  readonly name: string
  /** Share of the prior among the rules for the same number of leakers. */
  readonly prior: number
  /** Share of the marks that are drawn anew or misread. */
  readonly misread: number
  readonly pick: (k: number, c: number, symbol: number) => number
}

const MISREAD = 0.03
const SLOPPY = 0.1

const MIXED: MergingRule = { name: 'mixed evenly', prior: 0.4, misread: MISREAD, pick: (k, c) => k / c }
const MIXED_SLOPPY: MergingRule = { ...MIXED, name: 'mixed evenly and damaged', prior: 0.1, misread: SLOPPY }
const DROPPED: MergingRule = { name: 'rid of what differs', prior: 0.05, misread: MISREAD, pick: () => 0 }
const HALF_DROPPED: MergingRule = { ...DROPPED, name: 'rid of half of what differs', pick: (k, c) => k / (2 * c) }

/** Rules for binary sites, where c - k leakers hold the other symbol. An estimated rule is tried beside them. */
export const BINARY_RULES: readonly MergingRule[] = [
  MIXED,
  MIXED_SLOPPY,
  { name: 'mixed by coin flips', prior: 0.1, misread: MISREAD, pick: () => 0.5 },
  { name: 'merged by majority', prior: 0.07, misread: MISREAD, pick: (k, c) => step(2 * k - c) },
  { name: 'merged by minority', prior: 0.07, misread: MISREAD, pick: (k, c) => step(c - 2 * k) },
  { name: 'merged in favour of symbol 1', prior: 0.04, misread: MISREAD, pick: (_k, _c, symbol) => symbol },
  { name: 'merged in favour of symbol 0', prior: 0.04, misread: MISREAD, pick: (_k, _c, symbol) => 1 - symbol },
  DROPPED,
  HALF_DROPPED,
]

/**
 * Rules for sites with many symbols. Where some differ, nearly all do: a symbol held k times stands against c - k others held once, and wins
 * with weight k^s against 1 each; s = 1 mixes evenly.
 */
export const Q_ARY_RULES: readonly MergingRule[] = [
  MIXED,
  MIXED_SLOPPY,
  { name: 'mixed whatever the numbers', prior: 0.1, misread: MISREAD, pick: (k, c) => 1 / (1 + c - k) },
  { name: 'merged by majority', prior: 0.1, misread: MISREAD, pick: (k, c) => k ** 4 / (k ** 4 + c - k) },
  { name: 'merged by minority', prior: 0.1, misread: MISREAD, pick: (k, c) => k ** -3 / (k ** -3 + c - k) },
  { ...DROPPED, prior: 0.1 },
  { ...HALF_DROPPED, prior: 0.1 },
]

function step(lead: number): number {
  return (Math.sign(lead) + 1) / 2
}

/**
 * P(the symbol read | k of `leakers` hold it), k = 0..leakers, at a readable site of this class. Rules that leave sites unreadable are
 * conditioned on the site being readable, so that values above 1 are possible: only ratios count.
 */
export function matchChances(rule: MergingRule, each: SiteClass, leakers: number): Float64Array {
  const raw = picks(rule, each.symbol, leakers)
  const { chance } = each
  let share = expected(raw, chance)
  if (each.binary) share += expected(picks(rule, 1 - each.symbol, leakers), 1 - chance)
  else share /= chance
  return raw.map((value) => ((1 - rule.misread) * value) / share + rule.misread * chance)
}

function picks(rule: MergingRule, symbol: number, leakers: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: leakers + 1 }, (_, k) => {
    if (k === 0) return 0
    return k === leakers ? 1 : rule.pick(k, leakers, symbol)
  })
}

function expected(raw: Float64Array, chance: number): number {
  const odds = binomial(raw.length - 1, chance)
  return raw.reduce((sum, value, k) => sum + value * odds[k]!, 0)
}

/** Law of how many of `trials` independent draws succeed. */
export function binomial(trials: number, chance: number): Float64Array {
  const odds = new Float64Array(trials + 1)
  odds[0] = 1
  for (let n = 1; n <= trials; n++) {
    for (let k = n; k > 0; k--) odds[k] = odds[k]! * (1 - chance) + odds[k - 1]! * chance
    odds[0] *= 1 - chance
  }
  return odds
}
