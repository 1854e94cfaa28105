import { FingerprintError } from '../errors.ts'
import { BIAS_TABLES } from '../law.ts'
import type { CapacityRequest, Kept, PlannedDamage, PlannedPool, Share } from '../planner.ts'

/** Throws `bad-plan` when a value that is asked about is out of range. */
export function checkRequest(request: CapacityRequest): void {
  const { pools, recipients, alpha, family, damages = [], hostile, misread = 0 } = request
  demand(alpha > 0 && alpha < 1, `alpha lies between 0 and 1, not ${alpha}`)
  demand(Number.isSafeInteger(recipients) && recipients >= 1, `recipients is a positive integer, not ${recipients}`)
  demand(Object.hasOwn(BIAS_TABLES, family), `unknown bias family ${family}`)
  demand(misread >= 0 && misread <= 0.5, `misread lies between 0 and 0.5, not ${misread}`)
  const asked = hostile ?? (damages.length > 0 ? [] : Object.keys(pools[0]?.survival ?? {}))
  const named = [...asked, ...damages.map(({ key }) => key)]
  for (const pool of pools) checkPool(pool, named)
  for (const damage of damages) checkDamage(damage)
}

function checkPool({ pool, q, count, survival }: PlannedPool, damages: readonly string[]): void {
  const missing = damages.find((damage) => !Object.hasOwn(survival, damage))
  demand(missing === undefined, `pool ${pool}: no survival given for ${missing}`)
  demand(Number.isInteger(q) && q >= 2 && q <= 256, `pool ${pool}: q is 2 to 256, not ${q}`)
  demand(count >= 0 && Number.isFinite(count), `pool ${pool}: count is not >= 0`)
  for (const [damage, kept] of Object.entries(survival))
    demand(sharesIn(kept).every(isShare), `pool ${pool}: survival of ${damage} is not in 0..1`)
}

function checkDamage({ name, leakers, leadSpread, lossSpread }: PlannedDamage): void {
  demand(Number.isInteger(leakers) && leakers >= 1 && leakers <= 5, `${name}: leakers is 1 to 5, not ${leakers}`)
  demand(isShare(leadSpread), `${name}: leadSpread is in 0..1, not ${leadSpread}`)
  demand(lossSpread >= 0 && lossSpread < 1, `${name}: lossSpread is at least 0 and less than 1, not ${lossSpread}`)
}

function sharesIn(kept: Share | Kept): readonly number[] {
  if (typeof kept === 'number') return [kept]
  return 'agree' in kept ? [...sharesIn(kept.agree), ...sharesIn(kept.differ), kept.lead ?? 0] : kept
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new FingerprintError('bad-plan', message)
}
