import {
  createLogState,
  lockLog,
  type LogState,
  type PendingTree,
  putSignedTree,
  readLog,
  readLogState,
  replaceCheckpoint,
} from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { type Engine, inTransaction } from '@sigillo/db/engine'
import type { Appended } from '@sigillo/tlog/append'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { equalBytes, utf8 } from '@sigillo/tlog/encoding'
import type { TreeHead } from '@sigillo/tlog/growth'
import type { Verifier } from '@sigillo/tlog/note'
import { emptyRoot } from '@sigillo/tlog/merkle'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { hashesAtLevel, TILE_WIDTH, tilePath } from '@sigillo/tlog/tile'
import type { ReadTile } from '@sigillo/tlog/tile-reader'
import { HubError } from '../errors.ts'
import { loadEdge, requireSigned, requireSuccessor } from './log-guard.ts'
import { tilesOf } from './read-log.ts'
import { signTree, type TreeSigner } from '../signer/tree-signer.ts'

/** What signing the log works with. */
export interface SigningParts {
  readonly engine: Engine
  readonly signer: TreeSigner
  readonly clock: () => Date
}

const HASH_BYTES = 32

/**
 * Has the tree of a committed batch signed, and stores its checkpoint behind `before`, the signed tree so far. Returns the signed state
 * that covers it: a newer one when another process of this hub was faster. Throws what the signer throws.
 */
export async function signAppended(parts: SigningParts, before: LogState, appended: Appended): Promise<LogState> {
  const { db } = parts.engine
  const tree: TreeHead = { size: appended.edge.size, root: appended.root }
  const checkpoint = await sign(parts, tree, before.size, tilesOfAppended(appended, tilesOf(db)))
  if (checkpoint !== null) {
    const next = { ...tree, checkpoint, at: parts.clock() }
    if (await putSignedTree(db, next)) return { origin: before.origin, ...next }
  }
  const state = await readLogState(db)
  if (state !== null && state.size >= tree.size) return state
  throw signerAhead(tree)
}

/**
 * Has a tree signed that an earlier batch committed, and makes it the signed one, in the transaction that holds the log. Throws
 * {@link HubError} `log-damaged` when its tiles are not there, and what the signer throws.
 */
export async function signPending(
  tx: Tx,
  parts: SigningParts,
  before: LogState,
  pending: PendingTree,
): Promise<LogState> {
  await loadEdge(pending, tilesOf(tx))
  const checkpoint = await sign(parts, pending, before.size, tilesOf(tx))
  if (checkpoint === null) throw signerAhead(pending)
  const next = { ...pending, checkpoint, at: parts.clock() }
  if (!(await putSignedTree(tx, next)))
    throw new HubError('log-damaged', 'the pending tree changed while it was locked')
  return { origin: before.origin, ...next }
}

/**
 * Reads or makes the log, compares it with what was signed before, and has a tree signed that still waits. Throws {@link HubError}
 * `log-rolled-back` or `log-damaged` when the stored log must not be continued.
 */
export async function openLog(parts: SigningParts): Promise<TreeHead> {
  const { engine, signer } = parts
  const { db } = engine
  const shown = await signer.last()
  if ((await readLog(db)) === null) await createLog(parts, shown)
  const found = await readLog(db)
  if (found === null) throw new HubError('log-damaged', 'the state of the log could not be made')
  const { state, pending } = found
  const verifiers = signer.keys.map(noteVerifier)
  // A signer whose newest tree this is vouches for it, even when all keys that signed it are retired.
  if (!isTree(shown, state)) requireSigned(state, signer.origin, verifiers)
  await loadEdge(state, tilesOf(db))
  if (shown !== null) await requireSuccessor(pending ?? state, shown, tilesOf(db))
  if (pending !== null) return await inTransaction(engine, (tx) => signStillPending(tx, parts))
  // The signer learns what another process had signed, or what it knew before its memory was lost.
  const checkpoint = await sign(parts, state, shown?.size ?? 0, tilesOf(db))
  if (checkpoint !== null && !signedByAll(state.checkpoint, verifiers))
    await replaceCheckpoint(db, state.size, checkpoint)
  return { size: state.size, root: state.root }
}

/**
 * Has the newest tree signed once more when a key that signs now did not, so that whoever knows only that one can go on at once. Throws what
 * the signer throws.
 */
export async function signAgain(tx: Tx, parts: SigningParts): Promise<void> {
  const state = await readLogState(tx)
  if (state === null || signedByAll(state.checkpoint, parts.signer.keys.map(noteVerifier))) return
  const checkpoint = await sign(parts, state, state.size, tilesOf(tx))
  if (checkpoint !== null) await replaceCheckpoint(tx, state.size, checkpoint)
}

function isTree(shown: TreeHead | null, { size, root }: TreeHead): boolean {
  return shown !== null && shown.size === size && equalBytes(shown.root, root)
}

/** Whether a stored checkpoint carries a good signature of every key: it does not after a key was added. */
function signedByAll(checkpoint: string, verifiers: readonly Verifier[]): boolean {
  const opened = openCheckpoint(utf8(checkpoint), verifiers)
  return opened.ok && opened.verified.length === verifiers.length
}

async function createLog(parts: SigningParts, shown: TreeHead | null): Promise<void> {
  if ((shown?.size ?? 0) > 0) {
    throw new HubError(
      'log-rolled-back',
      `the database has no log, but a tree of ${String(shown?.size)} leaves was already signed; restore the database`,
    )
  }
  const empty: TreeHead = { size: 0, root: emptyRoot() }
  const checkpoint = await sign(parts, empty, 0, () => Promise.resolve(null))
  if (checkpoint === null) throw signerAhead(empty)
  await createLogState(parts.engine.db, { origin: parts.signer.origin, ...empty, checkpoint, at: parts.clock() })
}

/** Another process may have finished it between the look and the lock. */
async function signStillPending(tx: Tx, parts: SigningParts): Promise<TreeHead> {
  const locked = await lockLog(tx)
  if (locked === null) throw new HubError('log-damaged', 'the state of the log is gone from the database')
  const { state, pending } = locked
  const { size, root } = pending === null ? state : await signPending(tx, parts, state, pending)
  return { size, root }
}

function sign({ signer }: SigningParts, tree: TreeHead, from: number, readTile: ReadTile): Promise<string | null> {
  return signTree({ signer, verifiers: signer.keys.map(noteVerifier) }, tree, from, readTile)
}

/** The tiles that an append touched, from memory: a proof from the tree before it needs hardly any other. */
function tilesOfAppended({ edge, files }: Appended, rest: ReadTile): ReadTile {
  const known = new Map(files.map(({ path, bytes }) => [path, bytes]))
  for (const [level, bytes] of edge.partials.entries()) {
    const index = Math.floor(hashesAtLevel(edge.size, level) / TILE_WIDTH)
    if (bytes.length > 0) known.set(tilePath({ level, index, width: bytes.length / HASH_BYTES }), bytes)
  }
  return async (path) => known.get(path) ?? (await rest(path))
}

function signerAhead({ size }: TreeHead): HubError {
  return new HubError(
    'log-rolled-back',
    `a longer tree than that of ${String(size)} leaves was already signed, which the database does not know: this looks like a restored backup. Nothing will be signed; restore the newer database, or start a new log`,
  )
}
