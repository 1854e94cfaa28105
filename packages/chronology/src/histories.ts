/**
 * The case-state model of coordinated disclosure (Householder and Spring, "A State-Based Model for Multi-Party Coordinated Vulnerability Disclosure", CMU/SEI-2021-SR-021,
 * as maintained in Vultron): six milestones, the histories that causality admits, the orderings one wishes for, and how often luck alone brings them about.
 */

/** Vendor aware, fix ready, fix deployed, public aware, exploit public, attacks. */
export const MILESTONES = ['V', 'F', 'D', 'P', 'X', 'A'] as const

/** One of the milestones above. */
export type Milestone = (typeof MILESTONES)[number]

/** A wish that one milestone comes before another, such as `FP`: the fix before the public knows. */
export type DesiredOrder = 'VP' | 'VX' | 'VA' | 'FP' | 'FX' | 'FA' | 'DP' | 'DX' | 'DA' | 'PX' | 'PA' | 'XA'

/** The twelve desired orderings. */
export const DESIRED_ORDERS: readonly DesiredOrder[] = [
  'VP',
  'VX',
  'VA',
  'FP',
  'FX',
  'FA',
  'DP',
  'DX',
  'DA',
  'PX',
  'PA',
  'XA',
]

/** A zero-day pattern that a whole history shows: what came before the vendor knew (type 1), before the fix (2) or before the public knew (3). */
export type ZeroDay =
  | 'vulnerability-2'
  | 'vulnerability-3'
  | 'exploit-1'
  | 'exploit-2'
  | 'exploit-3'
  | 'attack-1'
  | 'attack-2'
  | 'attack-3'

const ZERO_DAYS: readonly (readonly [ZeroDay, Milestone, Milestone])[] = [
  ['vulnerability-2', 'P', 'V'],
  ['vulnerability-3', 'P', 'F'],
  ['exploit-1', 'X', 'V'],
  ['exploit-2', 'X', 'F'],
  ['exploit-3', 'X', 'P'],
  ['attack-1', 'A', 'V'],
  ['attack-2', 'A', 'F'],
  ['attack-3', 'A', 'P'],
]

/** One admissible history. */
export interface History {
  /** The milestones in order, such as `VFPXDA`. */
  readonly order: string
  /** How often a walk that takes every possible next step with equal probability goes this way. */
  readonly frequency: number
  readonly desired: readonly DesiredOrder[]
  readonly zeroDays: readonly ZeroDay[]
}

/**
 * The milestones that may come next. A fix needs a vendor who knows, deployment needs a fix; a public exploit makes the public aware at once, and what is public the
 * vendor knows at once.
 */
export function nextMilestones(passed: string): readonly Milestone[] {
  const has = (milestone: Milestone): boolean => passed.includes(milestone)
  if (has('X') && !has('P')) return ['P']
  if (has('P') && !has('V')) return ['V']
  return MILESTONES.filter((next) => {
    if (has(next)) return false
    if (next === 'F') return has('V')
    return next !== 'D' || has('F')
  })
}

/** The milestones that a history or an ordering names, in its order. */
export function stepsOf(order: string): readonly Milestone[] {
  return order.split('').flatMap((letter) => MILESTONES.find((milestone) => milestone === letter) ?? [])
}

function walk(passed: string, frequency: number): readonly History[] {
  const next = nextMilestones(passed)
  if (next.length > 0) return next.flatMap((milestone) => walk(passed + milestone, frequency / next.length))
  const holds = (first: string, second: string): boolean => passed.indexOf(first) < passed.indexOf(second)
  const desired = DESIRED_ORDERS.filter(([first = '', second = '']) => holds(first, second))
  const zeroDays = ZERO_DAYS.filter(([, first, second]) => holds(first, second)).map(([name]) => name)
  return [{ order: passed, frequency, desired, zeroDays }]
}

/** All 70 admissible histories. */
export const HISTORIES: readonly History[] = walk('', 1)

/** How often luck alone brings about a desired ordering. */
export function luckOf(order: DesiredOrder): number {
  return HISTORIES.filter((history) => history.desired.includes(order)).reduce((sum, each) => sum + each.frequency, 0)
}

/** How often luck alone meets at least this many of the twelve desired orderings. */
export function luckOfAtLeast(met: number): number {
  return HISTORIES.filter((history) => history.desired.length >= met).reduce((sum, each) => sum + each.frequency, 0)
}

/**
 * The skill coefficient over several cases: 0 when an ordering is met as often as luck would, 1 when always, negative when luck does better.
 * @param observed the share of cases that met the ordering, 0 to 1
 */
export function skill(order: DesiredOrder, observed: number): number {
  const luck = luckOf(order)
  return (observed - luck) / (1 - luck)
}
