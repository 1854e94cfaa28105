import { findStreams } from '@sigillo/db/events'
import { readLeaves } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { PADDING_STREAM } from '@sigillo/hub/log/padding'
import { equalBytes } from '@sigillo/tlog/encoding'
import { parseLeaf, streamLabel } from '@sigillo/tlog/leaf'
import { TlogError } from '@sigillo/tlog/errors'
import type { Finding } from './check-log.ts'

/** Judges leaves without an event: each must be the next one of the padding, or it has lost its event. */
export interface PaddingCheck {
  /** Judges the leaves `from` (inclusive) to `to` (exclusive), which have no event; to be asked in the order of the log. */
  readonly leaves: (from: number, to: number) => Promise<readonly Finding[]>
  /** To be asked after all leaves. */
  readonly end: () => Promise<readonly Finding[]>
}

/** Rows read at once. */
const AT_ONCE = 1000

/** Starts at the beginning of the log. */
export function startPaddingCheck(tx: Tx): PaddingCheck {
  let count = 0
  const stream = findStreams(tx, [PADDING_STREAM]).then(([row]) => row ?? null)
  const isPadding = async (leaf: Uint8Array): Promise<boolean> => {
    const key = (await stream)?.key ?? null
    return key !== null && equalBytes(labelOf(leaf), streamLabel(key, count))
  }
  return {
    leaves: async (from, to) => {
      const lost: number[] = []
      for (let at = from; at < to; at += AT_ONCE) {
        const leaves = await readLeaves(tx, at, Math.min(to, at + AT_ONCE))
        for (const [place, leaf] of leaves.entries()) {
          if (await isPadding(leaf)) count++
          else lost.push(at + place)
        }
        // A leaf that is not even there has lost its event too.
        for (let gone = at + leaves.length; gone < Math.min(to, at + AT_ONCE); gone++) lost.push(gone)
      }
      return rangesOf(lost).map(([first, last]) => ({
        where: first === last ? `leaf ${String(first)}` : `leaves ${String(first)} to ${String(last)}`,
        reason: 'no event is stored for it',
      }))
    },
    end: async () => {
      const expected = (await stream)?.next_n ?? 0
      if (expected === count) return []
      return [
        {
          where: `stream ${PADDING_STREAM}`,
          reason: `it shall have ${String(expected)} leaves, the log has ${String(count)}`,
        },
      ]
    },
  }
}

function labelOf(leaf: Uint8Array): Uint8Array {
  try {
    return parseLeaf(leaf).label
  } catch (error) {
    // What is no leaf is told by the check of the tree.
    if (error instanceof TlogError) return new Uint8Array(0)
    throw error
  }
}

function rangesOf(sorted: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const index of sorted) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges
}
