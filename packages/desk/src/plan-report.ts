import type { BiasFamily } from '@sigillo/fingerprint/law'
import { type CapacityRow, chooseFamily, planCapacity } from '@sigillo/fingerprint/planner'
import type { Rehearsed } from '@sigillo/marks/leak/rehearse'
import { LEAK_SCENARIOS, type LeakScenario, plannedLeak } from '@sigillo/marks/leak/scenarios'
import type { MarkPlan } from '@sigillo/marks/plan'
import type { Damage, MarkSite } from '@sigillo/marks/site'
import { planOf } from './artefacts.ts'
import type { ArtefactDocument, PlanTest } from './documents.ts'

/** A row of the planner. */
export interface PlannedRow extends CapacityRow {
  /** True when the damage was played through with this file; otherwise what files on the whole leave is taken for what this one does. */
  readonly rehearsed: boolean
}

/** What an artefact's plan can prove, in the shape of `sigillo plan --json`. */
export interface PlanReport {
  readonly artefact: string
  readonly files: readonly { readonly path: string; readonly language: string; readonly sites: number }[]
  readonly sites: { readonly total: number; readonly byPool: Readonly<Record<string, number>> }
  readonly family: string
  /** Per damage, number of leakers and way of merging: chance of naming at least one, and all, for the file that carries most marks. */
  readonly capacity: readonly PlannedRow[]
  readonly advice: readonly string[]
  /** What running the artefact's own test on copies found; null before. */
  readonly tested: PlanTest | null
}

/**
 * Counts sites and asks the planner. Capacity is given for the strongest single file, because a leak usually shows one.
 * @param recipients N of the accusation bound
 * @param alpha chance of naming any innocent
 * @param rehearsed what was played through with the strongest file
 */
export function reportPlan(
  document: ArtefactDocument,
  recipients: number,
  alpha: number,
  rehearsed: readonly Rehearsed[] = [],
): PlanReport {
  const plan = planOf(document)
  const sites = plan.files.flatMap((file) => file.sites)
  const byPool: Record<string, number> = {}
  for (const site of sites) byPool[site.pool] = (byPool[site.pool] ?? 0) + 1
  const strongest = strongestFile(plan)
  const family = familyFor(strongest?.sites ?? [])
  const leak = plannedLeak(
    strongest === undefined ? [] : [strongest],
    [
      ...LEAK_SCENARIOS.filter((known) => !rehearsed.some(({ scenario }) => isSame(known, scenario))),
      ...rehearsed.map(({ scenario }) => scenario),
    ],
    () => true,
    new Map(strongest === undefined ? [] : [[strongest, rehearsed]]),
  )
  const { rows, advice } = planCapacity({ ...leak, hostile: HOSTILE, recipients, alpha, family })
  return {
    artefact: document.id,
    files: plan.files.map((file) => ({ path: file.path, language: file.language, sites: file.sites.length })),
    sites: { total: sites.length, byPool },
    family,
    capacity: rows.map((row) => ({
      ...row,
      rehearsed:
        row.merging === 'merge' &&
        rehearsed.some(({ scenario }) => isSame(scenario, { name: row.damage, leakers: row.leakers })),
    })),
    advice: [
      ...(strongest === undefined ? [] : [`figures are for ${strongest.path}, the file that carries most`]),
      ...advice,
      ...document.warnings,
    ],
    tested: document.tested ?? null,
  }
}

function isSame(one: LeakScenario, other: LeakScenario): boolean {
  return one.name === other.name && one.leakers === other.leakers
}

/** Damages that are also planned for with leakers who take the trouble to hide. */
const HOSTILE = ['verbatim', 'format', 'minify', 'refactor', 'rewrite'] as const satisfies readonly Damage[]

/** The file whose sites carry most: a leak usually shows one. */
export function strongestFile(plan: MarkPlan): MarkPlan['files'][number] | undefined {
  return plan.files.toSorted((a, b) => weight(b.sites) - weight(a.sites))[0]
}

/** Nats that the sites of a file carry. */
function weight(sites: readonly MarkSite[]): number {
  return sites.reduce((sum, site) => sum + Math.log(site.variants.length), 0)
}

/** The bias law that fits these sites. */
export function familyFor(sites: readonly MarkSite[]): BiasFamily {
  const binary = sites.filter((site) => site.variants.length === 2)
  return chooseFamily(binary.reduce((sum, site) => sum + site.survival.format, 0))
}
