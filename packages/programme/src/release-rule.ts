import type { LiftPlan } from './lift.ts'

/** What decides when a package may leave. */
export interface TimedPackage {
  /** Epoch milliseconds from its signed manifest; null: at once. */
  readonly notBefore: number | null
  /** How long before the release that was planned when it was issued; 0 for "at release", null when no release was on file. */
  readonly lead: number | null
}

/** When a package may leave. `with-lift`: not before the embargo is lifted, however late that is; `planned` is null when nothing is planned. */
export type Release =
  | { readonly kind: 'now' }
  | { readonly kind: 'from'; readonly instant: number }
  | { readonly kind: 'with-lift'; readonly planned: number | null }
  | { readonly kind: 'frozen' }

/**
 * When a package may leave, given its case's embargo (null when the hub has none). The embargo overrides the manifest: a package with a
 * lead time moves with the release, one without waits for the lift itself, and a broken embargo freezes both.
 */
export function releaseOf(timed: TimedPackage, plan: LiftPlan | null): Release {
  if (plan === null) return timed.notBefore === null ? { kind: 'now' } : { kind: 'from', instant: timed.notBefore }
  if (plan.lift === 'lifted') return { kind: 'now' }
  if (plan.frozen) return { kind: 'frozen' }
  if (timed.notBefore === null) return { kind: 'now' }
  if (plan.lift === 'draft' || plan.lift === 'cancelled') return { kind: 'with-lift', planned: null }
  const lead = timed.lead ?? 0
  return lead > 0 ? { kind: 'from', instant: plan.releaseAt - lead } : { kind: 'with-lift', planned: plan.releaseAt }
}
