import type { MarkSite, Span } from '../../site.ts'
import { type Bag, bagOf, matchedBits } from './bags.ts'
import { siteValues } from './classes.ts'
import type { Candidate } from './candidate.ts'
import { regionOf } from './context.ts'
import type { CodeToken } from './model.ts'
import { type Prepared, tokenAt } from './prepare.ts'

/** Tokens on either side that tell one use of a name from another. */
const BESIDE = 4
/** Share of the plan's uses that must be there. */
const MIN_USES = 0.4
/** Tokens before the first and after the last use that belong to the scene, and twice that in a sample. */
const REACH = 40
/** Bits below which a scene cannot be told from others. */
const THIN = 16

/** Places (functions) where one of the site's names is used as the plan uses it. */
export function locateName(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  const words = siteValues(site)
  if (!words || sample.mangled) return []
  const uses = usesOf(site)
  const beside = uses.map((use) => besideBag(plan, use))
  const scene = sceneOf(plan, site.span)
  if (scene.bits < THIN) return []
  const groups = occurrences(words, sample)
  const judged = groups.map((group) => judge(group, beside, scene, sample))
  return judged.map(({ candidate, region }) =>
    judged.some(
      (other) => other.region === region && other.candidate.variant !== candidate.variant && other.near >= CONTRADICTS,
    )
      ? { ...candidate, variant: null }
      : candidate,
  )
}

/**
 * How strongly another name would speak for the site in copies where it shows one of the site's words, 0..1: never above 0.5 where it could not
 * be taken for it. Both are names of the plan, in different functions.
 */
export function confusion(site: MarkSite, other: MarkSite, plan: Prepared): number {
  const scene = sceneOf(plan, site.span)
  const starts = new Set(usesOf(other).map((use) => use.start))
  const tokens = plan.model.tokens.filter((token) => token.kind === 'name' && starts.has(token.start))
  const [first] = tokens
  if (!first || scene.bits < THIN) return 0
  const beside = usesOf(site).map((use) => besideBag(plan, use))
  return judge({ variant: 0, region: regionOf(plan, first).start, tokens }, beside, scene, plan).candidate.score
}

/** How well uses of another word of the pool must fit to contradict the first, in the same function. */
const CONTRADICTS = 0.6

interface Group {
  readonly variant: number
  readonly region: number
  readonly tokens: CodeToken[]
}

function usesOf(site: MarkSite): Span[] {
  const edits = site.variants.find((variant) => variant.edits)?.edits ?? []
  return edits.map((edit) => edit.span)
}

/** Names of the pool in the sample, by word and function. */
function occurrences(words: readonly string[], sample: Prepared): Group[] {
  const groups = new Map<string, Group>()
  for (const token of sample.model.tokens) {
    if (token.kind !== 'name') continue
    const variant = words.indexOf(token.value)
    if (variant < 0) continue
    const region = regionOf(sample, token).start
    const key = `${variant} ${region}`
    const group = groups.get(key) ?? { variant, region, tokens: [] }
    group.tokens.push(token)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function besideBag(plan: Prepared, use: Span): Bag {
  const at = tokenAt(plan.named.tokens, use.start)
  return bagOf(plan.named.tokens, at - BESIDE, at + BESIDE + 1, [at, at + 1])
}

/** What surrounds and separates the uses of a name, within its function and without any name that renaming changes. */
function sceneOf(plan: Prepared, span: Span): Bag {
  const { tokens } = plan.erased
  const region = regionOf(plan, span)
  const from = Math.max(tokenAt(tokens, region.start), tokenAt(tokens, span.start) - REACH)
  return bagOf(tokens, from, Math.min(tokenAt(tokens, region.end), tokenAt(tokens, span.end) + REACH))
}

interface Judged {
  readonly candidate: Candidate
  /** How well the uses fit those of the plan, 0..1. */
  readonly near: number
  readonly region: number
}

function judge(group: Group, beside: readonly Bag[], scene: Bag, sample: Prepared): Judged {
  const { tokens } = sample.erased
  const first = group.tokens[0]!
  const last = group.tokens.at(-1)!
  let sum = 0
  for (const token of group.tokens) sum += bestBeside(beside, sample, token)
  const near = sum / group.tokens.length
  // Beyond the function stands whatever the order of functions puts there.
  const region = regionOf(sample, first)
  const from = Math.max(tokenAt(tokens, region.start), tokenAt(tokens, first.start) - 2 * REACH)
  const to = Math.min(tokenAt(tokens, region.end), tokenAt(tokens, last.end) + 2 * REACH)
  const bits = matchedBits(scene, tokens, from, to)
  const candidate: Candidate = {
    variant: group.variant,
    score: (near + bits / scene.bits) / 2,
    bits,
    start: first.start,
    weak: group.tokens.length < MIN_USES * beside.length,
  }
  return { candidate, near, region: group.region }
}

function bestBeside(beside: readonly Bag[], sample: Prepared, token: CodeToken): number {
  const at = tokenAt(sample.named.tokens, token.start)
  let best = 0
  for (const bag of beside) {
    if (bag.bits === 0) continue
    const bits = matchedBits(bag, sample.named.tokens, at - BESIDE - 1, at + BESIDE + 2, [at, at + 1])
    best = Math.max(best, bits / bag.bits)
  }
  return best
}
