import { DAY } from '../instant.ts'
import type { Interval } from '../order.ts'

const STEPS = 12

/**
 * The density per day of a delay from `cause` to `effect` that is exponential with mean `meanDays`, averaged over both intervals (uniform, independent) by the
 * midpoint rule on a 12 by 12 grid. Equal grid points count half. Finite bounds only.
 */
export function lagDensity(cause: Interval, effect: Interval, meanDays: number): number {
  const causes = midpoints(cause)
  const effects = midpoints(effect)
  let sum = 0
  for (const from of causes) {
    for (const to of effects) sum += densityAt((to - from) / DAY, meanDays)
  }
  return sum / (causes.length * effects.length)
}

function densityAt(days: number, meanDays: number): number {
  if (days < 0) return 0
  return (Math.exp(-days / meanDays) / meanDays) * (days === 0 ? 0.5 : 1)
}

function midpoints(interval: Interval): readonly number[] {
  const width = interval.latest - interval.earliest
  if (width === 0) return [interval.earliest]
  return Array.from({ length: STEPS }, (_, i) => interval.earliest + (width * (i + 0.5)) / STEPS)
}
