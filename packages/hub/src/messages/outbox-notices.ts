import { createHash } from 'node:crypto'
import { endpointsOf, insertMessages } from '@sigillo/db/outbox'
import type { Tx } from '@sigillo/db/schema'
import { tokensOf } from '@sigillo/db/tokens'
import type { LiftMove } from '@sigillo/programme/lift'
import type { Logged } from '../log/event-batch.ts'

/** Owner of the vendor's own endpoints. */
export const VENDOR_ENDPOINTS = 'vendor'

/** What a message can say has happened. It never says to what. */
export type NoticeKind =
  | 'package.issued'
  | 'embargo.changed'
  | 'embargo.lifted'
  | 'embargo.broken'
  | 'embargo.held'
  | 'embargo.cancelled'

/** The message about a move of an embargo; null where nobody needs one. */
export const NOTICE_OF: Readonly<Record<LiftMove['type'], NoticeKind | null>> = {
  draft: null,
  schedule: 'embargo.changed',
  cancel: 'embargo.cancelled',
  hold: 'embargo.held',
  lift: 'embargo.lifted',
  break: 'embargo.broken',
  tell: null,
}

/** What is told to whom. */
export interface Notice {
  readonly kind: NoticeKind
  /** The event that it is about. */
  readonly logged: Logged
  /** Recipients, and {@link VENDOR_ENDPOINTS}. One without a live token may not know and is left out. */
  readonly owners: readonly string[]
}

/**
 * Puts a message for each endpoint of the owners into the outbox, in the transaction of what it tells of: both are committed, or neither.
 * Its id follows from event, endpoint and kind, so that the same message is never there twice and a receiver can tell a repetition.
 */
export async function enqueueNotices(tx: Tx, { kind, logged, owners }: Notice): Promise<void> {
  const live = new Set((await tokensOf(tx, owners)).map((token) => token.recipient_id))
  const told = owners.filter((owner) => owner === VENDOR_ENDPOINTS || live.has(owner))
  const endpoints = await endpointsOf(tx, told)
  await insertMessages(
    tx,
    endpoints.map(({ id }) => ({
      id: messageId(kind, logged.index, id),
      endpoint_id: id,
      kind,
      event_index: logged.index,
      at: logged.at,
      state: 'pending',
      attempts: 0,
      next_at: logged.at,
      fence: 0,
      lease_until: null,
      last_error: null,
      sent_at: null,
    })),
  )
}

/** Id of a message: `msg_` and 32 hexadecimal digits. */
export function messageId(kind: NoticeKind, eventIndex: number, endpointId: string): string {
  const digest = createHash('sha256').update(JSON.stringify(['sigillo/notice/v1', kind, eventIndex, endpointId]))
  return `msg_${digest.digest('hex').slice(0, 32)}`
}
