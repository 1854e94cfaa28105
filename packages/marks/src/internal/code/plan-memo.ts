import type { Prepared } from './prepare.ts'

/**
 * Remembers what follows from a plan alone: copies of one plan are read by the hundred. What is kept goes with the plan.
 *
 * @returns a function that makes a value once for each plan and key
 */
export function planMemo<T>(): (plan: Prepared, key: string, make: () => T) => T {
  const memories = new WeakMap<Prepared, Map<string, { readonly value: T }>>()
  return (plan, key, make) => {
    const memory = memories.get(plan) ?? new Map<string, { readonly value: T }>()
    memories.set(plan, memory)
    const known = memory.get(key) ?? { value: make() }
    memory.set(key, known)
    return known.value
  }
}
