/**
 * The replay's clock: it runs at the speed of the real one, from any instant that the story jumps to, and never goes back.
 */
export interface ReplayClock {
  readonly now: () => Date
  /** @param instant ISO 8601; must not lie before the replay's present */
  readonly jumpTo: (instant: string) => void
}

/** @param monotonic milliseconds of a clock that never goes back */
export function replayClock(start: string, monotonic: () => number): ReplayClock {
  let base = Date.parse(start)
  let since = monotonic()
  const now = (): number => base + (monotonic() - since)
  return {
    now: () => new Date(now()),
    jumpTo(instant) {
      const target = Date.parse(instant)
      if (target < now()) throw new RangeError(`the replay's clock cannot go back to ${instant}`)
      base = target
      since = monotonic()
    },
  }
}
