import type { MarkSite, Span } from '../../site.ts'
import { bitsOf } from './background.ts'
import { siteValues } from './classes.ts'
import type { Candidate } from './candidate.ts'
import { agreement, type Context, contextOf } from './context.ts'
import type { CodeToken } from './model.ts'
import { planMemo } from './plan-memo.ts'
import type { Prepared, WireHit } from './prepare.ts'

/** Most bits that a value gives by itself, however odd it looks. */
const MAX_VALUE_BITS = 18
/** Uses of a constant that are looked at: minifiers write its value there. */
const MAX_USES = 12

/** Places where one of the site's values stands in surroundings like those of the site, or of a use of the constant it defines. */
export function locateWire(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const values = siteValues(site)
  if (!values) return []
  const kind = site.anchor['literal'] === 'number' ? 'number' : 'string'
  const contexts = placesOf(site.span, plan).map((span) => contextOf(plan, span))
  const useNames = !sample.mangled
  const out: Candidate[] = []
  for (const hit of sample.hits) {
    if (hit.kind !== kind) continue
    const variant = values.indexOf(hit.value)
    if (variant >= 0) out.push(bestOf(hit, variant, contexts, sample, useNames, valueBits(hit, values.length)))
  }
  return out
}

/** How surprising it is to meet one of a pool's `q` values, given how common its words are. */
function valueBits(hit: WireHit, q: number): number {
  const keys =
    hit.kind === 'number' ? [`n:${hit.value}`] : (hit.value.match(/[A-Za-z0-9_$]+/g) ?? []).map((word) => `w:${word}`)
  const bits = keys.reduce((sum, key) => sum + bitsOf(key), -Math.log2(q))
  return Math.min(MAX_VALUE_BITS, Math.max(0, bits))
}

function bestOf(
  hit: WireHit,
  variant: number,
  contexts: readonly Context[],
  sample: Prepared,
  useNames: boolean,
  own: number,
): Candidate {
  const span = { start: hit.start, end: hit.start + 1 }
  let best: Candidate = { variant, score: 0, bits: 0, start: hit.start }
  for (const context of contexts) {
    const around = agreement(context, sample, span, useNames)
    const score = 0.5 * around.far + 0.5 * around.near
    if (score > best.score) best = { variant, score, bits: around.bits + own, start: hit.start }
  }
  return best
}

const remembered = planMemo<Span[]>()

/** The literal itself and, when it defines a constant, that constant's uses. */
function placesOf(span: Span, plan: Prepared): Span[] {
  return remembered(plan, `${span.start}`, () => freshPlaces(span, plan))
}

function freshPlaces(span: Span, plan: Prepared): Span[] {
  const at = plan.model.tokens.findIndex((token) => token.start === span.start)
  const name = at > 0 ? definedName(plan, at) : null
  if (!name) return [span]
  const uses = plan.model.tokens.filter(
    (token) => token.kind === 'name' && token.value === name.value && token.start !== name.start,
  )
  return [span, ...uses.slice(0, MAX_USES).map((use) => ({ start: use.start, end: use.end }))]
}

/** The name that a unit of the form `name = literal` defines. */
function definedName(plan: Prepared, at: number): CodeToken | null {
  const literal = plan.model.tokens[at]!
  const name = plan.model.tokens[at - 1]
  if (name?.kind !== 'name') return null
  const unit = plan.model.units.find(
    (other) =>
      (other.form === 'assign' || other.form === 'declare') && other.start === name.start && other.end >= literal.end,
  )
  if (!unit) return null
  const next = plan.model.tokens[at + 1]
  return !next || next.start >= unit.end ? name : null
}
