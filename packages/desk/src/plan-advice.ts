import { planCapacity, type PlannedPool } from '@sigillo/fingerprint/planner'
import { adviseOn, type Choosable, type Offer } from '@sigillo/marks/advise'
import { LEAK_SCENARIOS, plannedLeak, survivalOfAdded } from '@sigillo/marks/leak/scenarios'
import type { MarkSite, PlanFile } from '@sigillo/marks/site'
import { variantDiff } from '@sigillo/marks/variant-diff'
import { planOf } from './artefacts.ts'
import type { ArtefactDocument, RequiredLines } from './documents.ts'
import { familyFor, strongestFile } from './plan-report.ts'
import { requiredLinesOf } from './required-parts.ts'

/** A proposed site with all it may show. */
export interface Proposal {
  readonly site: string
  readonly line: number
  readonly kind: string
  /** Every variant in a few words, the original first. */
  readonly variants: readonly string[]
  /** What each other variant changes, as unified diffs; of a name only the first, as the others differ in the word alone. */
  readonly diffs: readonly string[]
}

/** How many marks are missing for a claim. */
export interface Missing {
  readonly damage: string
  readonly leakers: number
  /** Chance of naming at least one copy as the plan is. */
  readonly now: number
  /** Essential-looking marks of sixteen words that bring it to 95 %; null when 200 do not. */
  readonly essential: number | null
  /** Marks of two variants, such as an order, that do the same. */
  readonly structural: number | null
}

/** What the advisor has to say about an artefact. */
export interface PlanAdvice {
  /** What any tool for this flaw must contain, as the author said. */
  readonly required: { readonly values: readonly string[]; readonly lines: readonly RequiredLines[] }
  readonly proposals: readonly Proposal[]
  readonly choosable: readonly Choosable[]
  readonly offers: readonly Offer[]
  /** Claims that the strongest file does not carry yet, weakest damage first. */
  readonly missing: readonly Missing[]
}

/** The claims one would want: a single leaker after every damage, copies that were merged, and merged by people who know how to hide. */
const CLAIMS: readonly (readonly [damage: string, leakers: number])[] = [
  ['format', 1],
  ['minify', 1],
  ['refactor', 1],
  ['rewrite', 1],
  ['rename', 1],
  ['obfuscate', 1],
  ['excerpt', 1],
  ['merge-lines', 2],
  ['merge-union', 2],
  ['format', 2],
  ['format', 3],
  ['rewrite', 2],
]
const SURE = 0.95
const MOST_ADDED = 200

/**
 * Every site with its variants, values that could be marks, places for more, and how many are missing for which claim.
 *
 * @param recipients N of the accusation bound
 * @param alpha chance of naming any innocent
 */
export async function advisePlan(document: ArtefactDocument, recipients: number, alpha: number): Promise<PlanAdvice> {
  const plan = planOf(document)
  const values = new Set(document.required)
  const found = await Promise.all(
    plan.files.map((file) => adviseOn(file, { values, lines: requiredLinesOf(document, file.path) })),
  )
  return {
    required: { values: [...values], lines: document.requiredLines ?? [] },
    proposals: plan.files.flatMap((file) => file.sites.map((site) => proposalOf(file, site))),
    choosable: found.flatMap(({ choosable }) => choosable),
    offers: found.flatMap(({ offers }) => offers),
    missing: missingIn(strongestFile(plan), recipients, alpha),
  }
}

function proposalOf(file: PlanFile, site: MarkSite): Proposal {
  const shown = site.pool === 'name' ? 1 : site.variants.length - 1
  return {
    site: site.id,
    line: site.line,
    kind: site.kind,
    variants: site.variants.map((variant) => variant.shown),
    diffs: Array.from({ length: shown }, (_, index) => variantDiff(file, site, index + 1)),
  }
}

function missingIn(file: PlanFile | undefined, recipients: number, alpha: number): Missing[] {
  if (file === undefined) return []
  const family = familyFor(file.sites)
  return CLAIMS.flatMap(([damage, leakers]) => {
    const scenarios = LEAK_SCENARIOS.filter((each) => each.name === damage && each.leakers === leakers)
    const { pools, damages } = plannedLeak([file], scenarios)
    const hostile = scenarios.length === 0 ? [damage] : []
    const chance = (added: readonly PlannedPool[]): number => {
      const { rows } = planCapacity({ pools: [...pools, ...added], damages, hostile, recipients, alpha, family })
      return rows.find((row) => row.leakers === leakers && row.merging === 'merge')?.catchOne ?? 0
    }
    const needed = (q: number, kind: string, pool: MarkSite['pool']): number | null => {
      const survival = survivalOfAdded(kind, pool, file, scenarios)
      return fewest((count) => chance([{ pool: 'added', q, count, survival }]) >= SURE)
    }
    const now = chance([])
    if (now >= SURE) return []
    const [essential, structural] = [needed(16, 'essential', 'wire'), needed(2, 'member-order', 'structural')]
    return [{ damage, leakers, now, essential, structural }]
  })
}

/** The smallest number up to `MOST_ADDED` that is enough, given that more never hurt. */
function fewest(isEnough: (count: number) => boolean): number | null {
  if (!isEnough(MOST_ADDED)) return null
  let low = 1
  let high = MOST_ADDED
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isEnough(middle)) high = middle
    else low = middle + 1
  }
  return low
}
