import type { SiteDraft } from './language.ts'
import type { Span } from './site.ts'

/** What a site touches, as far as other sites are concerned. */
interface Pieces {
  readonly atoms: readonly Span[]
  readonly hull: Span | null
  readonly parts: readonly Span[]
}

type SiteShape = Pick<SiteDraft, 'parts' | 'variants'>

function piecesOf(site: SiteShape): Pieces {
  const atoms = site.variants.flatMap((variant) => (variant.edits ?? []).map((edit) => edit.span))
  const parts = site.parts ?? []
  const first = parts[0]
  const last = parts.at(-1)
  return { atoms, parts, hull: first && last ? { start: first.start, end: last.end } : null }
}

/** True when every combination of both sites' variants renders: the rule of `MarkSite`. */
export function compatible(a: SiteShape, b: SiteShape): boolean {
  const one = piecesOf(a)
  const two = piecesOf(b)
  if (one.atoms.some((atom) => two.atoms.some((other) => overlap(atom, other)))) return false
  return fits(one, two) && fits(two, one) && hullsFit(one, two)
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

function inside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

/** Atoms of `inner` lie within one part of `outer`, between its parts, or outside. */
function fits(inner: Pieces, outer: Pieces): boolean {
  const hull = outer.hull
  if (!hull) return true
  return inner.atoms.every((atom) => {
    if (!overlap(atom, hull)) return true
    if (!inside(atom, hull)) return false
    return outer.parts.some((part) => inside(atom, part)) || !outer.parts.some((part) => overlap(atom, part))
  })
}

function hullsFit(one: Pieces, two: Pieces): boolean {
  if (!one.hull || !two.hull || !overlap(one.hull, two.hull)) return true
  const [a, b] = [one.hull, two.hull]
  return one.parts.some((part) => inside(b, part)) || two.parts.some((part) => inside(a, part))
}

/** Takes sites in the order given, leaving out each that one taken before does not go with. */
export function keepCompatible<T extends SiteShape>(sites: readonly T[]): T[] {
  const kept: T[] = []
  for (const site of sites) if (kept.every((other) => compatible(other, site))) kept.push(site)
  return kept
}
