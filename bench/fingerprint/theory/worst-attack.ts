import { binaryInformation, mergingOf } from './information.ts'
import type { BiasLaw, Information } from './information.ts'

/** The merging of binary sites that leaves least of one quantity. */
export interface WorstAttack {
  readonly theta: readonly number[]
  /** All three quantities under it. */
  readonly information: Information
}

/**
 * Minimises one quantity over theta with theta_0 = 0 and theta_c = 1 (the marking assumption). All three are convex in theta and the laws
 * symmetric, so that only symmetric theta (theta_k + theta_{c-k} = 1) need be searched, coordinate by coordinate.
 */
export function worstAttack(law: BiasLaw, leakers: number, quantity: keyof Information): WorstAttack {
  const free = Array.from({ length: Math.floor((leakers - 1) / 2) }, (_, i) => (i + 1) / leakers)
  const value = (at: readonly number[]): Information => binaryInformation(law, mergingOf(symmetric(at, leakers)))
  for (let moved = 1; moved > PRECISION; ) {
    const before = [...free]
    for (let i = 0; i < free.length; i++) free[i] = goldenSection((x) => value(free.with(i, x))[quantity])
    moved = Math.max(0, ...free.map((x, i) => Math.abs(x - before[i]!)))
  }
  return { theta: symmetric(free, leakers), information: value(free) }
}

const PRECISION = 1e-7

function symmetric(free: readonly number[], leakers: number): number[] {
  return Array.from({ length: leakers + 1 }, (_, k) => {
    if (k === 0 || k === leakers) return k / leakers
    if (2 * k === leakers) return 0.5
    return 2 * k < leakers ? free[k - 1]! : 1 - free[leakers - k - 1]!
  })
}

/** Minimum of a convex function on 0..1. */
function goldenSection(value: (x: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, 1]
  for (let step = 0; step < 45; step++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)]
    if (value(a) < value(b)) high = b
    else low = a
  }
  const middle = (low + high) / 2
  return [0, 1].find((end) => value(end) <= value(middle)) ?? middle
}
