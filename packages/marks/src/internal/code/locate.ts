import type { MarkSite } from '../../site.ts'
import { type Candidate, floorOf, ranked, RIVAL } from './candidate.ts'
import { locateChoice } from './locate-choice.ts'
import { locateComparison } from './locate-comparison.ts'
import { locateFunctionName } from './locate-function-name.ts'
import { locateIdiom } from './locate-idiom.ts'
import { locateName } from './locate-name.ts'
import { locateOrder } from './locate-order.ts'
import { locateWire } from './locate-wire.ts'
import type { Prepared } from './prepare.ts'

/** How a site is found again: `anchor.read`. */
export type ReadMethod = 'order' | 'comparison' | 'choice' | 'idiom' | 'name' | 'function-name' | 'wire'

type Locator = (site: MarkSite, plan: Prepared, sample: Prepared) => Candidate[]

const METHODS: ReadonlyMap<unknown, Locator> = new Map<ReadMethod, Locator>([
  ['order', locateOrder],
  ['comparison', locateComparison],
  ['choice', locateChoice],
  ['idiom', locateIdiom],
  ['name', locateName],
  ['function-name', locateFunctionName],
  ['wire', locateWire],
])

/** Every place in the sample that might be the site; empty for methods this engine does not know. */
export function locate(site: MarkSite, plan: Prepared, sample: Prepared): Candidate[] {
  return METHODS.get(site.anchor['read'])?.(site, plan, sample) ?? []
}

/** How far below belief another place must stay. */
const CLEARANCE = 0.03

/**
 * True when the text shows the site at one place only, as its original. Nothing else in `text` may be believed to be it even when that place
 * is cut out, or a twin would speak for it.
 */
export function isUnique(site: MarkSite, plan: Prepared, text: Prepared): boolean {
  const [best, second] = ranked(locate(site, plan, text))
  if (!best || best.variant !== 0) return false
  if (best.start < site.span.start || best.start > site.span.end) return false
  return !second || second.score < Math.min(floorOf(site.kind) - CLEARANCE, (RIVAL - 0.02) * best.score)
}
