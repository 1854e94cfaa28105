import type { MarkSite } from '../../site.ts'
import { type Bag, bagOfSpan, likeness } from './bags.ts'
import type { Candidate } from './candidate.ts'
import { agreement, contextOf } from './context.ts'
import type { Choice } from './model.ts'
import type { Prepared, TokenIndex } from './prepare.ts'

/** Share of each branch that must be there. */
const MIN_FIT = 0.7
/** Likeness of exchanged branches from which on they could as well be each other. */
const CROSSED = 0.5

/**
 * Places where the site's condition decides between the site's branches, and whether it is written negated. Variant 0 is the plan's way.
 * Minifiers write every choice their own way, so a text that went through one says nothing.
 */
export function locateChoice(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const own = plan.model.choices.find((choice) => isAt(choice, site))
  if (!own || sample.squeezed) return []
  const byName = site.anchor['names'] === true
  const planTokens = byName ? plan.named : plan.erased
  const tokens = byName ? sample.named : sample.erased
  const [yes, no] = [bagOfSpan(planTokens, own.whenTrue), bagOfSpan(planTokens, own.whenFalse)]
  const tested = bagOfSpan(planTokens, own.condition)
  const context = contextOf(plan, own.node)
  const out: Candidate[] = []
  for (const choice of sample.model.choices) {
    if (choice.form !== own.form || choice.relation !== own.relation) continue
    const fit = branchFit(yes, no, choice, tokens)
    if (fit < MIN_FIT || alike(tested, tokens, choice.condition) < MIN_FIT) continue
    const around = agreement(context, sample, choice.node, byName)
    out.push({
      variant: choice.negated === own.negated ? 0 : 1,
      score: fit * (0.4 + 0.3 * around.far + 0.3 * around.near),
      bits: yes.bits + no.bits + tested.bits + around.bits,
      start: Math.min(choice.whenTrue.start, choice.whenFalse.start),
    })
  }
  return out
}

function isAt({ whenTrue, whenFalse }: Choice, { parts }: MarkSite): boolean {
  const start = Math.min(whenTrue.start, whenFalse.start)
  const end = Math.max(whenTrue.end, whenFalse.end)
  return parts?.[0]?.start === start && parts.at(-1)?.end === end
}

/** How well the branches are those of the plan, 0..1; 0 when they could as well be exchanged. */
function branchFit(yes: Bag, no: Bag, choice: Choice, tokens: TokenIndex): number {
  const straight = Math.min(alike(yes, tokens, choice.whenTrue), alike(no, tokens, choice.whenFalse))
  const crossed = Math.min(alike(yes, tokens, choice.whenFalse), alike(no, tokens, choice.whenTrue))
  return crossed > CROSSED ? 0 : straight
}

function alike(bag: Bag, tokens: TokenIndex, node: Choice['node']): number {
  const like = likeness(bag, tokens, node)
  return Math.min(like.ofPlan, like.ofSample)
}
