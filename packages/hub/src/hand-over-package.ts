import { createHash } from 'node:crypto'
import { findPackage, getBlob, type PackageStatus, setFetched } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import { equalBytes, toHex } from '@sigillo/tlog/encoding'
import { type HubContext, streamOf } from './context.ts'
import { HubError } from './errors.ts'
import { signedNow } from './read-log.ts'
import type { LogEvents } from './sequencer.ts'

/** A package that may now leave: its hand-over is event `index`, under a signed checkpoint. */
export interface HandOver {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly index: number
}

/**
 * Hands a recipient its package: log first, then release. The bytes are returned only after the `copy.delivered` event was committed
 * with its checkpoint; whatever fails before that, nothing leaves. Foreign and missing packages are the same `not-found`; before its
 * time a package is `not-yet`. Whether it may leave is decided inside the batch, by the hub's clock. Where the policy says so, the
 * quorum of witnesses must have cosigned the newest checkpoint before the hand-over is logged, and one that covers it before
 * anything leaves: a `copy.delivered` event says that the bytes may have left.
 */
export async function handOverPackage(hub: HubContext, recipientId: string, id: string): Promise<HandOver> {
  const bytes = await readBytes(hub, requireReleased(hub, await findPackage(hub.engine.db, id, recipientId)))
  await requireQuorum(hub, (await signedNow(hub)).size)
  const { value } = await hub.sequencer.run(async (tx, log) =>
    deliver(tx, log, requireReleased(hub, await findPackage(tx, id, recipientId))),
  )
  if (!equalBytes(value.hash, bytes.hash))
    throw new HubError('internal', 'the package changed while it was handed over')
  await requireQuorum(hub, value.index + 1)
  return { bytes: bytes.content, sha256: toHex(value.hash), index: value.index }
}

/** Throws unless the quorum covers the first `size` leaves, where the policy asks for it. */
async function requireQuorum(hub: HubContext, size: number): Promise<void> {
  if (hub.witnesses.release === 'signed') return
  if ((await hub.witnesses.covering(size, hub.witnessWaitMs)) !== null) return
  throw new HubError(
    'log-unavailable',
    'too few witnesses have cosigned the log, so nothing may leave; nothing left, try again later',
  )
}

/** Throws for what the recipient may not have now. */
function requireReleased(hub: HubContext, row: PackageStatus | null): PackageStatus {
  if (row === null) throw new HubError('not-found', 'there is no such package for this token')
  if (row.not_before !== null && hub.clock().getTime() < row.not_before.getTime()) {
    throw new HubError(
      'not-yet',
      `package ${row.id} is under embargo until ${row.not_before.toISOString()}; fetch it then`,
    )
  }
  return row
}

async function readBytes(hub: HubContext, row: PackageStatus): Promise<{ content: Uint8Array; hash: Uint8Array }> {
  const content = await getBlob(hub.engine.db, row.sha256)
  if (content === null) throw new HubError('internal', 'the bytes of a package are missing')
  const hash = createHash('sha256').update(content).digest()
  if (!equalBytes(hash, row.sha256))
    throw new HubError('internal', 'the bytes of a package were altered in the database')
  return { content, hash }
}

async function deliver(tx: Tx, log: LogEvents, row: PackageStatus): Promise<{ index: number; hash: Uint8Array }> {
  const [logged] = await log([
    {
      type: 'copy.delivered',
      stream: streamOf(row.recipient_id),
      subject: row.id,
      actor: { id: row.recipient_id, kind: 'partner' },
      data: { package: row.id, distribution: row.distribution, recipient: row.recipient_id, sha256: toHex(row.sha256) },
    },
  ])
  if (logged === undefined) throw new HubError('internal', 'the hand-over was not logged')
  await setFetched(tx, row.id, logged.index, logged.at)
  return { index: logged.index, hash: row.sha256 }
}
