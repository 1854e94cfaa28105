import type { MarkSite } from '../../site.ts'
import { type Bag, bagOfSpan, likeness } from './bags.ts'
import type { Candidate } from './candidate.ts'
import { siteValues } from './classes.ts'
import { tokensNamed } from './locate-name.ts'
import type { CodeToken, Unit } from './model.ts'
import { planMemo } from './plan-memo.ts'
import type { Prepared } from './prepare.ts'
import { unitIndex } from './units.ts'

/** Functions that do what the site's function does, with what they are called. */
export function locateFunctionName(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const words = siteValues(site)
  if (!words || sample.mangled) return []
  const body = bodyOf(site, plan)
  if (!body) return []
  const used = words.filter((word) => tokensNamed(sample, word).length > 0)
  const out: Candidate[] = []
  for (const { unit, name } of definitions(sample)) {
    const variant = words.indexOf(name.value)
    if (variant < 0) continue
    const like = likeness(body, sample.erased, unit)
    // Another word of the pool in use, be it only in a call: the text is made of several copies, or that word means something else.
    out.push({
      variant: used.length > 1 ? null : variant,
      score: (like.ofPlan + like.ofSample) / 2,
      bits: like.bits,
      start: name.start,
    })
  }
  return out
}

interface Definition {
  readonly unit: Unit
  readonly name: CodeToken
}

const known = new WeakMap<Prepared, readonly Definition[]>()

/** Functions of a text with the token that names them: the first name in them. */
function definitions(prepared: Prepared): readonly Definition[] {
  const cached = known.get(prepared)
  if (cached) return cached
  const out: Definition[] = []
  const names = prepared.model.tokens.filter((token) => token.kind === 'name')
  let at = 0
  for (const unit of unitIndex(prepared).units) {
    if (unit.form !== 'function' && unit.shape !== 'function') continue
    while (at < names.length && names[at]!.start < unit.start) at++
    const name = names[at]
    if (name && name.end <= unit.end) out.push({ unit, name })
  }
  known.set(prepared, out)
  return out
}

const remembered = planMemo<Bag | null>()

/** What the plan's function holds, with everything erased that renaming changes. */
function bodyOf(site: MarkSite, plan: Prepared): Bag | null {
  return remembered(plan, `${site.span.start} ${site.span.end}`, () => {
    const starts = new Set(site.variants.flatMap((variant) => (variant.edits ?? []).map((edit) => edit.span.start)))
    const own = definitions(plan).find(({ name }) => starts.has(name.start))
    return own ? bagOfSpan(plan.erased, own.unit) : null
  })
}
