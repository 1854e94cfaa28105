import type { LogState } from '@sigillo/db/log-store'
import { type Edge, edgeFromTiles, edgeRoot, emptyEdge } from '@sigillo/tlog/append'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { equalBytes, utf8 } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import type { TreeHead } from '@sigillo/tlog/growth'
import type { Verifier } from '@sigillo/tlog/note'
import { type ReadTile, rootFromTiles } from '@sigillo/tlog/tile-reader'
import { HubError } from '../errors.ts'

/**
 * Refuses a stored log that is older than, or another than, the tree that was already signed and shown: signing on from it would
 * make two histories. Throws {@link HubError} `log-rolled-back`.
 */
export async function requireSuccessor(state: TreeHead, shown: TreeHead, readTile: ReadTile): Promise<void> {
  if (state.size < shown.size) {
    throw rolledBack(
      `the database knows ${String(state.size)} leaves, but a tree of ${String(shown.size)} was already signed`,
    )
  }
  const root = state.size === shown.size ? state.root : await rootFromTiles(shown.size, readTile)
  if (!equalBytes(root, shown.root)) {
    throw rolledBack(
      `the database holds another tree of ${String(shown.size)} leaves than the one that was already signed`,
    )
  }
}

/** Throws {@link HubError} `log-damaged` unless the stored checkpoint has our signature over exactly this state. */
export function requireSigned(state: LogState, origin: string, verifiers: readonly Verifier[]): void {
  if (state.origin !== origin) throw damaged(`it is the log ${state.origin}, not ${origin}`)
  const opened = openCheckpoint(utf8(state.checkpoint), verifiers)
  if (!opened.ok) throw damaged(opened.reason)
  const { size, root } = opened.checkpoint
  if (size !== state.size || !equalBytes(root, state.root))
    throw damaged('its checkpoint is for another tree than its state')
}

/** The right edge of the stored tree, checked against its root. Throws {@link HubError} `log-damaged`. */
export async function loadEdge(state: TreeHead, readTile: ReadTile): Promise<Edge> {
  if (state.size === 0) return emptyEdge
  try {
    const edge: Edge = { ...(await edgeFromTiles(state.size, readTile)), bundle: new Uint8Array(0) }
    if (equalBytes(edgeRoot(edge), state.root)) return edge
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw damaged(error.message)
  }
  throw damaged('its tiles do not have the root that was signed')
}

function rolledBack(what: string): HubError {
  return new HubError(
    'log-rolled-back',
    `${what}: this looks like a restored backup. Nothing will be signed; restore the newer database, or start a new log`,
  )
}

function damaged(what: string): HubError {
  return new HubError('log-damaged', `the stored log cannot be continued: ${what}`)
}
