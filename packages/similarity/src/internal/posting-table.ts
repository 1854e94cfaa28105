/**
 * Postings grouped by the upper `bits` bits of their key: `rest` holds 16 more bits of `high` and 16 of `low`, `owner` the number of
 * the artefact. A group is short and lies in one or two cache lines, so a look-up costs two misses however many artefacts there are.
 */
export interface PostingTable {
  readonly bits: number
  readonly directory: Uint32Array
  readonly rest: Uint32Array
  readonly owner: Owners
}

/** Numbers of artefacts, in as few bytes as the largest of them needs. */
export type Owners = Uint16Array | Uint32Array

/** The numbers that a saved column holds, `width` bytes each, in the memory where they are. */
export function ownersOf(section: Uint8Array, width: number): Owners {
  const { buffer, byteOffset, length } = section
  return width === 2 ? new Uint16Array(buffer, byteOffset, length / 2) : new Uint32Array(buffer, byteOffset, length / 4)
}

/**
 * Postings while they are collected, in parts by the upper eight bits of their key: the table is made part by part, and lets go of each
 * part once it holds it, so that the two never lie in memory together.
 */
export interface Postings {
  readonly parts: Part[]
  count: number
  largestOwner: number
}

interface Part {
  /** Triples of high, rest, owner; only the last piece is not full. */
  readonly pieces: Uint32Array[]
  /** Places used of the last piece. */
  used: number
  count: number
}

const PART_BITS = 8
const FIRST_PIECE = 3 * 16
const LARGEST_PIECE = 3 * 8192
const FEWEST_BITS = 16
const MOST_BITS = 24

export function newPostings(): Postings {
  return { parts: Array.from({ length: 2 ** PART_BITS }, newPart), count: 0, largestOwner: 0 }
}

function newPart(): Part {
  return { pieces: [], used: 0, count: 0 }
}

export function addPosting(postings: Postings, high: number, rest: number, owner: number): void {
  const part = postings.parts[high >>> (32 - PART_BITS)]!
  let piece = part.pieces.at(-1)
  if (piece === undefined || part.used === piece.length) {
    piece = new Uint32Array(piece === undefined ? FIRST_PIECE : Math.min(2 * piece.length, LARGEST_PIECE))
    part.pieces.push(piece)
    part.used = 0
  }
  piece[part.used] = high
  piece[part.used + 1] = rest
  piece[part.used + 2] = owner
  part.used += 3
  part.count++
  postings.count++
  if (owner > postings.largestOwner) postings.largestOwner = owner
}

function eachOfPart(part: Part, visit: (high: number, rest: number, owner: number) => void): void {
  for (const [number, piece] of part.pieces.entries()) {
    const end = number + 1 === part.pieces.length ? part.used : piece.length
    for (let at = 0; at < end; at += 3) visit(piece[at]!, piece[at + 1]!, piece[at + 2]!)
  }
}

/** The part of a key that a posting stores. */
export function restOf(high: number, low: number): number {
  return ((high << 16) | ((low >>> 3) & 0xffff)) >>> 0
}

/**
 * Makes the table and empties `postings`. Keys with more than `common` postings are left out; `lost` hears the owner of each posting
 * that was.
 */
export function postingTable(
  postings: Postings,
  common: number = Number.POSITIVE_INFINITY,
  lost: (owner: number) => void = () => undefined,
): PostingTable {
  const { count, parts } = postings
  const bits = Math.max(FEWEST_BITS, Math.min(MOST_BITS, Math.ceil(Math.log2(count + 1)) - 3))
  const table = {
    bits,
    directory: new Uint32Array(2 ** bits + 1),
    rest: new Uint32Array(count),
    owner: postings.largestOwner > 0xffff ? new Uint32Array(count) : new Uint16Array(count),
  }
  let end = 0
  for (const [number, part] of parts.entries()) {
    placePart(table, part, number, end)
    parts[number] = newPart()
    end = common < part.count ? dropCommon(table, number, end, { common, lost }) : end + part.count
  }
  postings.count = 0
  if (end === count) return table
  return { ...table, rest: table.rest.slice(0, end), owner: table.owner.slice(0, end) }
}

/** Numbers of the groups of a part: from, and behind the last. */
function groupsOf(bits: number, part: number): { first: number; behind: number } {
  const width = 2 ** (bits - PART_BITS)
  return { first: part * width, behind: (part + 1) * width }
}

/** Puts a part's postings behind the first `start`, group by group, and closes its groups in the directory. */
function placePart(table: PostingTable, part: Part, number: number, start: number): void {
  const { directory, rest, owner, bits } = table
  const { first, behind } = groupsOf(bits, number)
  const shift = 32 - bits
  eachOfPart(part, (high: number) => directory[(high >>> shift) + 1]!++)
  directory[first] = start
  for (let group = first; group < behind; group++) directory[group + 1]! += directory[group]!
  const cursor = directory.slice(first, behind)
  eachOfPart(part, (high, restOfKey, ownerOfKey) => {
    const to = cursor[(high >>> shift) - first]!++
    rest[to] = restOfKey
    owner[to] = ownerOfKey
  })
}

/** Closes up the groups of a part over its common keys; returns the end of what is left. */
function dropCommon(
  table: PostingTable,
  number: number,
  start: number,
  { common, lost }: { readonly common: number; readonly lost: (owner: number) => void },
): number {
  const { directory, rest, owner, bits } = table
  const { first, behind } = groupsOf(bits, number)
  let end = start
  let from = start
  for (let group = first; group < behind; group++) {
    const to = directory[group + 1]!
    const counts = to - from > common ? countKeys(rest, from, to) : null
    for (let at = from; at < to; at++) {
      if (counts !== null && counts.get(rest[at]!)! > common) lost(owner[at]!)
      else {
        rest[end] = rest[at]!
        owner[end] = owner[at]!
        end++
      }
    }
    directory[group + 1] = end
    from = to
  }
  return end
}

function countKeys(rest: Uint32Array, from: number, to: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (let at = from; at < to; at++) counts.set(rest[at]!, (counts.get(rest[at]!) ?? 0) + 1)
  return counts
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
