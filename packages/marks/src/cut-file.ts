import { boundaries, type Stretch } from './internal/boundaries.ts'
import { MarksError } from './errors.ts'
import { renderFile } from './render.ts'
import type { MarkSite, PlanFile, Variant } from './site.ts'

/** One segment of a copy in the variant that the copy shows. */
export interface CutPiece {
  readonly segment: number
  readonly variant: number
}

/** A file cut so that every copy of it is a row of segments. */
export interface CutText {
  readonly path: string
  /** What each segment may say: every text once, the original's first. */
  readonly segments: readonly (readonly string[])[]
  /** The segments of one copy in the order in which they follow each other; joined, their texts are what `renderFile` writes. */
  readonly pieces: (variantOf: (siteId: string) => number) => readonly CutPiece[]
}

/** Segments of synthetic texts are single UTF-16 code units. */
const MOST_SEGMENTS = 60_000

/**
 * Cuts a file into segments of about `target` characters, at starts of lines where it can. Marks that stand close together share a segment, which then has a
 * variant for each combination. An order of large parts is an order of segments.
 *
 * @throws MarksError `bad-site` as `renderFile` does, or when the file has more segments than can be told apart
 */
export function cutFile(file: PlanFile, target: number): CutText {
  const { stretches, layouts } = boundaries(file, target)
  if (stretches.length > MOST_SEGMENTS)
    throw new MarksError('bad-site', `${file.path}: more than ${MOST_SEGMENTS} segments`)
  const segments = stretches.map((stretch) => joint(file, stretch, layouts))
  const order = orderOf(file, stretches, layouts)
  return {
    path: file.path,
    segments: segments.map(({ texts }) => texts),
    pieces: (variantOf) =>
      order(variantOf).map((segment) => ({ segment, variant: segments[segment]?.variantFor(variantOf) ?? 0 })),
  }
}

interface Joint {
  readonly texts: readonly string[]
  readonly variantFor: (variantOf: (siteId: string) => number) => number
}

/** All that a stretch may say, with all combinations of the sites that touch it. */
function joint(file: PlanFile, stretch: Stretch, layouts: ReadonlySet<MarkSite>): Joint {
  const { sites, start, end } = stretch
  const part: PlanFile = {
    ...file,
    text: file.text.slice(start, end),
    sites: sites.map((site) => within(site, stretch, layouts)),
  }
  const texts = new Map<string, number>()
  const variants: number[] = []
  const count = sites.reduce((product, site) => product * site.variants.length, 1)
  for (let combination = 0; combination < count; combination += 1) {
    const chosen = digits(sites, combination)
    const text = renderFile(part, (id) => chosen.get(id) ?? 0)
    if (!texts.has(text)) texts.set(text, texts.size)
    variants.push(texts.get(text) ?? 0)
  }
  return {
    texts: [...texts.keys()],
    variantFor: (variantOf) => {
      const variant = variants[combinationOf(sites, variantOf)]
      if (variant === undefined) throw new MarksError('bad-site', `${file.path}: a site has no such variant`)
      return variant
    },
  }
}

/** A site as far as it lies within a stretch, at the stretch's own offsets. */
function within(site: MarkSite, { start, end }: Stretch, layouts: ReadonlySet<MarkSite>): MarkSite {
  const { parts, ...rest } = site
  const moved = parts?.map((part) => ({ start: part.start - start, end: part.end - start }))
  const ordered =
    moved !== undefined && !layouts.has(site) && moved.every((part) => part.start >= 0 && part.end <= end - start)
  const variants = site.variants.map(({ edits = [], order, shown }): Variant => {
    const own = edits
      .filter(({ span }) => start <= span.start && span.start < end)
      .map(({ span, text }) => ({ text, span: { start: span.start - start, end: span.end - start } }))
    return { edits: own, shown, ...(ordered && order !== undefined ? { order } : {}) }
  })
  return { ...rest, variants, ...(ordered ? { parts: moved } : {}) }
}

/** Which segments follow each other: the renderer's own answer for a text with one character for each segment. */
function orderOf(
  file: PlanFile,
  stretches: readonly Stretch[],
  layouts: ReadonlySet<MarkSite>,
): (variantOf: (siteId: string) => number) => readonly number[] {
  const starts = new Map(stretches.map(({ start }, index) => [start, index]))
  const ends = new Map(stretches.map(({ end }, index) => [end, index + 1]))
  const sites = [...layouts].map(
    (site): MarkSite => ({
      ...site,
      parts: (site.parts ?? []).map((part) => ({ start: starts.get(part.start) ?? -1, end: ends.get(part.end) ?? -1 })),
      variants: site.variants.map(({ order, shown }) => ({ shown, ...(order === undefined ? {} : { order }) })),
    }),
  )
  const text = stretches.map((_, index) => String.fromCharCode(index)).join('')
  const synthetic: PlanFile = { ...file, text, sites }
  return (variantOf) => Array.from(renderFile(synthetic, variantOf).split(''), (unit) => unit.charCodeAt(0))
}

/** The variants that make up a combination, in mixed radix. */
function digits(sites: readonly MarkSite[], combination: number): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>()
  let rest = combination
  for (const { id, variants } of sites) {
    chosen.set(id, rest % variants.length)
    rest = Math.floor(rest / variants.length)
  }
  return chosen
}

function combinationOf(sites: readonly MarkSite[], variantOf: (siteId: string) => number): number {
  let factor = 1
  let combination = 0
  for (const { id, variants } of sites) {
    const variant = variantOf(id)
    if (variants[variant] === undefined)
      throw new MarksError('bad-site', `${id} has no variant ${variant} (it has ${variants.length})`)
    combination += variant * factor
    factor *= variants.length
  }
  return combination
}
