import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import type { ForkEvidence } from '@sigillo/tlog/fork'
import { fsck, type LogReader } from '@sigillo/tlog/fsck'
import { parseLeaf } from '@sigillo/tlog/leaf'
import type { Verifier } from '@sigillo/tlog/note'
import { TlogError } from '@sigillo/tlog/errors'

/** One thing that is not as it must be. */
export interface Finding {
  /** `checkpoint`, the path of a tile or bundle, `event 7`, `stream case:…`, or a table or file of the hub. */
  readonly where: string
  readonly reason: string
}

/** What a check of a log's tree gave. */
export interface TreeReport {
  /** Null when the checkpoint could not be opened. */
  readonly origin: string | null
  readonly size: number | null
  /** 32 bytes. */
  readonly root: Uint8Array | null
  /** Tiles and bundles read. */
  readonly files: number
  readonly findings: readonly Finding[]
  readonly fork: ForkEvidence | null
}

/**
 * Checks a log of blinded leaves: signature, tiles, bundles, every leaf, kept checkpoints. Throws TlogError `bad-checkpoint` when a kept
 * checkpoint is not this log's.
 */
export async function checkTree(
  reader: LogReader,
  keys: readonly Verifier[],
  kept: readonly Uint8Array[],
  progress: (path: string) => void,
): Promise<TreeReport> {
  const opened = openCheckpoint(await reader.checkpoint(), keys)
  const checkpoint = opened.ok ? opened.checkpoint : null
  let files = 0
  const hear = (path: string): void => {
    files++
    progress(path)
  }
  const answer = await fsck(reader, keys, { entry: wrongLeaf, kept, progress: hear })
  return {
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? null,
    root: checkpoint?.root ?? null,
    files,
    findings: answer.ok ? [] : [{ where: answer.path, reason: answer.reason }],
    fork: answer.ok ? null : (answer.fork ?? null),
  }
}

function wrongLeaf(entry: Uint8Array): string | null {
  try {
    parseLeaf(entry)
    return null
  } catch (error) {
    return error instanceof TlogError ? error.message : 'the leaf is unreadable'
  }
}
