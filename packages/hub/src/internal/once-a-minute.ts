/** How often something may be told of. */
export interface OnceAMinute {
  /**
   * Of this kind: the number of those since the last one that was told of, when this one is to be told of as well; null when one was
   * told of less than a minute ago, and this one is counted for later.
   */
  next(kind: string): number | null
}

const WINDOW_MS = 60_000
/** Kinds that are remembered; far more than people times actions of any programme. */
const MOST_KINDS = 10_000

/** Lets one of a kind through in a minute, and counts the others. */
export function onceAMinute(clock: () => Date): OnceAMinute {
  const kinds = new Map<string, { readonly since: number; readonly uncounted: number }>()
  return {
    next: (kind) => {
      const [known, now] = [kinds.get(kind), clock().getTime()]
      if (known !== undefined && now - known.since < WINDOW_MS) {
        kinds.set(kind, { ...known, uncounted: known.uncounted + 1 })
        return null
      }
      if (kinds.size >= MOST_KINDS) kinds.clear()
      kinds.set(kind, { since: now, uncounted: 0 })
      return known?.uncounted ?? 0
    },
  }
}
