import { Channel, type FeatureSet } from './feature-set.ts'

/** Bytes of a stretch of public code that is long enough to be somebody's file, rather than an idiom. */
const LEAST_STRETCH = 2000
/** Sampling leaves holes: public features so many bytes apart belong to one stretch. */
const LARGEST_HOLE = 150

/** Tells whether the bytes `start..end` of a file run over the end of a long stretch of public code, and lie in it by a third or more. */
export type LeavesPublicStretch = (file: number, start: number, end: number) => boolean

/**
 * Finds where the long stretches of public code in a document end. A feature there holds a few bytes of something else, so that it is not
 * public itself; two files that embed the same public file would share it all the same.
 *
 * @param lengths - bytes of each file of the document
 */
export function publicStretches(
  features: FeatureSet,
  lengths: readonly number[],
  isPublic: (high: number) => boolean,
): LeavesPublicStretch {
  const changes: (Int32Array | undefined)[] = []
  for (let at = 0; at < features.count; at++) {
    if (features.channel[at] !== Channel.raw || !isPublic(features.high[at]!)) continue
    const file = features.file[at]!
    const change = (changes[file] ??= new Int32Array((lengths[file] ?? 0) + 1))
    change[Math.min(features.start[at]!, change.length - 1)]!++
    change[Math.min(features.end[at]!, change.length - 1)]!--
  }
  const insides = changes.map((change) => change && bytesInside(change))
  return (file, start, end) => {
    const inside = insides[file]
    if (inside === undefined) return false
    const last = inside.length - 1
    const within = inside[Math.min(end, last)]! - inside[Math.min(start, last)]!
    return within < end - start && 3 * within >= end - start
  }
}

/** For each offset, how many bytes before it lie in long stretches; `change` says where public features begin and end. */
function bytesInside(change: Int32Array): Uint32Array {
  const inside = new Uint32Array(change.length)
  for (const [from, to] of longStretches(change)) inside.fill(1, from + 1, to + 1)
  for (let at = 1; at < inside.length; at++) inside[at]! += inside[at - 1]!
  return inside
}

function longStretches(change: Int32Array): readonly (readonly [from: number, to: number])[] {
  const stretches: [number, number][] = []
  let open = 0
  for (let at = 0; at < change.length; at++) {
    const before = open
    open += change[at]!
    if (before === 0 && open > 0) {
      const last = stretches.at(-1)
      if (last === undefined || at - last[1] > LARGEST_HOLE) stretches.push([at, at])
    } else if (before > 0 && open === 0) stretches.at(-1)![1] = at
  }
  return stretches.filter(([from, to]) => to - from >= LEAST_STRETCH)
}
