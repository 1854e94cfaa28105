import type { BiasFamily } from '@sigillo/fingerprint/law'
import { planCapacity } from '@sigillo/fingerprint/planner'
import type { Kept, PlannedPool, Share } from '@sigillo/fingerprint/planner'
import { rehearse } from '@sigillo/marks/leak/rehearse'
import type { Damaging, Rehearsed } from '@sigillo/marks/leak/rehearse'
import { plannedLeak } from '@sigillo/marks/leak/scenarios'
import type { LeakScenario, PlannedLeak } from '@sigillo/marks/leak/scenarios'
import type { PlanFile } from '@sigillo/marks/site'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import type { Bundle } from './bundles.ts'
import type { LeakDamage } from './damages.ts'

/** N of the accusation bound, and the chance of naming any innocent. */
export const RECIPIENTS = 100
export const ALPHA = 1e-6

/** A leak of some files of a bundle. */
export interface Leak {
  readonly bundle: Bundle
  readonly damage: LeakDamage
  readonly family: BiasFamily
}

/** The files that the damage can be done to. */
export function isTouched({ corpora }: LeakDamage, { language }: PlanFile): boolean {
  return corpora.some((corpus) => corpus === language)
}

/** The files of a bundle with what was played through with each: by one scenario. */
type Rehearsals = ReadonlyMap<PlanFile, readonly Rehearsed[]>

/** Leaks are played through with draws of their own, which the leaks that are measured do not share. */
const SEED = 77_000

/**
 * Plays the damage through with every file that it can be done to, as `sigillo plan --rehearse` does with the strongest. Excerpts are pasted into
 * nothing there, into a stranger's file where outcomes are measured.
 */
export async function rehearsalsOf({ bundle, damage }: Leak): Promise<Rehearsals> {
  const out = new Map<PlanFile, readonly Rehearsed[]>()
  if (damage.scenario === null) return out
  const scenario: LeakScenario = { name: damage.scenario, leakers: damage.leakers }
  for (const [at, file] of bundle.plan.files.entries()) {
    if (!isTouched(damage, file)) continue
    const damaging: Damaging = (copies, own, draw, way) => {
      // Files that leak together are not cut at the same place.
      const place = ((way.at + STRIDE * at) % way.of) + 0.5
      return damage.run(own, copies, '', damage.scenario === 'excerpt' ? () => place / way.of : draw)
    }
    out.set(file, [await rehearse(file, scenario, damaging, seededDraw(SEED + at))])
  }
  return out
}

const STRIDE = 4

/** The planner's chance of naming a leaker of these files: by rehearsals, or its figures where there are none; null for a damage that it has no word for. */
export function forecast(leak: Leak, files: readonly PlanFile[], rehearsals: Rehearsals = new Map()): number | null {
  const { damage } = leak
  if (damage.scenario === null) return null
  const scenario: LeakScenario = { name: damage.scenario, leakers: damage.leakers }
  return chance(
    leak,
    plannedLeak(files, [scenario], (file) => isTouched(damage, file), rehearsals),
  )
}

/** The planner's chance when it is told which sites were read: one variant for each site of the files, or null. */
export function counted(
  leak: Leak,
  files: readonly PlanFile[],
  readings: readonly (readonly (number | null)[])[],
): number {
  const { damage } = leak
  const read = files.map((file, at) => ({
    ...file,
    sites: file.sites.filter((_, site) => readings[at]![site] !== null),
  }))
  const scenario: LeakScenario = { name: damage.scenario ?? 'verbatim', leakers: damage.leakers }
  const { pools, damages } = plannedLeak(read, [scenario], (file) => isTouched(damage, file))
  return chance(leak, {
    pools: pools.map((pool) => ({ ...pool, survival: allRead(pool) })),
    damages: damages.map((each) => ({ ...each, lossSpread: 0 })),
  })
}

function allRead({ survival }: PlannedPool): Record<string, Kept> {
  const lead = (kept: Share | Kept): Kept =>
    typeof kept === 'object' && 'agree' in kept ? { ...kept, agree: 1, differ: 1 } : { agree: 1, differ: 1 }
  return Object.fromEntries(Object.entries(survival).map(([key, kept]) => [key, lead(kept)]))
}

function chance({ family }: Leak, { pools, damages }: PlannedLeak): number {
  const { rows } = planCapacity({ pools, damages, recipients: RECIPIENTS, alpha: ALPHA, family })
  return rows[0]?.catchOne ?? 0
}
