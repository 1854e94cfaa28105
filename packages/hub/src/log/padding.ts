import { findStreams, putStreams } from '@sigillo/db/events'
import type { Tx } from '@sigillo/db/schema'
import { formatLeaf, SALT_BYTES, STREAM_KEY_BYTES, streamLabel } from '@sigillo/tlog/leaf'
import { HubError } from '../errors.ts'

/** Stream whose leaves stand for nothing. Its key is what tells them from leaves that lost their event. */
export const PADDING_STREAM = 'padding'

/** How a log is kept from telling how much happens when. */
export interface Padding {
  /** Milliseconds between two checkpoints, whether or not anything happened. */
  readonly cadenceMs: number
  /** Every batch has a multiple of so many leaves, and at least that many. */
  readonly multiple: number
}

/**
 * The leaves of a batch with others behind them that stand for nothing, up to the multiple. To everyone without the key of
 * {@link PADDING_STREAM} they are as random as all others: each carries that stream's next label and a random commitment.
 */
export async function padLeaves(
  tx: Tx,
  leaves: readonly Uint8Array[],
  { multiple }: Padding,
  random: (length: number) => Uint8Array,
): Promise<readonly Uint8Array[]> {
  const wanted = Math.max(1, Math.ceil(leaves.length / multiple)) * multiple
  const count = wanted - leaves.length
  if (count === 0) return leaves
  const [row] = await findStreams(tx, [PADDING_STREAM])
  const key = row === undefined ? random(STREAM_KEY_BYTES) : row.key
  if (key === null) throw new HubError('log-damaged', 'the key of the padding is gone, so no more can be made')
  const first = row?.next_n ?? 0
  await putStreams(tx, [{ stream: PADDING_STREAM, key, next_n: first + count, head: null }])
  const dummies = Array.from({ length: count }, (_, at) =>
    formatLeaf({ label: streamLabel(key, first + at), commitment: random(SALT_BYTES) }),
  )
  return [...leaves, ...dummies]
}
