import { adviceOn } from './internal/advice.ts'
import { checkRequest } from './internal/check-request.ts'
import { namingChances } from './internal/naming-chance.ts'
import type { Remains } from './internal/naming-chance.ts'
import { agreement } from './internal/site-evidence.ts'
import { FingerprintError } from './errors.ts'
import type { BiasFamily } from './law.ts'

/** A share in 0..1; or one for each of several equally likely ways in which a damage may fall, such as where an excerpt begins. */
export type Share = number | readonly number[]

/** Shares of a group of sites that are still read. */
export interface Kept {
  /** Where the copies that were leaked show the same variant. */
  readonly agree: Share
  /** Where they do not. */
  readonly differ: Share
  /** Expected share of these sites that the first copy decides, 0..1. Default: all copies alike. */
  readonly lead?: number
}

/** A group of like mark sites. */
export interface PlannedPool {
  /** Any name; sites of the same pool may come in several groups. */
  readonly pool: string
  /** Number of variants, 2 to 256. */
  readonly q: number
  /** How many sites are embedded, >= 0. */
  readonly count: number
  /** Damage to expected share still readable. All pools name the same damages, with the same number of ways each. */
  readonly survival: Readonly<Record<string, Share | Kept>>
}

/** What happens to copies whose leakers are no experts: tools and merges as they are, not the worst that could be done. */
export interface PlannedDamage {
  /** What rows call it. */
  readonly name: string
  /** What `survival` calls it; several numbers of leakers may need figures of their own. */
  readonly key: string
  /** 1 to 5. */
  readonly leakers: number
  /** Correlation of who wrote two sites of one leak, 0..1: the fewer pieces a text is put together from, the higher. */
  readonly leadSpread: number
  /** How much losses hang together: correlation of the fates of two sites of one leak, on the normal scale, in [0, 1). */
  readonly lossSpread: number
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
  /** Tools and merges as they are. Default: none. */
  readonly damages?: readonly PlannedDamage[]
  /**
   * Damages to plan for with one leaker, and with up to five who take the trouble to hide. Default: all that the pools name, or none when
   * there are `damages`. Where one of these says the same more exactly, its row is given.
   */
  readonly hostile?: readonly string[]
  /** Share of what is read that is read wrong, in 0..0.5; default 0.005. */
  readonly misread?: number
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

/** Rows by damage, hostile ones first, in the order asked for, then leakers, then merging; and what they mean in plain words. */
export interface CapacityPlan {
  readonly rows: readonly CapacityRow[]
  readonly advice: readonly string[]
}

/**
 * What can be proven after which damage. A planning estimate, never evidence.
 *
 * The evidence that decoders S and J will find against a leaker is a sum over the sites that are read. Its mean and variance follow from the
 * laws of the sites and from who wrote how much; a leaker is named when it passes ln(N/alpha) and the price of the models that are tried. This
 * is averaged over how many marks the damage leaves and who wrote how much, not taken at the mean (docs/marks.md says how well it holds).
 *
 * Of `hostile` damages the leakers are experts: they mix evenly, which is the worst attack found on binary marks; `scrub` leaves of the q-ary
 * sites only those where all copies agree; and HALF counts as nothing against three or more, who can hide from it entirely.
 *
 * Throws `bad-plan` for values out of range.
 */
export function planCapacity(request: CapacityRequest): CapacityPlan {
  checkRequest(request)
  const { damages = [], hostile = damages.length > 0 ? [] : Object.keys(request.pools[0]?.survival ?? {}) } = request
  const natural = damages.map((damage) => capacityRow(request, damage, 'merge', false))
  const worst = hostile.flatMap((damage) => hostileRows(request, damage))
  const rows = [
    ...worst.map((row) => natural.find((other) => isSameCase(row, other)) ?? row),
    ...natural.filter((row) => !worst.some((other) => isSameCase(row, other))),
  ]
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

const MISREAD = 0.005
const LEAKERS = [1, 2, 3, 4, 5]
/** ln of what the budget of the cheapest model, decoder J without accomplices, is divided by: 4 / .4 / (15/16). */
const CHEAPEST_MODEL = 2.37

function hostileRows(request: CapacityRequest, key: string): CapacityRow[] {
  return LEAKERS.flatMap((leakers) => {
    const damage = { name: key, key, leakers, leadSpread: 0, lossSpread: 0 }
    const merged = capacityRow(request, damage, 'merge', true)
    return leakers === 1 ? [merged] : [merged, capacityRow(request, damage, 'scrub', true)]
  })
}

function capacityRow(
  request: CapacityRequest,
  damage: PlannedDamage,
  merging: CapacityRow['merging'],
  hostile: boolean,
): CapacityRow {
  const { family, recipients, alpha, misread = MISREAD } = request
  const ways = remainsOf(request, damage, merging, hostile)
  const nats = Math.log(recipients / alpha) + CHEAPEST_MODEL
  const chances = namingChances(ways, damage, { family, nats, misread })
  return {
    damage: damage.name,
    leakers: damage.leakers,
    merging,
    readable: Math.round(meanReadable(ways, family, damage.leakers)),
    catchOne: rounded(chances.one),
    catchAll: rounded(chances.all),
  }
}

function isSameCase(a: CapacityRow, b: CapacityRow): boolean {
  return a.damage === b.damage && a.leakers === b.leakers && a.merging === b.merging && a.leakers === 1
}

/** What the damage leaves, for each way in which it may fall. */
function remainsOf(
  { pools, family }: CapacityRequest,
  { key, leakers }: PlannedDamage,
  merging: CapacityRow['merging'],
  hostile: boolean,
): Remains[][] {
  const counted = pools.filter(({ q, count }) => count > 0 && !(hostile && q === 2 && family === 'HALF' && leakers > 2))
  const kept = counted.map(({ survival }) => keptOf(survival[key] ?? 0))
  const ways = Math.max(1, ...kept.flatMap(({ agree, differ }) => [waysOf(agree), waysOf(differ)]))
  return Array.from({ length: ways }, (_, way) =>
    counted.map(({ q, count }, at): Remains => {
      const { agree = 0, differ = 0, lead = null } = kept[at] ?? {}
      const scrubbed = merging === 'scrub' && q > 2
      return { q, count, agree: shareAt(agree, way), differ: scrubbed ? 0 : shareAt(differ, way), lead }
    }),
  )
}

function keptOf(survival: Share | Kept): Kept {
  return typeof survival === 'object' && 'agree' in survival ? survival : { agree: survival, differ: survival }
}

function waysOf(share: Share): number {
  return typeof share === 'number' ? 1 : share.length
}

function shareAt(share: Share, way: number): number {
  return typeof share === 'number' ? share : (share[way] ?? 0)
}

function meanReadable(ways: readonly (readonly Remains[])[], family: BiasFamily, leakers: number): number {
  let sum = 0
  for (const remains of ways)
    for (const { q, count, agree, differ } of remains) {
      const same = agreement(q, family, leakers)
      sum += count * (same * agree + (1 - same) * differ)
    }
  return sum / Math.max(1, ways.length)
}

function rounded(chance: number): number {
  return Math.round(1000 * chance) / 1000
}
