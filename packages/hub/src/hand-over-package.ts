import { createHash } from 'node:crypto'
import { findEmbargo } from '@sigillo/db/embargoes'
import { findPackage, getBlob, type PackageStatus, setFetched } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import { equalBytes, toHex } from '@sigillo/tlog/encoding'
import { type HubContext, streamOf } from './context.ts'
import { HubError } from './errors.ts'
import { type DueOutcome, liftIfDue } from './lift-due.ts'
import { releaseOfPackage } from './package-release.ts'
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
 * time a package is `not-yet`, and `frozen` once its embargo broke. Whether it may leave is decided inside the batch. Where the policy says so, the
 * quorum of witnesses must have cosigned the newest checkpoint before the hand-over is logged, and one that covers it before
 * anything leaves: a `copy.delivered` event says that the bytes may have left.
 */
export async function handOverPackage(hub: HubContext, recipientId: string, id: string): Promise<HandOver> {
  const { db } = hub.engine
  const row = await findPackage(db, id, recipientId)
  const bytes = await readBytes(hub, await requireReleased(hub, db, row, liftsLater))
  await requireQuorum(hub, (await signedNow(hub)).size)
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const now = await findPackage(tx, id, recipientId)
    return await deliver(tx, log, await requireReleased(hub, tx, now, (caseId) => liftIfDue(tx, log, hub, caseId)))
  })
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

/** Before the batch: an embargo whose instant has come is lifted, or not, inside it. */
const liftsLater = (): Promise<DueOutcome> => Promise.resolve('lifted')

/**
 * Throws for what the recipient may not have now. An instant has come when every clock is past it. A package that waits for the lift
 * leaves only if `lift` lifts: nobody has to wait for the next look of the timer, and nobody gets anything without a lift.
 */
async function requireReleased(
  hub: HubContext,
  tx: Tx,
  row: PackageStatus | null,
  lift: (caseId: string) => Promise<DueOutcome>,
): Promise<PackageStatus> {
  if (row === null) throw new HubError('not-found', 'there is no such package for this token')
  const release = releaseOfPackage(row, await findEmbargo(tx, row.case_id))
  if (release.kind === 'now') return row
  if (release.kind === 'frozen') {
    const why = 'nothing is handed over until the vendor says how'
    throw new HubError('frozen', `the embargo of package ${row.id} broke; ${why}`)
  }
  const instant = release.kind === 'from' ? release.instant : release.planned
  const isPast = instant !== null && (await hub.time.readings(tx)).every(({ ms }) => ms >= instant)
  if (isPast && (release.kind === 'from' || (await lift(row.case_id)) === 'lifted')) return row
  throw new HubError('not-yet', `package ${row.id} is under embargo ${untilWhen(instant, isPast)}`)
}

function untilWhen(instant: number | null, isPast: boolean): string {
  if (instant === null) return 'and no release is planned; ask again later'
  const at = new Date(instant).toISOString()
  return isPast ? `since its release at ${at} is held; try again later` : `until ${at}; fetch it then`
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
