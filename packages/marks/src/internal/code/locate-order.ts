import type { MarkSite, Span } from '../../site.ts'
import { type Bag, bagOfSpan, likeness } from './bags.ts'
import type { Candidate } from './candidate.ts'
import { agreement, type Context, contextOf } from './context.ts'
import type { Unit, UnitForm } from './model.ts'
import { planMemo } from './plan-memo.ts'
import type { Prepared, TokenIndex } from './prepare.ts'
import { unitIndex, unitsHolding } from './units.ts'

/** Shares of plan and sample that must agree for a unit to be a part: minifiers inline into functions, so those may grow. */
const STATEMENT = { ofPlan: 0.74, ofSample: 0.7 } as const
const FUNCTION = { ofPlan: 0.6, ofSample: 0.6 } as const
/** Parts stand next to each other in the plan; in a sample this much may have come between. */
const MAX_GAP = 4
/** How much better the parts must fit in the order read than in any other. */
const MARGIN = 0.3

interface Part {
  readonly form: UnitForm
  readonly shape: string
  readonly bag: Bag
}

interface Match {
  readonly unit: Unit
  readonly score: number
  readonly bits: number
}

/** Places where the parts of an order stand together in one list. */
export function locateOrder(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const byName = site.anchor['names'] === true
  const parts = (site.parts ?? []).map((part) => describePart(part, plan, byName))
  if (parts.length < 2) return []
  const tokens = byName ? sample.named : sample.erased
  const matches = parts.map((part) => matchesOf(part, sample, tokens))
  const out: Candidate[] = []
  const context = contextOf(plan, site.span)
  for (const [list, first] of byList(matches[0] ?? [])) {
    const rest = matches.slice(1).map((all) => byList(all).get(list) ?? [])
    if (rest.some((all) => all.length === 0)) continue
    for (const combination of combinations([first, ...rest])) {
      const candidate = judge(site, parts, combination, tokens, sample, context)
      if (candidate) out.push(candidate)
    }
  }
  return out
}

const remembered = planMemo<Part>()

function describePart(part: Span, plan: Prepared, byName: boolean): Part {
  return remembered(plan, `${part.start} ${part.end} ${byName}`, () => freshPart(part, plan, byName))
}

function freshPart(part: Span, plan: Prepared, byName: boolean): Part {
  let unit: Unit | null = null
  for (const other of plan.model.units) {
    const inside = other.start >= part.start && other.end <= part.end
    if (inside && (!unit || other.end - other.start > unit.end - unit.start)) unit = other
  }
  return {
    form: unit?.form ?? 'other',
    shape: unit?.shape ?? '',
    bag: bagOfSpan(byName ? plan.named : plan.erased, unit ?? part),
  }
}

function matchesOf(part: Part, sample: Prepared, tokens: TokenIndex): Match[] {
  const index = unitIndex(sample)
  const floor = part.form === 'function' ? FUNCTION : STATEMENT
  const units = part.bag.bits > 0 ? unitsHolding(index, tokens, part.bag, floor.ofPlan) : new Set<Unit>()
  const out: Match[] = []
  for (const unit of units) {
    if (part.form !== unit.form || part.shape !== unit.shape) continue
    const like = likeness(part.bag, tokens, unit)
    if (like.ofPlan < floor.ofPlan || like.ofSample < floor.ofSample) continue
    out.push({ unit, score: (like.ofPlan + like.ofSample) / 2, bits: like.bits })
  }
  return out
}

function byList(matches: readonly Match[]): Map<number, Match[]> {
  const out = new Map<number, Match[]>()
  for (const match of matches) {
    const known = out.get(match.unit.list)
    if (known) known.push(match)
    else out.set(match.unit.list, [match])
  }
  return out
}

/** Every choice of one match per part, as long as there are few and the units are different and close. */
function combinations(choices: readonly (readonly Match[])[]): Match[][] {
  let out: Match[][] = [[]]
  for (const matches of choices) {
    out = out.flatMap((chosen) => matches.map((match) => [...chosen, match]))
    if (out.length > 400) return []
  }
  return out.filter((chosen) => {
    const places = chosen.map((match) => match.unit.index)
    const spread = Math.max(...places) - Math.min(...places)
    return new Set(places).size === places.length && spread <= MAX_GAP + places.length - 1
  })
}

function judge(
  site: MarkSite,
  parts: readonly Part[],
  chosen: readonly Match[],
  tokens: TokenIndex,
  sample: Prepared,
  context: Context,
): Candidate | null {
  if (!distinct(parts, chosen, tokens)) return null
  const shown = chosen.map((_, part) => part).sort((a, b) => placeOf(chosen, a) - placeOf(chosen, b))
  const start = Math.min(...chosen.map((match) => match.unit.start))
  const end = Math.max(...chosen.map((match) => match.unit.end))
  const around = agreement(context, sample, { start, end }, false)
  const own = chosen.reduce((sum, match) => sum + match.score, 0) / chosen.length
  const bits = chosen.reduce((sum, match) => sum + match.bits, 0)
  const functions = parts.every((part) => part.form === 'function')
  const surroundings = functions ? 1 : around.far
  if (surroundings < 0.25) return null
  const variant = site.variants.findIndex((option) =>
    shown.every((part, slot) => (option.order ? option.order[slot] === part : slot === part)),
  )
  return {
    variant: variant < 0 ? null : variant,
    score: own * (0.4 + 0.4 * surroundings + 0.2 * (functions ? 1 : around.near)),
    bits: bits + (functions ? 0 : around.bits),
    start,
  }
}

function placeOf(chosen: readonly Match[], part: number): number {
  return chosen[part]!.unit.index
}

/** False when two parts could as well be each other. */
function distinct(parts: readonly Part[], chosen: readonly Match[], tokens: TokenIndex): boolean {
  for (const [a, partA] of parts.entries())
    for (const [b, partB] of parts.entries()) {
      if (a >= b) continue
      const unitA = chosen[a]!.unit
      const unitB = chosen[b]!.unit
      const straight = fit(partA, tokens, unitA) + fit(partB, tokens, unitB)
      const crossed = fit(partA, tokens, unitB) + fit(partB, tokens, unitA)
      if (straight - crossed < MARGIN) return false
    }
  return true
}

function fit(part: Part, tokens: TokenIndex, unit: Unit): number {
  const like = likeness(part.bag, tokens, unit)
  return part.bag.bits === 0 ? 0 : Math.min(like.ofPlan, like.ofSample)
}
