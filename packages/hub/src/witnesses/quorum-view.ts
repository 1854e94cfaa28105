import { type CosignedCheckpoint, listCosigned } from '@sigillo/db/cosignatures'
import type { Tx } from '@sigillo/db/schema'
import { verifyEd25519 } from '@sigillo/seal/ed25519'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { addSignatures, parseNote, parseSignatureLine } from '@sigillo/tlog/note'
import type { Policy } from '@sigillo/tlog/policy'
import { verifyWitnessed } from '@sigillo/tlog/witnessed'
import type { SignedTree } from '../log/high-water.ts'
import type { SignedCheckpoint } from '../log/read-log.ts'

/** Which trees have the quorum of a policy, as far as the stored cosignatures tell. */
export interface QuorumView {
  /** Newest tree with the quorum that was seen; null for none. */
  newest(): SignedTree | null
  /** Looks at the `limit` newest cosigned trees: other processes of this hub store cosignatures too. */
  refresh(limit: number): Promise<void>
  /** Resolves when the quorum is seen on a tree of at least `size` leaves, or after `waitMs`; says which. */
  reached(size: number, waitMs: number): Promise<boolean>
}

/** Nothing is seen before the first `refresh`. With `quorum none` nothing ever is. */
export function quorumView(db: Tx, policy: Policy): QuorumView {
  let newest: SignedTree | null = null
  const waiting = new Set<() => void>()
  const judge = (found: CosignedCheckpoint): void => {
    if (newest !== null && found.size <= newest.size) return
    const verdict = verifyWitnessed(utf8(withLines(found.checkpoint, found.lines)), policy, verifyEd25519)
    if (!verdict.ok || !verdict.witnessed) return
    newest = { size: found.size, root: found.root }
    for (const look of waiting) look()
  }
  return {
    newest: () => newest,
    refresh: async (limit) => {
      for (const found of await listCosigned(db, { atLeast: (newest?.size ?? 0) + 1, limit })) judge(found)
    },
    reached: (size, waitMs) => {
      const has = (): boolean => newest !== null && newest.size >= size
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(has())
        }
        const look = (): void => {
          if (has()) settle()
        }
        const timer = setTimeout(settle, waitMs)
        waiting.add(look)
        look()
      })
    },
  }
}

/** The checkpoint with the cosignatures stored for it. */
export async function withCosignatures(db: Tx, signed: SignedCheckpoint): Promise<SignedCheckpoint> {
  const found = await listCosigned(db, { atLeast: signed.size, atMost: signed.size, limit: 1 })
  // The same tree, though another key of the log may have signed it since.
  const own = found.find(({ checkpoint }) => bodyOf(checkpoint) === bodyOf(signed.checkpoint))
  return own === undefined ? signed : { size: signed.size, checkpoint: withLines(signed.checkpoint, own.lines) }
}

/** The cosigned checkpoint of this size with its cosignatures, or null. */
export async function cosignedAt(db: Tx, size: number): Promise<SignedCheckpoint | null> {
  const [found] = await listCosigned(db, { atLeast: size, atMost: size, limit: 1 })
  return found === undefined ? null : { size, checkpoint: withLines(found.checkpoint, found.lines) }
}

function bodyOf(checkpoint: string): string {
  return parseNote(utf8(checkpoint)).text
}

function withLines(checkpoint: string, lines: readonly string[]): string {
  const signatures = lines.map((line) => parseSignatureLine(line.trimEnd()))
  return fromUtf8(addSignatures(utf8(checkpoint), signatures))
}
