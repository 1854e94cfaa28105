import { adviceOn } from './internal/advice.ts'
import { allFactor, marksNeeded, scrubbedMarks } from './internal/marks-needed.ts'
import type { Need } from './internal/marks-needed.ts'
import { FingerprintError } from './errors.ts'
import { BIAS_TABLES } from './law.ts'
import type { BiasFamily } from './law.ts'

/** A group of like mark sites. */
export interface PlannedPool {
  /** Any name; sites of the same pool may come in several groups. */
  readonly pool: string
  /** Number of variants, 2 to 256. */
  readonly q: number
  /** How many sites are embedded, >= 0. */
  readonly count: number
  /** Damage to expected share still readable, in 0..1. All pools name the same damages. */
  readonly survival: Readonly<Record<string, number>>
}

/** What is asked of the planner. */
export interface CapacityRequest {
  readonly pools: readonly PlannedPool[]
  /** N, at least 1. */
  readonly recipients: number
  /** Chance of accusing any innocent, per case, in (0, 1). */
  readonly alpha: number
  /** Bias family of the binary sites. */
  readonly family: BiasFamily
}

/** What can be expected of one trace. */
export interface CapacityRow {
  readonly damage: string
  /** How many copies the leak was made from, 1 to 5. */
  readonly leakers: number
  /** `merge`: the copies are mixed. `scrub`: the leakers compare them and rewrite whatever differs. */
  readonly merging: 'merge' | 'scrub'
  /** Marks expected to be readable. */
  readonly readable: number
  /** Chance, 0 to 1, that at least one of the copies is named; that all are. */
  readonly catchOne: number
  readonly catchAll: number
}

/** Rows by damage (in the order of the first pool's `survival`), then leakers, then merging; and what they mean in plain words. */
export interface CapacityPlan {
  readonly rows: readonly CapacityRow[]
  readonly advice: readonly string[]
}

/**
 * What can be proven after which damage. A planning estimate, never evidence.
 *
 * Model: each group of marks fills a share n/m50 of what is needed for an even chance, shares add up over the groups, and the chance of
 * naming is a log-normal curve through the simulated 50 and 95 % points, widened for the chance that fewer marks survive than expected. m50
 * was simulated with decoder J at N = 100, alpha = 1e-6 against leakers who mix evenly (for binary marks the worst attack found), 2 % of
 * marks misread; other N and alpha scale it by ln(N/alpha). Scrubbing leaves of the q-ary sites only those where all copies agree, and
 * mixes the binary ones. HALF is counted as nothing against three or more, who can hide from it entirely.
 *
 * Throws `bad-plan` for values out of range.
 */
export function planCapacity(request: CapacityRequest): CapacityPlan {
  checkRequest(request)
  const damages = Object.keys(request.pools[0]?.survival ?? {})
  const rows = damages.flatMap((damage) =>
    [1, 2, 3, 4, 5].flatMap((leakers) =>
      (leakers === 1 ? (['merge'] as const) : (['merge', 'scrub'] as const)).map((merging) =>
        capacityRow(request, damage, leakers, merging),
      ),
    ),
  )
  return { rows, advice: adviceOn(request, rows) }
}

/**
 * The bias family for a plan: HALF while fewer than 150 structural binary marks are expected to be readable (and only two leakers can be
 * claimed), JOINT6 from there, GL8 above 800 when more than six leakers are to be claimed.
 */
export function chooseFamily(expectedReadableStructural: number, leakersClaimed: number = 6): BiasFamily {
  if (!(expectedReadableStructural >= 0)) throw new FingerprintError('bad-plan', 'expected marks is a number >= 0')
  if (expectedReadableStructural < 150) return 'HALF'
  return expectedReadableStructural > 800 && leakersClaimed > 6 ? 'GL8' : 'JOINT6'
}

function capacityRow(
  request: CapacityRequest,
  damage: string,
  leakers: number,
  merging: CapacityRow['merging'],
): CapacityRow {
  let load = 0
  let spread = 0
  let readable = 0
  for (const { q, count, survival } of request.pools) {
    const share = survival[damage]!
    const scrubbed = merging === 'scrub' && q > 2
    const need = scrubbed ? scrubbedMarks(q, leakers) : marksNeeded(q, request.family, leakers)
    const part = count * share * (1 / need.half)
    load += part
    spread += part * need.spread ** 2 + (part * (1 - share)) / need.half
    readable += count * share * (scrubbed ? q ** (1 - leakers) : 1)
  }
  const scale = thresholdScale(request)
  const variance = load === 0 ? 1 : spread / load
  const all = allFactor(leakers)
  const catchOne = chance(load / scale, { half: 1, spread: Math.sqrt(variance) })
  const catchAll = chance(load / scale, { half: all.half, spread: Math.hypot(Math.sqrt(variance), all.spread) })
  return { damage, leakers, merging, readable: Math.round(readable), catchOne, catchAll: Math.min(catchOne, catchAll) }
}

/** Marks needed grow with ln(N/alpha) plus the price of trying several models, some 4 nats. */
function thresholdScale({ recipients, alpha }: CapacityRequest): number {
  return (Math.log(recipients / alpha) + 4) / (Math.log(100 / 1e-6) + 4)
}

function chance(load: number, need: Need): number {
  if (load <= 0) return 0
  const z = Math.log(load / need.half) / Math.max(need.spread, 0.02)
  return Math.round(1000 * normal(z)) / 1000
}

/** Standard normal distribution function by the logistic approximation of Bowling et al. (2009), error under 2e-4. */
function normal(z: number): number {
  return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)))
}

function checkRequest({ pools, recipients, alpha, family }: CapacityRequest): void {
  if (!(alpha > 0 && alpha < 1)) throw new FingerprintError('bad-plan', `alpha lies between 0 and 1, not ${alpha}`)
  if (!Number.isSafeInteger(recipients) || recipients < 1) {
    throw new FingerprintError('bad-plan', `recipients is a positive integer, not ${recipients}`)
  }
  if (!Object.hasOwn(BIAS_TABLES, family)) throw new FingerprintError('bad-plan', `unknown bias family ${family}`)
  const damages = Object.keys(pools[0]?.survival ?? {})
  for (const pool of pools) checkPool(pool, damages)
}

function checkPool({ pool, q, count, survival }: PlannedPool, damages: readonly string[]): void {
  const missing = damages.find((damage) => !Object.hasOwn(survival, damage))
  if (missing !== undefined) throw new FingerprintError('bad-plan', `pool ${pool}: no survival given for ${missing}`)
  if (!Number.isInteger(q) || q < 2 || q > 256)
    throw new FingerprintError('bad-plan', `pool ${pool}: q is 2 to 256, not ${q}`)
  if (!(count >= 0 && Number.isFinite(count))) throw new FingerprintError('bad-plan', `pool ${pool}: count is not >= 0`)
  for (const [damage, share] of Object.entries(survival)) {
    if (!(share >= 0 && share <= 1))
      throw new FingerprintError('bad-plan', `pool ${pool}: survival of ${damage} is not in 0..1`)
  }
}
