import { type KeyedToken, type TokenIndex, tokenAt } from './prepare.ts'

/** A multiset of keys with its weight in bits. */
export interface Bag {
  readonly counts: ReadonlyMap<string, number>
  readonly bits: number
  readonly weights: ReadonlyMap<string, number>
}

/** Token positions `from..to` (half open), without those in `hole`. */
export function bagOf(tokens: readonly KeyedToken[], from: number, to: number, hole?: readonly [number, number]): Bag {
  const counts = new Map<string, number>()
  const weights = new Map<string, number>()
  let bits = 0
  for (let at = Math.max(0, from); at < Math.min(to, tokens.length); at++) {
    if (hole && at >= hole[0] && at < hole[1]) continue
    const token = tokens[at]!
    counts.set(token.key, (counts.get(token.key) ?? 0) + 1)
    weights.set(token.key, token.bits)
    bits += token.bits
  }
  return { counts, bits, weights }
}

/** The bag of a stretch of text. */
export function bagOfSpan(index: TokenIndex, span: { readonly start: number; readonly end: number }): Bag {
  return bagOf(index.tokens, tokenAt(index.tokens, span.start), tokenAt(index.tokens, span.end))
}

/** Bits of `plan` that token positions `from..to` also show. */
export function matchedBits(
  plan: Bag,
  tokens: readonly KeyedToken[],
  from: number,
  to: number,
  hole?: readonly [number, number],
): number {
  const seen = new Map<string, number>()
  let bits = 0
  for (let at = Math.max(0, from); at < Math.min(to, tokens.length); at++) {
    if (hole && at >= hole[0] && at < hole[1]) continue
    const key = tokens[at]!.key
    const wanted = plan.counts.get(key)
    if (wanted === undefined) continue
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    if (count <= wanted) bits += plan.weights.get(key)!
  }
  return bits
}

/** How alike two stretches are. */
export interface Likeness {
  /** Bits found on both sides. */
  readonly bits: number
  /** Share of the plan's bits that the sample shows, and of the sample's bits that the plan explains; 1 when there are none. */
  readonly ofPlan: number
  readonly ofSample: number
}

/** Compares a bag with a stretch of a sample. */
export function likeness(
  plan: Bag,
  index: TokenIndex,
  span: { readonly start: number; readonly end: number },
): Likeness {
  const from = tokenAt(index.tokens, span.start)
  const to = tokenAt(index.tokens, span.end)
  const bits = matchedBits(plan, index.tokens, from, to)
  let total = 0
  for (let at = from; at < to; at++) total += index.tokens[at]!.bits
  return { bits, ofPlan: plan.bits > 0 ? bits / plan.bits : 1, ofSample: total > 0 ? bits / total : 1 }
}
