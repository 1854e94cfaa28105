/** What one clock says. */
export interface ClockReading {
  /** Whose clock, in words. */
  readonly clock: string
  /** Epoch milliseconds. */
  readonly ms: number
}

/** Clocks further apart than this contradict each other, in milliseconds. */
export const CLOCK_TOLERANCE = 5_000

/** What the clocks say about an instant. `contradict`: some are past it, but they cannot all be right. */
export type DueVerdict =
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'due'; readonly latenessMs: number }
  | { readonly kind: 'contradict'; readonly reason: string }

/**
 * Whether an instant has come: only when every clock is past it and no two contradict each other. So no single clock can make anything
 * early; one that runs behind makes it late.
 */
export function judgeDue(readings: readonly ClockReading[], instant: number): DueVerdict {
  const times = readings.map(({ ms }) => ms)
  if (times.length === 0 || Math.max(...times) < instant) return { kind: 'not-yet' }
  const reason = contradiction(readings)
  if (reason !== null) return { kind: 'contradict', reason }
  const earliest = Math.min(...times)
  return earliest < instant ? { kind: 'not-yet' } : { kind: 'due', latenessMs: earliest - instant }
}

/** Names the two clocks furthest apart when they contradict each other, else null. */
export function contradiction(readings: readonly ClockReading[]): string | null {
  const sorted = [...readings].sort((a, b) => a.ms - b.ms)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined || last.ms - first.ms <= CLOCK_TOLERANCE) return null
  const seconds = Math.round((last.ms - first.ms) / 1000)
  return `${last.clock} is ${String(seconds)} s ahead of ${first.clock}`
}
