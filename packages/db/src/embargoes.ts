import { type Insertable, type Selectable, sql } from 'kysely'
import type { Tx } from './schema.ts'
import type { EmbargoTable, LiftTable } from './schema-clocks.ts'

/** A row of `embargoes`. */
export type EmbargoRow = Selectable<EmbargoTable>
/** A row of `lifts`. */
export type LiftRow = Selectable<LiftTable>
/** An embargo, and its lift once it is lifted. */
export interface EmbargoStatus extends EmbargoRow {
  readonly lifted_how: string | null
  readonly lifted_index: number | null
  readonly lifted_at: Date | null
}

/** The embargo of a case, or null. */
export async function findEmbargo(tx: Tx, caseId: string): Promise<EmbargoStatus | null> {
  return (await embargoes(tx).where('embargoes.case_id', '=', caseId).executeTakeFirst()) ?? null
}

/** The same, holding the row until the transaction ends. */
export async function lockEmbargo(tx: Tx, caseId: string): Promise<EmbargoRow | null> {
  const query = tx.selectFrom('embargoes').selectAll().where('case_id', '=', caseId).forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** The embargoes of these cases, or of all, by case. */
export async function listEmbargoes(tx: Tx, caseIds?: readonly string[]): Promise<readonly EmbargoStatus[]> {
  if (caseIds?.length === 0) return []
  const query = caseIds === undefined ? embargoes(tx) : embargoes(tx).where('embargoes.case_id', 'in', caseIds)
  return await query.orderBy('embargoes.case_id').execute()
}

function embargoes(tx: Tx) {
  return tx
    .selectFrom('embargoes')
    .leftJoin('lifts', 'lifts.case_id', 'embargoes.case_id')
    .selectAll('embargoes')
    .select(['lifts.how as lifted_how', 'lifts.event_index as lifted_index', 'lifts.lifted_at as lifted_at'])
}

/** Cases whose planned instant is not after `now` and whose lift has not happened, oldest instant first. */
export async function dueCases(tx: Tx, now: Date): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('embargoes')
    .select('case_id')
    .where('lift', 'in', ['scheduled', 'lifting'])
    .where('frozen', '=', false)
    .where('release_at', '<=', now)
    .orderBy('release_at')
    .execute()
  return rows.map((row) => row.case_id)
}

/** Writes an embargo as it now is. */
export async function putEmbargo(tx: Tx, row: Insertable<EmbargoTable>): Promise<void> {
  const { case_id: _, ...rest } = row
  await tx
    .insertInto('embargoes')
    .values(row)
    .onConflict((conflict) => conflict.column('case_id').doUpdateSet(rest))
    .execute()
}

/** Records the lift; a second one for the case is the database's unique violation. */
export async function insertLift(tx: Tx, row: Insertable<LiftTable>): Promise<void> {
  await tx.insertInto('lifts').values(row).execute()
}

/** Sets how long before this release the packages of a case were to leave that were issued before any release was on file. */
export async function setLeads(tx: Tx, caseId: string, releaseAt: Date): Promise<void> {
  await sql`
    update packages
    set lead_ms = greatest(0, round(extract(epoch from ${releaseAt}::timestamptz - not_before) * 1000))::bigint
    where case_id = ${caseId} and lead_ms is null and not_before is not null`.execute(tx)
}

/** Recipients of packages of a case. */
export async function recipientsOfCase(tx: Tx, caseId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('packages')
    .select('recipient_id')
    .distinct()
    .where('case_id', '=', caseId)
    .orderBy('recipient_id')
    .execute()
  return rows.map((row) => row.recipient_id)
}

/** The database's own clock at this moment, not at the start of the transaction. */
export async function databaseClock(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('the database does not tell its time')
  return row.now
}

/** The next planned instant of a lift that has not happened, or null. */
export async function nextRelease(tx: Tx): Promise<Date | null> {
  const row = await tx
    .selectFrom('embargoes')
    .select(({ fn }) => fn.min('release_at').as('next'))
    .where('lift', 'in', ['scheduled', 'lifting'])
    .where('frozen', '=', false)
    .executeTakeFirst()
  return row?.next ?? null
}
