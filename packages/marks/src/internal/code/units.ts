import type { Bag } from './bags.ts'
import type { Unit } from './model.ts'
import { type KeyedToken, type Prepared, type TokenIndex, tokenAt } from './prepare.ts'

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
    while (open.length > 0 && (units[open.at(-1) as number] as Unit).end < unit.end) open.pop()
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

/** Units that hold the rarest key of a bag; those around them come along. Null when the bag's rarest key is too common or the bag is empty. */
export function unitsHolding(index: UnitIndex, tokens: TokenIndex, bag: Bag): Set<Unit> | null {
  let best: readonly number[] | null = null
  for (const key of bag.counts.keys()) {
    const positions = tokens.positions.get(key)
    if (positions && (!best || positions.length < best.length)) best = positions
  }
  if (!best) return new Set()
  if (best.length > MAX_OCCURRENCES) return null
  const out = new Set<Unit>()
  for (const position of best) {
    const offset = (tokens.tokens[position] as KeyedToken).start
    for (let at = innermost(index, offset); at >= 0; at = index.parents[at] as number) out.add(index.units[at] as Unit)
  }
  return out
}

/** The smallest unit that holds an offset, or -1. */
function innermost(index: UnitIndex, offset: number): number {
  let low = 0
  let high = index.units.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((index.units[middle] as Unit).start <= offset) low = middle + 1
    else high = middle
  }
  let at = low - 1
  while (at >= 0 && (index.units[at] as Unit).end <= offset) at = index.parents[at] as number
  return at
}

/** Bits of a stretch of text. */
export function bitsWithin(tokens: TokenIndex, span: { readonly start: number; readonly end: number }): number {
  let bits = 0
  const to = tokenAt(tokens.tokens, span.end)
  for (let at = tokenAt(tokens.tokens, span.start); at < to; at++) bits += (tokens.tokens[at] as KeyedToken).bits
  return bits
}
