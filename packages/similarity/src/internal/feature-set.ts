import { mix, mixAgain } from './hashing.ts'

/** Channels of features, in the order of their numbers. */
export const Channel = { raw: 0, normalised: 1, order: 2, anchor: 3, string: 4 } as const
export const CHANNEL_COUNT = 5

/** Features of one kind that one change of the text touches at most: their evidence is divided by it. */
export const OVERLAP: readonly number[] = [6, 12, 3, 1.5, 12]

/** A set of features of a document, in growing columns. A key is 64 bits, `high` and `low`; the low bits of `low` say how coarse a sample keeps it. */
export interface FeatureSet {
  count: number
  high: Uint32Array
  low: Uint32Array
  channel: Uint8Array
  /** Where the feature was first seen: bytes `start..end` of file number `file`. */
  file: Uint16Array
  start: Uint32Array
  end: Uint32Array
  /** Features per channel. */
  readonly counts: Uint32Array
  /** Open addressing over `high`: index + 1. */
  table: Uint32Array
  /** Features whose `low & mask` is not 0 are left out, in the channels that are sampled. */
  mask: number
  limit: number
  /** Set when `limit` cut the set. */
  full: boolean
}

/** Bits of `low` that sampling may look at: an artefact keeps all, or one in 2, 4 or 8. */
export const SAMPLING_BITS = 7

const SALT = [0x1b873593, 0x0e6546b6, 0x5c2f9d11, 0x38b34ae5, 0x72be5d74].map(mix)

export function newFeatureSet(limit: number): FeatureSet {
  return {
    count: 0,
    high: new Uint32Array(8192),
    low: new Uint32Array(8192),
    channel: new Uint8Array(8192),
    file: new Uint16Array(8192),
    start: new Uint32Array(8192),
    end: new Uint32Array(8192),
    counts: new Uint32Array(CHANNEL_COUNT),
    table: new Uint32Array(16_384),
    mask: 0,
    limit,
    full: false,
  }
}

export function clearFeatures(set: FeatureSet, mask: number): void {
  // A table that one huge sample left behind would be cleared for every small one.
  if (set.table.length > 65_536 && set.count < set.table.length / 16) set.table = new Uint32Array(16_384)
  else set.table.fill(0)
  set.count = 0
  set.counts.fill(0)
  set.mask = mask
  set.full = false
}

/** Adds the feature of a channel with content hashes `a` and `b`, unless it is there or falls out of the sample. */
export function addFeature(
  set: FeatureSet,
  channel: number,
  a: number,
  b: number,
  file: number,
  start: number,
  end: number,
): void {
  let low = mixAgain(b ^ SALT[channel]!)
  if (channel === Channel.order || channel === Channel.anchor) low &= ~SAMPLING_BITS
  else if ((low & set.mask) !== 0) return
  const high = mix(a + SALT[channel]!) >>> 0
  const { table } = set
  const slots = table.length - 1
  let slot = high & slots
  for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
    if (set.high[entry - 1] === high) return
    slot = (slot + 1) & slots
  }
  if (set.count === set.limit) {
    set.full = true
    return
  }
  if (set.count === set.high.length) grow(set)
  const at = set.count++
  set.high[at] = high
  set.low[at] = low
  set.channel[at] = channel
  set.file[at] = file
  set.start[at] = start
  set.end[at] = end
  set.counts[channel]!++
  table[slot] = at + 1
  if (set.count * 2 > table.length) rehash(set)
}

function grow(set: FeatureSet): void {
  const size = 2 * set.high.length
  set.high = enlarged(new Uint32Array(size), set.high)
  set.low = enlarged(new Uint32Array(size), set.low)
  set.channel = enlarged(new Uint8Array(size), set.channel)
  set.file = enlarged(new Uint16Array(size), set.file)
  set.start = enlarged(new Uint32Array(size), set.start)
  set.end = enlarged(new Uint32Array(size), set.end)
}

function enlarged<Column extends Uint8Array | Uint16Array | Uint32Array>(to: Column, from: Column): Column {
  to.set(from)
  return to
}

function rehash(set: FeatureSet): void {
  const table = new Uint32Array(2 * set.table.length)
  const slots = table.length - 1
  for (let at = 0; at < set.count; at++) {
    let slot = set.high[at]! & slots
    while (table[slot] !== 0) slot = (slot + 1) & slots
    table[slot] = at + 1
  }
  set.table = table
}

/** Index of the feature with this key, or -1. */
export function featureIndex(set: FeatureSet, high: number): number {
  const slots = set.table.length - 1
  let slot = high & slots
  for (let entry = set.table[slot]!; entry !== 0; entry = set.table[slot]!) {
    if (set.high[entry - 1] === high) return entry - 1
    slot = (slot + 1) & slots
  }
  return -1
}
