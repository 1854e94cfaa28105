import type { Segment } from '../artefact-index.ts'
import { CHANNEL_COUNT, type FeatureSet } from './feature-set.ts'
import { restOf } from './posting-table.ts'

/** Matched features per artefact and channel of one query; only artefacts in `touched` have any. */
export interface MatchCounts {
  readonly counts: Uint32Array
  readonly touched: Uint32Array
  touchedCount: number
}

export function newMatchCounts(artefacts: number): MatchCounts {
  return { counts: new Uint32Array(artefacts * CHANNEL_COUNT), touched: new Uint32Array(artefacts), touchedCount: 0 }
}

export function clearMatches(matches: MatchCounts): void {
  for (let at = 0; at < matches.touchedCount; at++) {
    const from = matches.touched[at]! * CHANNEL_COUNT
    matches.counts.fill(0, from, from + CHANNEL_COUNT)
  }
  matches.touchedCount = 0
}

/** Looks up every feature in one segment; `first` is the number of its first artefact, and keys in `silent` do not count. */
export function countMatches(
  matches: MatchCounts,
  features: FeatureSet,
  segment: Segment,
  first: number,
  isSilent: (high: number) => boolean,
): void {
  const { bits, directory, rest, owner } = segment.table
  const shift = 32 - bits
  for (let at = 0; at < features.count; at++) {
    const high = features.high[at]!
    const bucket = high >>> shift
    const end = directory[bucket + 1]!
    const key = restOf(high, features.low[at]!)
    let silent = -1
    for (let entry = directory[bucket]!; entry < end; entry++) {
      if (rest[entry] !== key) continue
      if (silent < 0) silent = isSilent(high) ? 1 : 0
      if (silent === 1) break
      count(matches, first + owner[entry]!, features.channel[at]!)
    }
  }
}

function count(matches: MatchCounts, artefact: number, channel: number): void {
  const from = artefact * CHANNEL_COUNT
  const { counts } = matches
  const seen = counts[from]! | counts[from + 1]! | counts[from + 2]! | counts[from + 3]! | counts[from + 4]!
  if (seen === 0) matches.touched[matches.touchedCount++] = artefact
  counts[from + channel]!++
}

/** Calls `visit` with the index of every feature that the artefact has. */
export function eachMatch(
  features: FeatureSet,
  segment: Segment,
  artefact: number,
  visit: (feature: number) => void,
): void {
  const { bits, directory, rest, owner } = segment.table
  const shift = 32 - bits
  for (let at = 0; at < features.count; at++) {
    const bucket = features.high[at]! >>> shift
    const end = directory[bucket + 1]!
    const key = restOf(features.high[at]!, features.low[at]!)
    for (let entry = directory[bucket]!; entry < end; entry++) {
      if (rest[entry] !== key || owner[entry] !== artefact) continue
      visit(at)
      break
    }
  }
}
