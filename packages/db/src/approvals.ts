import type { Selectable } from 'kysely'
import type { Tx } from './schema.ts'
import type { ApprovalItemTable, ApprovalTable } from './schema-people.ts'

/** A row of `approvals`. */
export type ApprovalRow = Selectable<ApprovalTable>
/** A row of `approval_items`. */
export type ApprovalItemRow = Selectable<ApprovalItemTable>

/** Exactly what was wished for, by whom, and the roles whose agreement counts now. */
export interface WishFilter {
  readonly hash: Uint8Array
  readonly by: string
  readonly roles: readonly string[]
  readonly now: Date
}

/** Records what somebody asks to be agreed to. */
export async function insertApproval(tx: Tx, row: ApprovalRow, items: readonly ApprovalItemRow[]): Promise<void> {
  await tx.insertInto('approvals').values(row).execute()
  await tx
    .insertInto('approval_items')
    .values([...items])
    .execute()
}

/** The approval with this id, locked until the transaction ends; null when there is none. */
export async function lockApproval(tx: Tx, id: string): Promise<ApprovalRow | null> {
  return (await tx.selectFrom('approvals').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
}

/** Approvals that are neither spent nor expired at `now`, newest first, at most `limit`. */
export async function listApprovals(tx: Tx, now: Date, limit: number): Promise<readonly ApprovalRow[]> {
  return await tx
    .selectFrom('approvals')
    .selectAll()
    .where('expires_at', '>', now)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('approval_items')
          .select('n')
          .whereRef('approval_id', '=', 'approvals.id')
          .where('used_at', 'is', null),
      ),
    )
    .orderBy('asked_index', 'desc')
    .limit(limit)
    .execute()
}

/** What an approval covers, in the order that was asked. */
export async function itemsOf(tx: Tx, approvalId: string): Promise<readonly ApprovalItemRow[]> {
  return await tx.selectFrom('approval_items').selectAll().where('approval_id', '=', approvalId).orderBy('n').execute()
}

/** Records who agreed. Somebody who asked cannot: that is a check of the database. */
export async function setGiven(
  tx: Tx,
  id: string,
  given: { readonly by: string; readonly at: Date; readonly index: number },
): Promise<void> {
  await tx
    .updateTable('approvals')
    .set({ given_by: given.by, given_at: given.at, given_index: given.index })
    .where('id', '=', id)
    .where('given_by', 'is', null)
    .execute()
}

/** The newest wish of this person for exactly this that is still good: not spent and not expired. Null when there is none. */
export async function findWish(tx: Tx, wish: WishFilter): Promise<ApprovalRow | null> {
  const row = await wishes(tx, wish).selectAll('approvals').orderBy('asked_index', 'desc').executeTakeFirst()
  return row ?? null
}

/**
 * Spends one item of an approval that somebody else gave for exactly this; null when there is none. Two that try at once never both
 * get it: the item is locked, and spent once.
 */
export async function spendApproval(tx: Tx, wish: WishFilter): Promise<ApprovalRow | null> {
  const found = await wishes(tx, wish)
    .selectAll('approvals')
    .select('approval_items.n')
    .where('given_by', 'is not', null)
    .whereRef('given_by', '<>', 'asked_by')
    .orderBy('asked_index')
    .limit(1)
    .forUpdate('approval_items')
    .executeTakeFirst()
  if (found === undefined) return null
  const { n, ...row } = found
  await tx
    .updateTable('approval_items')
    .set({ used_at: wish.now })
    .where('approval_id', '=', row.id)
    .where('n', '=', n)
    .execute()
  return row
}

/** The actions under four eyes, as they were last set; none before that. */
export async function fourEyesOf(tx: Tx): Promise<readonly string[]> {
  const row = await tx.selectFrom('programme_rules').select('four_eyes').where('id', '=', 1).executeTakeFirst()
  return row?.four_eyes ?? []
}

/** Sets the actions under four eyes. */
export async function setFourEyes(tx: Tx, actions: readonly string[], index: number): Promise<void> {
  const row = { four_eyes: [...actions], changed_index: index }
  await tx
    .insertInto('programme_rules')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

function wishes(tx: Tx, { hash, by, roles, now }: WishFilter) {
  return tx
    .selectFrom('approval_items')
    .innerJoin('approvals', 'approvals.id', 'approval_items.approval_id')
    .leftJoin('people', 'people.id', 'approvals.given_by')
    .where('people.removed_at', 'is', null)
    .where((eb) => eb.or([eb('people.role', 'is', null), eb('people.role', 'in', [...roles])]))
    .where('approval_items.hash', '=', hash)
    .where('approval_items.used_at', 'is', null)
    .where('approvals.asked_by', '=', by)
    .where('approvals.expires_at', '>', now)
}
