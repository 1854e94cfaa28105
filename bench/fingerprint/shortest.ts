/** Code lengths that are tried: every length up to 67, then steps of 1.5 %. */
export function lengthsUpTo(limit: number): number[] {
  const lengths: number[] = []
  for (let marks = 1; marks <= limit; marks = Math.max(marks + 1, Math.round(1.015 * marks))) lengths.push(marks)
  return lengths
}

/**
 * The shortest of `lengths` that convicts, by doubling steps away from `guess` and bisection; Infinity when the longest does not. Conviction
 * need not be monotone in length; a length that is tried counts exactly as a trial at that length would, the others as their neighbours do.
 */
export function shortestLength(
  lengths: readonly number[],
  guess: number,
  convicts: (marks: number) => boolean,
): number {
  const at = (index: number): boolean => convicts(lengths[index]!)
  const last = lengths.length - 1
  const start = lengths.findIndex((marks, i) => marks >= guess || i === last)
  let [low, high] = at(start) ? [-1, start] : [start, last + 1]
  if (low < 0) {
    for (let step = 4; high - step >= 0; step *= 2) {
      if (!at(high - step)) {
        low = high - step
        break
      }
      high -= step
    }
  } else {
    for (let step = 4; high > last && low < last; step *= 2) {
      const next = Math.min(last, low + step)
      if (at(next)) high = next
      else low = next
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (at(middle)) high = middle
    else low = middle
  }
  return lengths[high] ?? Number.POSITIVE_INFINITY
}
