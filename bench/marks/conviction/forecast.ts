import { poolsOf } from '@sigillo/desk/plan-report'
import type { BiasFamily } from '@sigillo/fingerprint/law'
import { planCapacity } from '@sigillo/fingerprint/planner'
import type { PlannedPool } from '@sigillo/fingerprint/planner'
import type { MarkSite } from '@sigillo/marks/site'
import type { Bundle } from './bundles.ts'
import type { LeakDamage } from './damages.ts'

/** N of the accusation bound, and the chance of naming any innocent. */
export const RECIPIENTS = 100
export const ALPHA = 1e-6

/** What the planner expects: by its priors, null for a damage it has no word for, and by the share of sites that were read. */
export interface Chances {
  readonly forecast: number | null
  readonly counted: number
}

interface Leak {
  readonly bundle: Bundle
  readonly damage: LeakDamage
  readonly family: BiasFamily
  /** Which files the damage can touch; the others are there as they were. */
  readonly touched: readonly boolean[]
}

/**
 * The planner's chances of naming at least one leaker, for the whole bundle and, on average, for one of the files that are touched.
 *
 * @param shares - for each file and site, how often it was read, 0..1
 */
export function forecasts(leak: Leak, shares: readonly (readonly number[])[]): { bundle: Chances; file: Chances } {
  const { bundle, damage, touched } = leak
  const priors = bundle.plan.files.map(({ sites }, at) => expected(sites, damage, touched[at] === true))
  const found = bundle.plan.files.map(({ sites }, at) => measured(sites, shares[at] ?? []))
  const mean = (pools: readonly (readonly PlannedPool[])[]): number => {
    const alone = pools.filter((_, at) => touched[at])
    return rounded(alone.reduce((sum, own) => sum + chance(leak, own), 0) / Math.max(1, alone.length))
  }
  const known = damage.planned !== null
  return {
    bundle: {
      forecast: known ? rounded(chance(leak, priors.flat())) : null,
      counted: rounded(chance(leak, found.flat())),
    },
    file: { forecast: known ? mean(priors) : null, counted: mean(found) },
  }
}

function chance({ damage, family }: Leak, pools: readonly PlannedPool[]): number {
  const { rows } = planCapacity({ pools, recipients: RECIPIENTS, alpha: ALPHA, family })
  return rows.find(({ leakers, merging }) => leakers === damage.leakers && merging === 'merge')?.catchOne ?? 0
}

/** The planner's groups with the one damage that is asked about. */
function expected(sites: readonly MarkSite[], { planned, share }: LeakDamage, isTouched: boolean): PlannedPool[] {
  return poolsOf(sites).map((pool) => ({
    ...pool,
    survival: { leak: isTouched ? share * (pool.survival[planned ?? 'verbatim'] ?? 0) : 1 },
  }))
}

function measured(sites: readonly MarkSite[], shares: readonly number[]): PlannedPool[] {
  return sites.map(({ pool, variants }, at) => ({
    pool,
    q: variants.length,
    count: 1,
    survival: { leak: shares[at] ?? 0 },
  }))
}

function rounded(value: number): number {
  return Math.round(1000 * value) / 1000
}
