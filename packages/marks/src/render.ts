import { MarksError } from './errors.ts'
import type { Edit, MarkSite, PlanFile, Span, Variant } from './site.ts'

/** An order laid out over its parts: slot `i` shows `parts[order[i]]`. */
interface Layout {
  readonly start: number
  readonly end: number
  readonly parts: readonly Span[]
  readonly order: readonly number[]
}

interface Pieces {
  /** Sorted by start, disjoint. */
  readonly atoms: readonly Edit[]
  /** Sorted by start, outer before inner. */
  readonly layouts: readonly Layout[]
}

/**
 * Writes a file with the chosen variant of each site. Bytes outside the pieces stay as they were; all-zero gives `file.text` back.
 *
 * @param variantOf - index into `variants` for a site id
 * @throws MarksError `bad-site` when a variant does not exist or the sites break the nesting rule of `MarkSite`
 */
export function renderFile(file: PlanFile, variantOf: (siteId: string) => number): string {
  const pieces = chosenPieces(file, variantOf)
  return renderRange(file, pieces, { start: 0, end: file.text.length })
}

function chosenPieces(file: PlanFile, variantOf: (siteId: string) => number): Pieces {
  const atoms: Edit[] = []
  const layouts: Layout[] = []
  for (const site of file.sites) {
    const variant = chosenVariant(site, variantOf)
    atoms.push(...(variant.edits ?? []))
    if (variant.order) layouts.push(layoutOf(site, variant.order))
  }
  atoms.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  layouts.sort((a, b) => a.start - b.start || b.end - a.end)
  checkAtoms(file, atoms)
  return { atoms, layouts }
}

function chosenVariant(site: MarkSite, variantOf: (siteId: string) => number): Variant {
  const index = variantOf(site.id)
  const variant = site.variants[index]
  if (!variant) throw new MarksError('bad-site', `${site.id} has no variant ${index} (it has ${site.variants.length})`)
  return variant
}

function layoutOf(site: MarkSite, order: readonly number[]): Layout {
  const parts = site.parts ?? []
  const first = parts[0]
  const last = parts.at(-1)
  const permutation = order.length === parts.length && new Set(order).size === parts.length
  if (!first || !last || !permutation || order.some((index) => parts[index] === undefined))
    throw new MarksError('bad-site', `${site.id}: the order is not a permutation of its parts`)
  return { start: first.start, end: last.end, parts, order }
}

function checkAtoms(file: PlanFile, atoms: readonly Edit[]): void {
  let end = 0
  for (const { span } of atoms) {
    if (span.start < end || span.end < span.start || span.end > file.text.length)
      throw new MarksError('bad-site', `${file.path}: edits overlap or leave the text at offset ${span.start}`)
    end = span.end
  }
}

/** First index in `items` (sorted by `startOf`) whose start is at least `offset`. */
function firstFrom<T>(items: readonly T[], offset: number, startOf: (item: T) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (startOf(items[middle]!) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function renderRange(file: PlanFile, pieces: Pieces, range: Span, depth = 0): string {
  if (depth > 400) throw new MarksError('bad-site', `${file.path}: orders are nested more than 400 deep`)
  const out: string[] = []
  let at = range.start
  for (;;) {
    const layout = nextLayout(pieces, at, range)
    out.push(applyAtoms(file, pieces.atoms, { start: at, end: layout?.start ?? range.end }))
    if (!layout) return out.join('')
    out.push(renderLayout(file, pieces, layout, depth))
    at = layout.end
  }
}

/** The next outermost layout that starts in the range at or after `at`. */
function nextLayout(pieces: Pieces, at: number, range: Span): Layout | undefined {
  const layout = pieces.layouts[firstFrom(pieces.layouts, at, (item) => item.start)]
  if (!layout || layout.start >= range.end) return undefined
  if (layout.end > range.end) throw new MarksError('bad-site', `orders cross each other at offset ${layout.start}`)
  return layout
}

function renderLayout(file: PlanFile, pieces: Pieces, layout: Layout, depth: number): string {
  const out: string[] = []
  let at = layout.start
  for (const [slot, part] of layout.parts.entries()) {
    if (part.start < at || part.end < part.start)
      throw new MarksError('bad-site', `${file.path}: parts of an order overlap at offset ${part.start}`)
    out.push(applyAtoms(file, pieces.atoms, { start: at, end: part.start }))
    const shown = layout.parts[layout.order[slot]!]!
    out.push(renderRange(file, withinPart(pieces, layout), shown, depth + 1))
    at = part.end
  }
  return out.join('')
}

/** Everything but the layout itself, so that a part that starts where its order starts does not find that order again. */
function withinPart(pieces: Pieces, layout: Layout): Pieces {
  return { atoms: pieces.atoms, layouts: pieces.layouts.filter((other) => other !== layout) }
}

function applyAtoms(file: PlanFile, atoms: readonly Edit[], range: Span): string {
  const out: string[] = []
  let at = range.start
  for (let index = firstFrom(atoms, range.start, (atom) => atom.span.start); index < atoms.length; index++) {
    const { span, text } = atoms[index]!
    if (span.start >= range.end) break
    if (span.end > range.end) throw new MarksError('bad-site', `${file.path}: an edit crosses a part at ${span.start}`)
    out.push(file.text.slice(at, span.start), text)
    at = span.end
  }
  out.push(file.text.slice(at, range.end))
  return out.join('')
}
