import type { RevokeAnswer } from '@sigillo/api/contracts'
import { revokeWish } from '@sigillo/api/wishes'
import { findRecipients, setRevoked } from '@sigillo/db/recipients'
import { revokeTokensOf } from '@sigillo/db/tokens'
import { type HubContext, streamOf } from '../context.ts'
import { HubError } from '../errors.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import { requireApproval } from '../people/require-approval.ts'

/**
 * Ends a recipient's keys and every token of it: nothing is issued to it, and nobody gets in with them, until it is enrolled with others. It is one
 * `key.revoked` event, under four eyes where enrolling is. Again changes nothing.
 */
export async function revokeKeys(hub: HubContext, by: Principal, id: string): Promise<RevokeAnswer> {
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const [row] = await findRecipients(tx, [id])
    if (row === undefined) throw new HubError('not-found', `there is no recipient ${id}`)
    if (row.revoked_index !== null) return { id, index: row.revoked_index }
    const { age_recipient: ageRecipient, receipt_vkey: receiptKey } = row
    const approval = await requireApproval(tx, by, revokeWish({ id, ageRecipient, receiptKey }), hub.clock())
    const [logged] = await log([
      {
        type: 'key.revoked',
        stream: streamOf(id),
        subject: id,
        actor: actorOf(by),
        data: { recipient: id, ageRecipient, receiptKey, ...approval },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the revocation was not logged')
    await setRevoked(tx, id, logged.index)
    await revokeTokensOf(tx, id, logged.at)
    return { id, index: logged.index }
  })
  return value
}
