import { equalBytes } from './encoding.ts'
import { emptyRoot, verifyConsistency } from './merkle.ts'

/** A tree by its size and root. */
export interface TreeHead {
  /** Leaves, in 0..2^53-1. */
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** A tree that somebody asks to have signed, with the proof that it extends the one signed last. */
export interface Growth {
  /** Size of the tree that the sender believes was signed last; 0 for none. */
  readonly oldSize: number
  /** Consistency proof (RFC 6962) from that tree to `next`; empty when one of them is empty or both are the same. */
  readonly proof: readonly Uint8Array[]
  readonly next: TreeHead
}

/** Why a tree must not be signed. `size` is that of the tree signed last. */
export type NoGrowth =
  /** The request contradicts itself. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The sender is wrong about the tree signed last; with a proof from `size` it may ask again. */
  | { readonly kind: 'other-size'; readonly reason: string; readonly size: number }
  /** The tree does not extend the one signed last: another history. */
  | { readonly kind: 'no-extension'; readonly reason: string }

/**
 * Whether a tree extends the one signed last (`null` for none), in the order of the checks of c2sp.org/tlog-witness: what a witness and a
 * log's signer must both ask before they sign. Returns null when it does; the same tree again does. Never throws on hostile input.
 */
export function judgeGrowth({ oldSize, proof, next }: Growth, latest: TreeHead | null): NoGrowth | null {
  if (oldSize > next.size)
    return { kind: 'malformed', reason: `the old size ${oldSize} is larger than the tree of ${next.size}` }
  const size = latest?.size ?? 0
  if (oldSize !== size)
    return { kind: 'other-size', reason: `the tree signed last has ${size} leaves, not ${oldSize}`, size }
  const root = latest?.root ?? emptyRoot()
  if (next.size === oldSize && !equalBytes(next.root, root))
    return { kind: 'no-extension', reason: `another tree of ${size} leaves than the one signed or the empty one` }
  if (oldSize === 0)
    return proof.length === 0 ? null : { kind: 'no-extension', reason: 'a proof from the empty tree must be empty' }
  const grown = verifyConsistency({ oldSize, oldRoot: root, newSize: next.size, newRoot: next.root, proof })
  return grown.ok ? null : { kind: 'no-extension', reason: grown.reason }
}
