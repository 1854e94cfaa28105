import { type KeyColumn, newKeyColumn, pushKey } from './sorted-keys.ts'

/**
 * Postings grouped by the upper `bits` bits of their key: `rest` holds 16 more bits of `high` and 16 of `low`, `owner` the number of
 * the artefact. A group is short and lies in one or two cache lines, so a look-up costs two misses however many artefacts there are.
 */
export interface PostingTable {
  readonly bits: number
  readonly directory: Uint32Array
  readonly rest: Uint32Array
  readonly owner: Uint32Array
}

/** Postings while they are collected. */
export interface Postings {
  readonly high: KeyColumn
  readonly rest: KeyColumn
  readonly owner: KeyColumn
}

const FEWEST_BITS = 16
const MOST_BITS = 24

export function newPostings(): Postings {
  return { high: newKeyColumn(), rest: newKeyColumn(), owner: newKeyColumn() }
}

export function addPosting(postings: Postings, high: number, rest: number, owner: number): void {
  pushKey(postings.high, high)
  pushKey(postings.rest, rest)
  pushKey(postings.owner, owner)
}

/** The part of a key that a posting stores. */
export function restOf(high: number, low: number): number {
  return ((high << 16) | ((low >>> 3) & 0xffff)) >>> 0
}

export function postingTable(postings: Postings): PostingTable {
  const { count } = postings.high
  const bits = Math.max(FEWEST_BITS, Math.min(MOST_BITS, Math.ceil(Math.log2(count + 1)) - 2))
  const shift = 32 - bits
  const directory = new Uint32Array(2 ** bits + 1)
  const high = postings.high.keys
  for (let at = 0; at < count; at++) directory[(high[at]! >>> shift) + 1]!++
  for (let bucket = 0; bucket < 2 ** bits; bucket++) directory[bucket + 1]! += directory[bucket]!
  const rest = new Uint32Array(count)
  const owner = new Uint32Array(count)
  for (let at = 0; at < count; at++) {
    // The directory serves as the cursor of each group, and is shifted back afterwards.
    const to = directory[high[at]! >>> shift]!++
    rest[to] = postings.rest.keys[at]!
    owner[to] = postings.owner.keys[at]!
  }
  for (let bucket = 2 ** bits; bucket > 0; bucket--) directory[bucket] = directory[bucket - 1]!
  directory[0] = 0
  return { bits, directory, rest, owner }
}

/** Calls `visit` for every posting, with its key's upper half. */
export function eachPosting(table: PostingTable, visit: (high: number, rest: number, owner: number) => void): void {
  const shift = 32 - table.bits
  for (let bucket = 0; bucket + 1 < table.directory.length; bucket++) {
    const upper = ((bucket << shift) >>> 16) << 16
    for (let at = table.directory[bucket]!; at < table.directory[bucket + 1]!; at++) {
      const rest = table.rest[at]!
      visit((upper | (rest >>> 16)) >>> 0, rest, table.owner[at]!)
    }
  }
}

/** How often every posting's key occurs, in the order of the table. */
export function keyFrequencies(table: PostingTable): Uint32Array {
  const frequency = new Uint32Array(table.rest.length)
  for (let bucket = 0; bucket + 1 < table.directory.length; bucket++) {
    const from = table.directory[bucket]!
    const to = table.directory[bucket + 1]!
    if (to - from > 1) countGroup(table, frequency, from, to)
    else if (to > from) frequency[from] = 1
  }
  return frequency
}

function countGroup(table: PostingTable, frequency: Uint32Array, from: number, to: number): void {
  const counts = new Map<number, number>()
  for (let at = from; at < to; at++) counts.set(table.rest[at]!, (counts.get(table.rest[at]!) ?? 0) + 1)
  for (let at = from; at < to; at++) frequency[at] = counts.get(table.rest[at]!)!
}
