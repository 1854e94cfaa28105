import type { MarkSite } from '../../site.ts'
import { bagOfSpan, likeness } from './bags.ts'
import type { Candidate } from './candidate.ts'
import { agreement, contextOf } from './context.ts'
import type { Idiom } from './model.ts'
import type { Prepared } from './prepare.ts'

const MIN_FIT = 0.7

/** Places where the site's construct stands, and how it is spelled there. Minifiers have one spelling for all. */
export function locateIdiom(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const { at, family, forms } = site.anchor
  const own = plan.model.idioms.find((idiom) => idiom.node.start === at && idiom.family === family)
  if (!own || sample.squeezed || !Array.isArray(forms)) return []
  const byName = site.anchor['names'] === true
  const bag = bagOfSpan(byName ? plan.named : plan.erased, essenceOf(own))
  const tokens = byName ? sample.named : sample.erased
  const context = contextOf(plan, own.node)
  return sample.model.idioms.flatMap((idiom) => {
    const like = likeness(bag, tokens, essenceOf(idiom))
    const fit = Math.min(like.ofPlan, like.ofSample)
    if (idiom.family !== family || fit < MIN_FIT) return []
    const around = agreement(context, sample, idiom.node, byName)
    const variant = forms.indexOf(idiom.form)
    const score = fit * (0.2 + 0.4 * around.far + 0.4 * around.near)
    return [{ variant: variant < 0 ? null : variant, score, bits: like.bits + around.bits, start: idiom.node.start }]
  })
}

/** From the first shared part to the last; empty where the spellings share nothing. */
function essenceOf({ essence, node }: Idiom): { start: number; end: number } {
  return { start: essence[0]?.start ?? node.start, end: essence.at(-1)?.end ?? node.start }
}
