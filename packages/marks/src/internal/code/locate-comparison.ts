import type { MarkSite } from '../../site.ts'
import { type Bag, bagOfSpan, likeness } from './bags.ts'
import type { Candidate } from './candidate.ts'
import { agreement, contextOf } from './context.ts'
import type { Comparison } from './model.ts'
import type { Prepared, TokenIndex } from './prepare.ts'

const MIN_FIT = 0.8

/** Places where the site's operands are compared, and in which direction. Variant 0 is the plan's, variant 1 its mirror. */
export function locateComparison(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const own = plan.model.comparisons.find(
    (comparison) => comparison.node.start === site.span.start && comparison.node.end === site.span.end,
  )
  if (!own) return []
  const byName = site.anchor['names'] === true
  const planTokens = byName ? plan.named : plan.erased
  const tokens = byName ? sample.named : sample.erased
  const smaller = bagOfSpan(planTokens, sides(own).smaller)
  const larger = bagOfSpan(planTokens, sides(own).larger)
  const context = contextOf(plan, site.span)
  const out: Candidate[] = []
  for (const comparison of sample.model.comparisons) {
    if (strictness(comparison) !== strictness(own)) continue
    const fit = operandFit(smaller, larger, comparison, tokens)
    if (fit < MIN_FIT) continue
    const around = agreement(context, sample, comparison.node, byName)
    if (around.far < 0.3 || around.near < 0.3) continue
    out.push({
      variant: points(comparison) === points(own) ? 0 : 1,
      score: fit * (0.2 + 0.4 * around.far + 0.4 * around.near),
      bits: smaller.bits + larger.bits + around.bits,
      start: comparison.node.start,
    })
  }
  return out
}

function sides(comparison: Comparison): { smaller: Comparison['left']; larger: Comparison['left'] } {
  return points(comparison) === 'right'
    ? { smaller: comparison.left, larger: comparison.right }
    : { smaller: comparison.right, larger: comparison.left }
}

/** Where the larger operand stands. */
function points(comparison: Comparison): 'left' | 'right' {
  return comparison.operator.startsWith('<') ? 'right' : 'left'
}

function strictness(comparison: Comparison): boolean {
  return comparison.operator.length === 1
}

/** How well the operands are those of the plan, 0..1; 0 when they could as well be exchanged. */
function operandFit(smaller: Bag, larger: Bag, comparison: Comparison, tokens: TokenIndex): number {
  const found = sides(comparison)
  const straight = Math.min(alike(smaller, tokens, found.smaller), alike(larger, tokens, found.larger))
  const crossed = Math.min(alike(smaller, tokens, found.larger), alike(larger, tokens, found.smaller))
  return crossed > 0.5 ? 0 : straight
}

function alike(bag: Bag, tokens: TokenIndex, node: Comparison['left']): number {
  const like = likeness(bag, tokens, node)
  return Math.min(like.ofPlan, like.ofSample)
}
