import { lineCounter } from './internal/line-of.ts'
import type { MarkSite, PlanFile } from './site.ts'

/** Lines of the original, from 1, that hold the pieces of one site. */
export interface SiteReach {
  readonly site: MarkSite
  /** First and last line of each piece. */
  readonly pieces: readonly (readonly [first: number, last: number])[]
}

/** How much of a site lies within a stretch of lines: all that it touches, some of it, nothing. */
export type Coverage = 'whole' | 'part' | 'none'

/** Where the sites of a file lie, in plan order. */
export function siteReaches({ text, sites }: Pick<PlanFile, 'text' | 'sites'>): SiteReach[] {
  const lineOf = lineCounter(text)
  return sites.map((site) => {
    const edited = site.variants.flatMap(({ edits = [] }) => edits.map(({ span }) => span))
    const spans = [...(site.parts ?? []), ...edited]
    const pieces = (spans.length > 0 ? spans : [site.span]).map(
      ({ start, end }) => [lineOf(start), lineOf(Math.max(start, end - 1))] as const,
    )
    return { site, pieces }
  })
}

/** What an excerpt of the lines `first` to `last`, both included, shows of a site. */
export function coverageOf({ pieces }: SiteReach, first: number, last: number): Coverage {
  const inside = pieces.filter(([from, to]) => first <= from && to <= last).length
  return inside === 0 ? 'none' : inside === pieces.length ? 'whole' : 'part'
}
