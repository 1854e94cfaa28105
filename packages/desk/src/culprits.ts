/**
 * Finds which of several changes make a test fail, by halving: one run when all pass, about `2 k log2 n` when `k` of `n` fail. A change that
 * fails only together with others counts as a culprit when those others come before it.
 *
 * @param changes in the order they are trusted
 * @param passes whether the test passes with exactly these changes made; the empty list is never asked
 * @returns changes without which all others together pass
 */
export async function culprits<T>(
  changes: readonly T[],
  passes: (changes: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  return search(changes, [], passes)
}

async function search<T>(
  changes: readonly T[],
  made: readonly T[],
  passes: (changes: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (changes.length === 0 || (await passes([...made, ...changes]))) return []
  if (changes.length === 1) return changes
  const middle = Math.ceil(changes.length / 2)
  const bad = new Set(await search(changes.slice(0, middle), made, passes))
  const good = changes.slice(0, middle).filter((change) => !bad.has(change))
  const rest = await search(changes.slice(middle), [...made, ...good], passes)
  return [...bad, ...rest]
}
