import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { equalBytes } from './encoding.ts'
import { TlogError } from './errors.ts'
import type { ForkEvidence } from './fork.ts'
import { rootNodes, rootOf } from './merkle.ts'
import type { Verifier } from './note.ts'
import { consistencyFromTiles, loadHashes, type ReadTile } from './tile-reader.ts'

/** What a checkpoint that somebody kept says against the log as it stands. */
export interface KeptContradiction {
  readonly reason: string
  /** Evidence for everybody; none when the log only lost leaves, which one signature more could still explain. */
  readonly fork: ForkEvidence | null
}

/**
 * Holds a log whose tiles are verified against a checkpoint of it that somebody kept: `null` when the log extends it. Throws
 * `bad-checkpoint` when none of the keys signed the kept one, or it is of another log.
 */
export async function holdAgainst(
  kept: Uint8Array,
  current: { readonly note: Uint8Array; readonly checkpoint: Checkpoint },
  logKeys: readonly Verifier[],
  readTile: ReadTile,
): Promise<KeptContradiction | null> {
  const opened = openCheckpoint(kept, logKeys)
  if (!opened.ok) throw new TlogError('bad-checkpoint', `the kept checkpoint cannot be used: ${opened.reason}`)
  const { origin, size, root } = opened.checkpoint
  const now = current.checkpoint
  if (origin !== now.origin)
    throw new TlogError('bad-checkpoint', `the kept checkpoint is of ${origin}, not of ${now.origin}`)
  if (size > now.size) {
    const reason = `the log ends after ${now.size} leaves, but it signed a checkpoint of ${size}: it was cut or put back`
    return { reason, fork: null }
  }
  // Through the tiles of the log as it stands: it may have no narrower ones.
  const prefixRoot = rootOf(size, await loadHashes(rootNodes(size), now.size, readTile))
  if (equalBytes(prefixRoot, root)) return null
  const reason = `its first ${size} leaves are not those of a checkpoint of ${size} leaves that it signed: two histories`
  if (size === 0) return { reason, fork: null }
  const proof = await consistencyFromTiles(size, now.size, readTile)
  return { reason, fork: { first: kept, second: current.note, prefixRoot, proof } }
}
