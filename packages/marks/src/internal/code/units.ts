import type { Bag } from './bags.ts'
import type { Unit } from './model.ts'
import type { Prepared, TokenIndex } from './prepare.ts'

/** Units of a text by the tokens they hold. */
export interface UnitIndex {
  readonly units: readonly Unit[]
  /** For each unit the index of the smallest unit around it, or -1. */
  readonly parents: readonly number[]
  /** Units of each list, in order. */
  readonly lists: ReadonlyMap<number, readonly Unit[]>
}

/** Occurrences of the rarest key that are followed up; beyond, a piece counts as too common to find. */
const MAX_OCCURRENCES = 300

const known = new WeakMap<Prepared, UnitIndex>()

/** The index of a prepared text, computed once. */
export function unitIndex(prepared: Prepared): UnitIndex {
  const cached = known.get(prepared)
  if (cached) return cached
  const units = [...prepared.model.units].sort((a, b) => a.start - b.start || b.end - a.end || a.list - b.list)
  const index = { units, parents: parentsOf(units), lists: listsOf(units) }
  known.set(prepared, index)
  return index
}

function parentsOf(units: readonly Unit[]): number[] {
  const parents: number[] = []
  const open: number[] = []
  for (const [at, unit] of units.entries()) {
    while (open.length > 0 && units[open.at(-1)!]!.end < unit.end) open.pop()
    parents.push(open.at(-1) ?? -1)
    open.push(at)
  }
  return parents
}

function listsOf(units: readonly Unit[]): Map<number, Unit[]> {
  const lists = new Map<number, Unit[]>()
  for (const unit of units) {
    const list = lists.get(unit.list)
    if (list) list.push(unit)
    else lists.set(unit.list, [unit])
  }
  for (const list of lists.values()) list.sort((a, b) => a.index - b.index)
  return lists
}

/**
 * Units that may show at least `share` of a bag's bits: those around any of its rarest keys, as many of these as weigh more than the rest.
 * Empty when even these keys are too common to follow up.
 */
export function unitsHolding(index: UnitIndex, tokens: TokenIndex, bag: Bag, share: number): Set<Unit> {
  const keys = [...bag.items].map(([key, { count, weight }]) => ({
    bits: count * weight,
    positions: tokens.positions.get(key) ?? [],
  }))
  keys.sort((a, b) => a.positions.length - b.positions.length)
  const out = new Set<Unit>()
  let spared = (1 - share) * bag.bits
  for (const { bits, positions } of keys) {
    if (spared < 0) break
    spared -= bits
    if (positions.length > MAX_OCCURRENCES) return new Set()
    for (const position of positions) {
      const offset = tokens.tokens[position]!.start
      for (let at = innermost(index, offset); at >= 0; at = index.parents[at]!) out.add(index.units[at]!)
    }
  }
  return out
}

/** The smallest unit that holds an offset, or -1. */
function innermost(index: UnitIndex, offset: number): number {
  let low = 0
  let high = index.units.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (index.units[middle]!.start <= offset) low = middle + 1
    else high = middle
  }
  let at = low - 1
  while (at >= 0 && index.units[at]!.end <= offset) at = index.parents[at]!
  return at
}
