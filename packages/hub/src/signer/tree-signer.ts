import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { equalBytes, utf8 } from '@sigillo/tlog/encoding'
import type { Growth, TreeHead } from '@sigillo/tlog/growth'
import type { Verifier } from '@sigillo/tlog/note'
import { consistencyFromTiles, type ReadTile } from '@sigillo/tlog/tile-reader'
import { HubError } from '../errors.ts'

/** What holds the key of a log: in this process, or behind a socket in one of its own. */
export interface TreeSigner {
  /** Name of the log. */
  readonly origin: string
  /** Verifier keys (C2SP vkey) of all keys that sign, the oldest first: two while a key is replaced. */
  readonly keys: readonly string[]
  /** The newest tree that it signed, null for none: what the database holds must extend it. */
  last(): Promise<TreeHead | null>
  /**
   * Signs a tree that extends the newest one, or the newest one again, once that fact is on disk. Throws {@link HubError} `log-rolled-back`
   * for another history, `signer-unavailable` when it cannot be asked or cannot remember; then nothing was signed, or the same can be asked
   * again.
   */
  sign(growth: Growth): Promise<Signing>
  /**
   * Reads the keys again, and uses none of them yet. Throws {@link HubError} `bad-key-file` when they are damaged, missing, or all others than those
   * in use, and `signer-unavailable`.
   */
  renewal(): Promise<KeyRenewal>
  /** Gives back what it holds. */
  close(): Promise<void>
}

/** Keys that were read again and can follow those in use. */
export interface KeyRenewal {
  /** Verifier keys, the oldest first. */
  readonly keys: readonly string[]
  /** From now on these sign. What was signed and remembered stays as it is. */
  use(): void
}

/**
 * Refuses keys of which none signs now: nobody who verifies could follow. Throws {@link HubError} `bad-key-file`.
 *
 * @param where what they were read from
 */
export function requireOverlap(used: readonly string[], next: readonly string[], where: string): void {
  if (next.some((key) => used.includes(key))) return
  throw new HubError(
    'bad-key-file',
    `${where} has none of the log's keys that sign now, so nobody could follow; where that is meant, stop everything and start anew`,
  )
}

/** The answer of a signer. `at-size`: the proof must begin at its newest tree, which has `size` leaves. */
export type Signing =
  | { readonly kind: 'signed'; readonly checkpoint: string }
  | { readonly kind: 'at-size'; readonly size: number }

const MOST_ATTEMPTS = 3

/**
 * Has a tree signed whose tiles can be read, with the proof that the signer needs; `from` is the size it is believed to be at. Returns the
 * checkpoint, or null when the signer has signed a longer tree already. Throws what `sign` throws.
 */
export async function signTree(
  { signer, verifiers }: { readonly signer: TreeSigner; readonly verifiers: readonly Verifier[] },
  tree: TreeHead,
  from: number,
  readTile: ReadTile,
): Promise<string | null> {
  let oldSize = Math.min(from, tree.size)
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const bare = oldSize === 0 || oldSize === tree.size
    const proof = bare ? [] : await consistencyFromTiles(oldSize, tree.size, readTile)
    const answer = await signer.sign({ oldSize, proof, next: tree })
    if (answer.kind === 'signed') {
      requireCheckpointOf(answer.checkpoint, tree, verifiers)
      return answer.checkpoint
    }
    if (answer.size > tree.size) return null
    oldSize = answer.size
  }
  throw new HubError('signer-unavailable', 'the signer does not stay at one tree')
}

function requireCheckpointOf(note: string, tree: TreeHead, verifiers: readonly Verifier[]): void {
  const opened = openCheckpoint(utf8(note), verifiers)
  if (!opened.ok) throw new HubError('signer-unavailable', `the signer's answer cannot be used: ${opened.reason}`)
  const { size, root } = opened.checkpoint
  if (size !== tree.size || !equalBytes(root, tree.root))
    throw new HubError('signer-unavailable', 'the signer signed another tree than the one it was asked for')
}
