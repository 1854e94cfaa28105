import { type Insertable, type Selectable, sql } from 'kysely'
import type { Tx } from './schema.ts'
import type { EndpointTable, OutboxTable } from './schema-clocks.ts'

/** A row of `endpoints`. */
export type EndpointRow = Selectable<EndpointTable>
/** A row of `outbox`. */
export type OutboxRow = Selectable<OutboxTable>
/** A message that this process may send until its lease ends. */
export interface ClaimedMessage extends OutboxRow {
  readonly channel: string
  readonly address: string
}

/** Endpoints in use of these owners. */
export async function endpointsOf(tx: Tx, owners: readonly string[]): Promise<readonly EndpointRow[]> {
  if (owners.length === 0) return []
  return await tx
    .selectFrom('endpoints')
    .selectAll()
    .where('owner', 'in', owners)
    .where('disabled', 'is', null)
    .orderBy('id')
    .execute()
}

/** Every endpoint of an owner, used or not, newest first. */
export async function listEndpoints(tx: Tx, owner: string): Promise<readonly EndpointRow[]> {
  return await tx
    .selectFrom('endpoints')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Puts `row` in the place of the owner's endpoint of that channel. */
export async function replaceEndpoint(tx: Tx, row: Insertable<EndpointTable>): Promise<void> {
  await disableEndpoints(tx, row.owner, row.channel, 'replaced')
  await tx.insertInto('endpoints').values(row).execute()
}

/** Takes the owner's endpoint of a channel out of use; what waits for it is not sent. */
export async function disableEndpoints(tx: Tx, owner: string, channel: string, reason: string): Promise<void> {
  const query = tx.selectFrom('endpoints').select('id').where('owner', '=', owner).where('channel', '=', channel)
  for (const { id } of await query.where('disabled', 'is', null).execute()) await disableEndpoint(tx, id, reason)
}

/** Takes an endpoint out of use; what waits for it is not sent. */
export async function disableEndpoint(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.updateTable('endpoints').set({ disabled: reason }).where('id', '=', id).execute()
  await tx
    .updateTable('outbox')
    .set({ state: 'dead', last_error: `the endpoint is not used any more: ${reason}`, lease_until: null })
    .where('endpoint_id', '=', id)
    .where('state', '=', 'pending')
    .execute()
}

/** Adds messages; one that is there already stays as it is. */
export async function insertMessages(tx: Tx, rows: readonly Insertable<OutboxTable>[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insertInto('outbox')
    .values([...rows])
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/**
 * Claims up to `limit` messages whose time has come and whose event is in the signed tree, for `leaseMs`. Each gets the next fence: whoever claimed it before and comes back
 * late cannot report any more. Several processes may claim at once; none waits for another.
 */
export async function claimMessages(
  tx: Tx,
  options: { readonly now: Date; readonly limit: number; readonly leaseMs: number },
): Promise<readonly ClaimedMessage[]> {
  const until = new Date(options.now.getTime() + options.leaseMs)
  const { rows } = await sql<ClaimedMessage>`
    with claimed as (
      select id from outbox
      where state = 'pending' and next_at <= ${options.now} and (lease_until is null or lease_until <= ${options.now})
        and event_index < (select size from log_state)
      order by next_at, id
      limit ${options.limit}
      for update skip locked
    )
    update outbox set fence = fence + 1, attempts = attempts + 1, lease_until = ${until}
    from claimed, endpoints
    where outbox.id = claimed.id and endpoints.id = outbox.endpoint_id
    returning outbox.*, endpoints.channel, endpoints.address`.execute(tx)
  return rows
}

/** What became of an attempt. */
export type AttemptOutcome =
  | { readonly state: 'sent'; readonly at: Date }
  | { readonly state: 'pending'; readonly nextAt: Date; readonly error: string }
  | { readonly state: 'dead'; readonly error: string }

/** Reports an attempt; returns false, and changes nothing, when somebody else has claimed the message since. */
export async function reportAttempt(
  tx: Tx,
  message: Pick<OutboxRow, 'id' | 'fence'>,
  outcome: AttemptOutcome,
): Promise<boolean> {
  const result = await tx
    .updateTable('outbox')
    .set({
      state: outcome.state,
      lease_until: null,
      ...(outcome.state === 'sent' ? { sent_at: outcome.at, last_error: null } : { last_error: outcome.error }),
      ...(outcome.state === 'pending' ? { next_at: outcome.nextAt } : {}),
    })
    .where('id', '=', message.id)
    .where('fence', '=', message.fence)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** How many messages are in each state, and since when the oldest pending one is due. */
export async function outboxCounts(tx: Tx): Promise<{
  readonly pending: number
  readonly sent: number
  readonly dead: number
  readonly oldestDue: Date | null
}> {
  const rows = await tx
    .selectFrom('outbox')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count'), fn.min('next_at').as('oldest')])
    .groupBy('state')
    .execute()
  const count = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0
  const oldestDue = rows.find((row) => row.state === 'pending')?.oldest ?? null
  return { pending: count('pending'), sent: count('sent'), dead: count('dead'), oldestDue }
}
