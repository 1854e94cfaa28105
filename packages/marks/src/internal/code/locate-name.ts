import type { MarkSite, Span } from '../../site.ts'
import { type Bag, bagOf, matchedBits } from './bags.ts'
import { siteValues } from './classes.ts'
import type { Candidate } from './candidate.ts'
import { regionOf } from './context.ts'
import type { CodeToken } from './model.ts'
import { planMemo } from './plan-memo.ts'
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
  const around = surroundings(site, plan)
  if (around.scene.bits < THIN) return []
  const groups = occurrences(words, sample)
  const judged = groups.map((group) => {
    const rivalled = groups.some((other) => other.region === group.region && other.variant !== group.variant)
    return judge(group, around, sample, rivalled ? 0 : MIN_SCENE)
  })
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
  const around = surroundings(site, plan)
  const starts = new Set(usesOf(other).map((use) => use.start))
  const tokens = (siteValues(other) ?? [])
    .flatMap((word) => tokensNamed(plan, word))
    .filter((token) => starts.has(token.start))
  const [first] = tokens
  if (!first || around.scene.bits < THIN) return 0
  return judge({ variant: 0, region: regionOf(plan, first).start, tokens }, around, plan, 0).candidate.score
}

/** Share of the scene below which uses can neither be believed nor rival others, however well each of them fits. */
const MIN_SCENE = 0.3

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
  return words.flatMap((word, variant) => {
    const groups = new Map<number, Group>()
    for (const token of tokensNamed(sample, word)) {
      const region = regionOf(sample, token).start
      const group = groups.get(region) ?? { variant, region, tokens: [] }
      group.tokens.push(token)
      groups.set(region, group)
    }
    return [...groups.values()]
  })
}

const named = new WeakMap<Prepared, ReadonlyMap<string, CodeToken[]>>()

/** Names of a text with this spelling, in text order. */
export function tokensNamed(prepared: Prepared, word: string): readonly CodeToken[] {
  const known = named.get(prepared) ?? indexNames(prepared)
  named.set(prepared, known)
  return known.get(word) ?? []
}

function indexNames({ model }: Prepared): Map<string, CodeToken[]> {
  const index = new Map<string, CodeToken[]>()
  for (const token of model.tokens) {
    if (token.kind !== 'name') continue
    const known = index.get(token.value)
    if (known) known.push(token)
    else index.set(token.value, [token])
  }
  return index
}

/** What surrounds a name in the plan: each of its uses, and all of them together. */
interface Surroundings {
  readonly beside: readonly Bag[]
  readonly scene: Bag
  /** Tokens in the function. */
  readonly size: number
}

const remembered = planMemo<Surroundings>()

function surroundings(site: MarkSite, plan: Prepared): Surroundings {
  const uses = usesOf(site)
  return remembered(plan, `${site.span.start} ${site.span.end} ${uses[0]?.end}`, () => ({
    beside: uses.map((use) => besideBag(plan, use)),
    scene: sceneOf(plan, site.span),
    size: sizeOf(plan, regionOf(plan, site.span)),
  }))
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

/** Tokens of a region. */
function sizeOf({ erased: { tokens } }: Prepared, region: { readonly start: number; readonly end: number }): number {
  return tokenAt(tokens, region.end) - tokenAt(tokens, region.start)
}

/**
 * Where a cut or a paste took the border of a function away, the scene reaches into its neighbours, and a function much like the site's next to
 * where that one was shows more of it than it could by itself. Then this score is asked for.
 */
const BORDERLESS_FLOOR = 0.92
/** How many times as large a function may have become before its border is taken for lost. */
const GROWN = 2

interface Judged {
  readonly candidate: Candidate
  /** How well the uses fit those of the plan, 0..1. */
  readonly near: number
  readonly region: number
}

function judge(group: Group, { beside, scene, size }: Surroundings, sample: Prepared, leastScene: number): Judged {
  const { tokens } = sample.erased
  const first = group.tokens[0]!
  const last = group.tokens.at(-1)!
  // Beyond the function stands whatever the order of functions puts there.
  const region = regionOf(sample, first)
  const from = Math.max(tokenAt(tokens, region.start), tokenAt(tokens, first.start) - 2 * REACH)
  const to = Math.min(tokenAt(tokens, region.end), tokenAt(tokens, last.end) + 2 * REACH)
  const bits = matchedBits(scene, tokens, from, to)
  const near = bits < leastScene * scene.bits ? 0 : nearness(group, beside, sample)
  const score = (near + bits / scene.bits) / 2
  const borderless = sizeOf(sample, region) > GROWN * size
  const candidate: Candidate = {
    variant: group.variant,
    score,
    bits,
    start: first.start,
    weak: group.tokens.length < MIN_USES * beside.length || (borderless && score < BORDERLESS_FLOOR),
  }
  return { candidate, near, region: group.region }
}

function nearness({ tokens }: Group, beside: readonly Bag[], sample: Prepared): number {
  let sum = 0
  for (const [at, token] of tokens.entries()) sum += bestBeside(beside, sample, token, at)
  return sum / tokens.length
}

/** How well a use fits the best of the plan's; the one at the same place is tried first, as in most copies it is that. */
function bestBeside(beside: readonly Bag[], sample: Prepared, token: CodeToken, place: number): number {
  const at = tokenAt(sample.named.tokens, token.start)
  let best = 0
  for (let step = 0; step < beside.length && best < 1; step++) {
    const bag = beside[(place + step) % beside.length]!
    if (bag.bits === 0) continue
    const bits = matchedBits(bag, sample.named.tokens, at - BESIDE - 1, at + BESIDE + 2, [at, at + 1])
    best = Math.max(best, bits / bag.bits)
  }
  return best
}
