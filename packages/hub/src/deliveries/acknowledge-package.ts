import type { ProvenEvent } from '@sigillo/api/contracts'
import { findPackage, findReceipt, insertReceipt, type PackageStatus } from '@sigillo/db/packages'
import { findRecipients } from '@sigillo/db/recipients'
import type { Tx } from '@sigillo/db/schema'
import { verifyReceipt } from '@sigillo/seal/receipt'
import { equalBytes, toHex, utf8 } from '@sigillo/tlog/encoding'
import { proveAll } from '../log/commit-events.ts'
import { type HubContext, streamOf } from '../context.ts'
import { HubError } from '../errors.ts'
import type { LogEvents } from '../log/sequencer.ts'

/**
 * Takes a recipient's signed receipt, checked with the key it was enrolled with, and logs it; the answer proves that it is in the
 * log. The same receipt again gets the same event; another one for the same package is a `conflict`.
 */
export async function acknowledgePackage(
  hub: HubContext,
  recipientId: string,
  id: string,
  receipt: string,
): Promise<ProvenEvent> {
  const { value, signed } = await hub.sequencer.run((tx, log) => acknowledge(tx, log, { recipientId, id, receipt }))
  const [proven] = await proveAll(hub, [value], signed)
  if (proven === undefined) throw new HubError('internal', 'the receipt was not logged')
  return proven
}

async function acknowledge(
  tx: Tx,
  log: LogEvents,
  given: { readonly recipientId: string; readonly id: string; readonly receipt: string },
): Promise<number> {
  const row = await findPackage(tx, given.id, given.recipientId)
  if (row === null) throw new HubError('not-found', 'there is no such package for this token')
  const body = utf8(given.receipt)
  const existing = await findReceipt(tx, row.id)
  if (existing !== null) {
    // Its event was erased, and it with it.
    if (existing.body === null)
      throw new HubError('erased', `the receipt for package ${row.id} was erased; it is in the log still, unreadable`)
    if (equalBytes(existing.body, body)) return existing.event_index
    throw new HubError('conflict', `package ${row.id} is acknowledged already, by another receipt`)
  }
  await requireGenuine(tx, row, body)
  const [logged] = await log([
    {
      type: 'copy.acknowledged',
      stream: streamOf(row.recipient_id),
      subject: row.id,
      actor: { id: row.recipient_id, kind: 'partner' },
      data: {
        package: row.id,
        distribution: row.distribution,
        recipient: row.recipient_id,
        sha256: toHex(row.sha256),
        receipt: given.receipt,
      },
    },
  ])
  if (logged === undefined) throw new HubError('internal', 'the receipt was not logged')
  await insertReceipt(tx, { package_id: row.id, body, received_at: logged.at, event_index: logged.index })
  return logged.index
}

async function requireGenuine(tx: Tx, row: PackageStatus, body: Uint8Array): Promise<void> {
  const [recipient] = await findRecipients(tx, [row.recipient_id])
  if (recipient === undefined) throw new HubError('internal', 'a package without recipient')
  const verdict = verifyReceipt(body, {
    partnerKey: recipient.receipt_vkey,
    recipient: row.recipient_id,
    distribution: row.distribution,
    package: toHex(row.sha256),
  })
  if (!verdict.ok) throw new HubError('bad-receipt', `receipt for package ${row.id}: ${verdict.reason}`)
}
