import type { SiteDraft } from '../language.ts'
import type { Anchor, Damage, Pool, Span, Variant } from '../site.ts'

/** One piece of a container. `key` is its content, spelled so that reformatting and nested sites do not change it. */
export interface Piece {
  readonly key: string
  readonly span: Span
  /** What the piece is called, where that may differ between copies. */
  readonly label?: string
}

/**
 * A place in a text whose pieces stand in an order: a list, a mapping, the options of a rule. Finder and reader build containers with the
 * same function, one from the plan's text and one from the sample's, so that both agree on what a piece is.
 */
export interface Container {
  readonly kind: string
  /** Where it stands inside its document, for telling twins apart; may be empty. */
  readonly path: string
  readonly pieces: readonly Piece[]
  /** Content words of the container itself and of the rule or document around it; see `affinity`. */
  readonly local: ReadonlySet<string>
  readonly scope: ReadonlySet<string>
}

/** What the order reader answers for one site; `at` is an offset in the sample's text. */
export interface OrderReading {
  readonly variant: number | null
  readonly at: number | null
  readonly why: string
}

/** What a finder knows of the sites it makes of one container. */
export interface OrderKind {
  readonly kind: string
  readonly pool: Pool
  readonly survival: Readonly<Record<Damage, number>>
}

const ORDERS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  2: [
    [0, 1],
    [1, 0],
  ],
  3: [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ],
}

/**
 * Cuts 0..count-1 into groups of two neighbours, the last of three where one would be left over. Two indices share a group only when
 * `mayTrade` says that their order means nothing.
 */
export function groupNeighbours(count: number, mayTrade: (a: number, b: number) => boolean): readonly number[][] {
  const groups: number[][] = []
  let i = 0
  while (i + 1 < count) {
    if (!mayTrade(i, i + 1)) {
      i += 1
      continue
    }
    const fourthFollows = i + 3 < count && mayTrade(i + 2, i + 3)
    const three = !fourthFollows && i + 2 < count && mayTrade(i, i + 2) && mayTrade(i + 1, i + 2)
    groups.push(three ? [i, i + 1, i + 2] : [i, i + 1])
    i += three ? 3 : 2
  }
  return groups
}

/** True when values that a person would see as sorted (four or more, or all numbers) stand in ascending order: moving one would show. */
export function looksSorted(values: readonly string[]): boolean {
  const numbers = values.every((value) => /^\d+$/.test(value))
  if (values.length < (numbers ? 2 : 4)) return false
  return values.every((value, i) => {
    const previous = values[i - 1]
    if (previous === undefined) return true
    return numbers ? Number(previous) <= Number(value) : previous.toLowerCase() <= value.toLowerCase()
  })
}

/** The draft of an order site. `parts` are its two or three spans in text order, `keys` the key of a piece inside each part. */
export function orderDraft(
  text: string,
  kind: OrderKind,
  parts: readonly Span[],
  anchor: { readonly container: number; readonly keys: readonly string[] },
): SiteDraft {
  const labels = parts.map((part) => shorten(text.slice(part.start, part.end)))
  const variants: Variant[] = (ORDERS[parts.length] ?? []).map((order) => ({
    order,
    shown: order.map((part) => labels[part] ?? '').join(' < '),
  }))
  const first = parts[0] ?? { start: 0, end: 0 }
  const last = parts[parts.length - 1] ?? first
  const span: Span = { start: first.start, end: last.end }
  return { kind: kind.kind, pool: kind.pool, span, parts, variants, anchor: { ...anchor }, survival: kind.survival }
}

/** One line of at most 40 characters that a person recognises the text by. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`
}

/** Sites for every group of pieces of one container. `index` is its place in the list that the reader will rebuild. */
export function orderDrafts(
  text: string,
  container: Container,
  index: number,
  kind: OrderKind,
  mayTrade: (a: number, b: number) => boolean,
): readonly SiteDraft[] {
  const seen = countKeys(container.pieces)
  const unique = (i: number): boolean => seen.get(container.pieces[i]?.key ?? '') === 1
  return groupNeighbours(container.pieces.length, (a, b) => unique(a) && unique(b) && mayTrade(a, b)).map((group) => {
    const pieces = group.flatMap((i) => container.pieces[i] ?? [])
    const keys = pieces.map((piece) => piece.key)
    return orderDraft(
      text,
      kind,
      pieces.map((piece) => piece.span),
      { container: index, keys },
    )
  })
}

function countKeys(pieces: readonly Piece[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const piece of pieces) counts.set(piece.key, (counts.get(piece.key) ?? 0) + 1)
  return counts
}

/** Containers of a sample, found by kind and piece. */
export type ContainerIndex = ReadonlyMap<string, readonly Container[]>

/** Prepares a sample's containers for many questions. */
export function indexContainers(containers: readonly Container[]): ContainerIndex {
  const index = new Map<string, Container[]>()
  for (const container of containers) {
    for (const key of new Set(container.pieces.map((piece) => piece.key))) {
      const name = `${container.kind}\n${key}`
      const known = index.get(name)
      if (known === undefined) index.set(name, [container])
      else known.push(container)
    }
  }
  return index
}

/**
 * Reads one order site. A sample container counts when it holds every piece of the site exactly once, when its surroundings belong to the
 * site's surroundings, and when no other container of the plan that holds the same pieces fits it as well. Containers that disagree, and
 * containers that hold a piece twice (a merged copy), give null.
 */
export function readOrder(
  site: { readonly anchor: Anchor; readonly variants: readonly Variant[] },
  planned: readonly Container[],
  sample: ContainerIndex,
): OrderReading {
  return judge(site.variants, anchorKeys(site.anchor), matching(site.anchor, planned, sample))
}

/** Sample containers that stand where the anchor's container stood in the plan; they hold one of its keys at least. */
export function matching(anchor: Anchor, planned: readonly Container[], sample: ContainerIndex): readonly Container[] {
  const index = anchor['container']
  const keys = anchorKeys(anchor)
  const home = typeof index === 'number' ? planned[index] : undefined
  if (home === undefined) return []
  const rivals = planned.filter((other) => other !== home && other.kind === home.kind && holds(other, keys) !== 'no')
  const found = new Set(keys.flatMap((key) => sample.get(`${home.kind}\n${key}`) ?? []))
  return [...found].filter((container) => {
    const own = affinity(container, home)
    return own > 0 && rivals.every((rival) => affinity(container, rival) < own)
  })
}

/** The keys that an order site was anchored with. */
export function anchorKeys(anchor: Anchor): readonly string[] {
  const keys = anchor['keys']
  return Array.isArray(keys) ? keys.map(String) : []
}

function judge(variants: readonly Variant[], keys: readonly string[], candidates: readonly Container[]): OrderReading {
  let reading: OrderReading | null = null
  let partial = false
  for (const container of candidates) {
    const state = holds(container, keys)
    if (state === 'twice') return absent('a piece stands there twice')
    if (state === 'no') {
      partial = true
      continue
    }
    const variant = variantOf(variants, keys, container)
    if (variant === null) return absent('the pieces overlap')
    if (reading !== null && reading.variant !== variant) return absent('both orders are present')
    reading ??= {
      variant,
      at: container.pieces.find((piece) => keys.includes(piece.key))?.span.start ?? null,
      why: 'order of the pieces',
    }
  }
  return reading ?? absent(partial ? 'a piece is missing' : 'not found')
}

/** A reading without an answer. */
export function absent(why: string): OrderReading {
  return { variant: null, at: null, why }
}

/** Whether every key is the key of exactly one piece. */
export function holds(container: Container, keys: readonly string[]): 'once' | 'twice' | 'no' {
  let missing = false
  for (const key of keys) {
    const count = container.pieces.filter((piece) => piece.key === key).length
    if (count > 1) return 'twice'
    if (count === 0) missing = true
  }
  return missing ? 'no' : 'once'
}

function variantOf(variants: readonly Variant[], keys: readonly string[], container: Container): number | null {
  const order = container.pieces.map((piece) => keys.indexOf(piece.key)).filter((part) => part >= 0)
  const variant = variants.findIndex(
    (candidate) => candidate.order?.every((part, slot) => order[slot] === part) === true,
  )
  return variant < 0 ? null : variant
}

/**
 * How well a sample container fits a planned one: 0 when the surroundings do not belong together, else growing with shared surroundings,
 * shared content and an equal path. Surroundings belong together when at least half of the smaller set is shared.
 */
function affinity(sample: Container, planned: Container): number {
  const around = shared(sample.scope, planned.scope)
  if (around < 0.5) return 0
  return 4 * around + 2 * shared(sample.local, planned.local) + (sample.path === planned.path ? 1 : 0)
}

/** Share of the smaller set that the larger one holds; 1 when one of them is empty. */
export function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  if (small.size === 0) return 1
  let common = 0
  for (const item of small) if (large.has(item)) common += 1
  return common / small.size
}
