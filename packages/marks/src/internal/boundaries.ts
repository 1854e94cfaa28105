import type { MarkSite, PlanFile, Span } from '../site.ts'

/** A stretch of a file's text that is written in one piece, and the sites that may change what it says. */
export interface Stretch extends Span {
  readonly sites: readonly MarkSite[]
}

/** Most combinations of variants that share a stretch, unless a single site has more. */
const MOST_VARIANTS = 64
/** Longest order, in characters, that is kept in one stretch. */
const LONGEST_ORDER = 1500

/** What may not be cut: a span that is rewritten as a whole. */
interface Unit extends Span {
  readonly sites: ReadonlySet<MarkSite>
}

/**
 * Cuts a text into stretches.
 *
 * @returns the stretches in text order, none empty, and the sites whose order is one of stretches instead of text within a stretch
 */
export function boundaries(
  file: PlanFile,
  target: number,
): { readonly stretches: readonly Stretch[]; readonly layouts: ReadonlySet<MarkSite> } {
  const atoms = atomsOf(file)
  const layouts = new Set(file.sites.filter((site) => site.parts !== undefined && !isSmall(site, file, atoms)))
  const units = unitsOf(file, atoms, layouts)
  const forced = new Set([0, file.text.length])
  for (const { parts = [] } of layouts) for (const { start, end } of parts) forced.add(start).add(end)
  const fixed = [...forced].sort((a, b) => a - b)
  const rank = new Map(file.sites.map((site, index) => [site, index]))
  const stretches = fixed.flatMap((start, index) => {
    const end = fixed[index + 1]
    return end === undefined ? [] : cutStretch(file.text, { start, end }, units, target)
  })
  // Insertions of two sites at one place follow each other as the sites do.
  const inOrder = stretches.map((stretch) => ({
    ...stretch,
    sites: stretch.sites.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)),
  }))
  return { stretches: inOrder, layouts }
}

/** Spans that edits replace, each once for its site. */
function atomsOf(file: PlanFile): readonly Unit[] {
  return file.sites.flatMap((site) =>
    site.variants.flatMap(({ edits = [] }) => edits.map(({ span }) => ({ ...span, sites: new Set([site]) }))),
  )
}

function hullOf({ parts = [] }: MarkSite): Span {
  return { start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0 }
}

/** Whether an order with all that is in it can stay in one stretch. */
function isSmall(site: MarkSite, file: PlanFile, atoms: readonly Unit[]): boolean {
  const hull = hullOf(site)
  if (hull.end - hull.start > LONGEST_ORDER) return false
  const touching = new Set([site])
  for (const other of file.sites)
    if (other.parts !== undefined && overlap(hullOf(other), hull) && within(hullOf(other), hull)) touching.add(other)
  for (const atom of atoms) if (startsIn(atom, hull)) for (const other of atom.sites) touching.add(other)
  return productOf(touching) <= MOST_VARIANTS
}

/** Atoms and small orders; those that overlap are one. In text order. */
function unitsOf(file: PlanFile, atoms: readonly Unit[], layouts: ReadonlySet<MarkSite>): readonly Unit[] {
  const small = file.sites.flatMap((site) =>
    site.parts === undefined || layouts.has(site) ? [] : [{ ...hullOf(site), sites: new Set([site]) }],
  )
  const sorted = [...atoms, ...small].sort((a, b) => a.start - b.start || b.end - a.end)
  const units: { start: number; end: number; sites: Set<MarkSite> }[] = []
  for (const { start, end, sites } of sorted) {
    const last = units.at(-1)
    if (last !== undefined && (start < last.end || start === last.start)) {
      last.end = Math.max(last.end, end)
      for (const site of sites) last.sites.add(site)
    } else units.push({ start, end, sites: new Set(sites) })
  }
  return units
}

/** Cuts what lies between two fixed boundaries: at line starts once `target` is reached, and before the combinations become too many. */
function cutStretch(text: string, { start, end }: Span, units: readonly Unit[], target: number): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (let at = start; at < end; ) {
    const next = nextCut(text, { start: at, end }, units, target)
    const sites = new Set(unitsFrom(units, at, next).flatMap((unit) => [...unit.sites]))
    stretches.push({ start: at, end: next, sites: [...sites] })
    at = next
  }
  return stretches
}

function nextCut(text: string, { start, end }: Span, units: readonly Unit[], target: number): number {
  const fits = (to: number): boolean =>
    productOf(new Set(unitsFrom(units, start, to).flatMap((unit) => [...unit.sites]))) <= MOST_VARIANTS
  let best = start
  for (let line = lineAfter(text, start, end); ; line = lineAfter(text, line, end)) {
    if (isFree(units, line)) {
      if (!fits(line)) break
      best = line
      if (line - start >= target) break
    }
    if (line === end) break
  }
  if (best > start) return best
  // One line holds too much, or one site alone: cut behind the last mark that fits.
  const edges = unitsFrom(units, start, end)
    .flatMap((unit) => [unit.start, unit.end])
    .filter((edge) => edge > start && edge <= end)
  const fitting = edges.filter(fits)
  return fitting.at(-1) ?? edges[0] ?? end
}

/** Whether a text may be cut at `to`: not within a unit. Units are sorted and disjoint. */
function isFree(units: readonly Unit[], to: number): boolean {
  const before = units[firstFrom(units, to) - 1]
  return before === undefined || before.end <= to
}

/** Units that start in [from, to). */
function unitsFrom(units: readonly Unit[], from: number, to: number): readonly Unit[] {
  return units.slice(firstFrom(units, from), firstFrom(units, to))
}

/** Index of the first unit that starts at `offset` or behind it. */
function firstFrom(units: readonly Unit[], offset: number): number {
  let low = 0
  let high = units.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((units[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Start of the line after the one that holds `at`, at most `end`. */
function lineAfter(text: string, at: number, end: number): number {
  const newline = text.indexOf('\n', at)
  return newline === -1 || newline + 1 > end ? end : newline + 1
}

function productOf(sites: ReadonlySet<MarkSite>): number {
  return [...sites].reduce((product, site) => product * site.variants.length, 1)
}

function startsIn({ start }: Span, range: Span): boolean {
  return range.start <= start && start < range.end
}

function within(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}
