import { type KeyedToken, type TokenIndex, tokenAt } from './prepare.ts'

/** A multiset of keys with its weight in bits. */
export interface Bag {
  readonly items: ReadonlyMap<string, BagItem>
  readonly bits: number
}

/** A key of a bag: how often it is there and what each time weighs. */
export interface BagItem {
  readonly count: number
  readonly weight: number
  /** Times it was met in comparison number `round`: bags are compared so often that a table for each time would be felt. */
  met: number
  round: number
}

let rounds = 0

/** Token positions `from..to` (half open), without those in `hole`. */
export function bagOf(tokens: readonly KeyedToken[], from: number, to: number, hole?: readonly [number, number]): Bag {
  const items = new Map<string, BagItem>()
  let bits = 0
  for (let at = Math.max(0, from); at < Math.min(to, tokens.length); at++) {
    if (hole && at >= hole[0] && at < hole[1]) continue
    const token = tokens[at]!
    const count = (items.get(token.key)?.count ?? 0) + 1
    items.set(token.key, { count, weight: token.bits, met: 0, round: 0 })
    bits += token.bits
  }
  return { items, bits }
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
  const round = ++rounds
  const end = Math.min(to, tokens.length)
  const [holeStart, holeEnd] = hole ?? [end, end]
  let bits = 0
  for (let at = Math.max(0, from); at < end; at++) {
    if (at >= holeStart && at < holeEnd) continue
    const item = plan.items.get(tokens[at]!.key)
    if (item === undefined) continue
    if (item.round !== round) {
      item.round = round
      item.met = 0
    }
    if (item.met++ < item.count) bits += item.weight
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
