import { type Bag, bagOf, matchedBits } from './bags.ts'
import { type Prepared, type TokenIndex, tokenAt } from './prepare.ts'

/** Tokens on either side that make the far and the near context. */
const FAR = 70
const NEAR = 7
/** Bits of far context below which a place has no far context worth the name. */
const THIN = 12

/** The surroundings of a site in the plan. */
export interface Context {
  readonly far: Bag
  readonly farNamed: Bag
  readonly nearErased: Bag
  readonly nearNamed: Bag
}

interface Range {
  readonly start: number
  readonly end: number
}

/** The function around a span, or the whole text. */
export function regionOf(prepared: Prepared, span: Range): Range {
  for (const region of prepared.model.regions)
    if (region.start <= span.start && span.end <= region.end && (region.start < span.start || region.end > span.end))
      return region
  return { start: 0, end: prepared.model.text.length }
}

/** Surroundings of a span of the plan, not reaching out of its function, without the span itself. */
export function contextOf(plan: Prepared, span: Range): Context {
  const memory = contexts.get(plan) ?? new Map<string, Context>()
  contexts.set(plan, memory)
  const key = `${span.start} ${span.end}`
  const context = memory.get(key) ?? freshContext(plan, span)
  memory.set(key, context)
  return context
}

/** A plan is read against many samples; its contexts stay the same. */
const contexts = new WeakMap<Prepared, Map<string, Context>>()

function freshContext(plan: Prepared, span: Range): Context {
  const region = regionOf(plan, span)
  return {
    far: around(plan.erased, span, region, FAR),
    farNamed: around(plan.named, span, region, FAR),
    nearErased: around(plan.erased, span, region, NEAR),
    nearNamed: around(plan.named, span, region, NEAR),
  }
}

function around(index: TokenIndex, span: Range, region: Range, width: number): Bag {
  const from = tokenAt(index.tokens, span.start)
  const to = tokenAt(index.tokens, span.end)
  const first = Math.max(from - width, tokenAt(index.tokens, region.start))
  const last = Math.min(to + width, tokenAt(index.tokens, region.end))
  return bagOf(index.tokens, first, last, [from, to])
}

/** How well the surroundings of a place in a sample agree with a context. */
export interface Agreement {
  /** Shares of the context's bits, 0..1. */
  readonly far: number
  readonly near: number
  /** Far bits that agree, those of names included when they count. */
  readonly bits: number
}

/** Compares; the far share never looks at names, the rest only when `useNames`. */
export function agreement(context: Context, sample: Prepared, span: Range, useNames: boolean): Agreement {
  const farBits = matchedAround(context.far, sample.erased, span, FAR * 2)
  const nearBag = useNames ? context.nearNamed : context.nearErased
  const nearIndex = useNames ? sample.named : sample.erased
  const nearBits = matchedAround(nearBag, nearIndex, span, NEAR + 3)
  const bits = useNames ? matchedAround(context.farNamed, sample.named, span, FAR * 2) : farBits
  const near = nearBag.bits > 0 ? nearBits / nearBag.bits : 0
  return { far: context.far.bits < THIN ? near : farBits / context.far.bits, near, bits }
}

function matchedAround(bag: Bag, index: TokenIndex, span: Range, width: number): number {
  const from = tokenAt(index.tokens, span.start)
  const to = tokenAt(index.tokens, span.end)
  return matchedBits(bag, index.tokens, from - width, to + width, [from, to])
}
