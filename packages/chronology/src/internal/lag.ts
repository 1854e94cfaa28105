import { DAY } from '../instant.ts'
import type { Interval } from '../order.ts'

/** An instant is known to the minute at best; a width keeps the mean defined where two instants are equal (then half the density counts). */
const NARROWEST = 1 / 1440

/**
 * The density per day of a delay from `cause` to `effect` that is exponential with mean `meanDays`, averaged over both intervals (uniform, independent), exactly. Finite
 * bounds only.
 */
export function lagDensity(cause: Interval, effect: Interval, meanDays: number): number {
  const gap = (effect.earliest - cause.latest) / DAY
  if (gap > 0) return (Math.exp(-gap / meanDays) * fading(cause, meanDays) * fading(effect, meanDays)) / meanDays
  // Days from the beginning of the cause on: the cause from 0 to `width`, the effect from `from` to `to`; an instant is widened to both sides.
  const width = widthOf(cause)
  const widened = (width - span(cause) - (widthOf(effect) - span(effect))) / 2
  const from = (effect.earliest - cause.earliest) / DAY + widened
  const to = from + widthOf(effect)
  const before = Math.min(width, Math.max(0, from))
  const within = Math.min(width, Math.max(0, to))
  const decay = (end: number, x: number, y: number): number =>
    meanDays * (Math.exp((y - end) / meanDays) - Math.exp((x - end) / meanDays))
  const early = before > 0 ? decay(from, 0, before) - decay(to, 0, before) : 0
  const late = within > before ? within - before - decay(to, before, within) : 0
  return Math.max(0, early + late) / (width * (to - from))
}

/** The mean of exp(-t/mean) for t uniform from 0 to the width of the interval. */
function fading(interval: Interval, meanDays: number): number {
  const widths = span(interval) / meanDays
  return widths < 1e-9 ? 1 : -Math.expm1(-widths) / widths
}

function span({ earliest, latest }: Interval): number {
  return (latest - earliest) / DAY
}

function widthOf(interval: Interval): number {
  return Math.max(NARROWEST, span(interval))
}
