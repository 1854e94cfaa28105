import { sql } from 'kysely'
import type { Tx } from './schema.ts'

/** A package and how far its recipient has gone with it. */
export interface Delivery {
  readonly id: string
  readonly recipient_id: string
  readonly case_id: string
  readonly not_before: Date | null
  readonly lead_ms: number | null
  readonly issued_at: Date
  readonly fetched: boolean
  readonly opened: boolean
  readonly acknowledged: boolean
}

/** Every package of a case, or of all, by id, but for those that were erased. */
export async function listDeliveries(tx: Tx, caseId?: string): Promise<readonly Delivery[]> {
  let query = tx
    .selectFrom('packages')
    .leftJoin('receipts', 'receipts.package_id', 'packages.id')
    .leftJoin('openings', 'openings.package_id', 'packages.id')
    .select(['packages.id', 'recipient_id', 'case_id', 'not_before', 'lead_ms', 'issued_at'])
    .select([
      sql<boolean>`packages.fetched_index is not null`.as('fetched'),
      sql<boolean>`openings.package_id is not null`.as('opened'),
      sql<boolean>`receipts.package_id is not null`.as('acknowledged'),
    ])
    .where('packages.erased_index', 'is', null)
  if (caseId !== undefined) query = query.where('packages.case_id', '=', caseId)
  return await query.orderBy('packages.id').execute()
}

/** Remembers the first opening that was told. */
export async function putOpening(tx: Tx, packageId: string, index: number, at: Date): Promise<void> {
  await tx
    .insertInto('openings')
    .values({ package_id: packageId, event_index: index, opened_at: at })
    .onConflict((conflict) => conflict.column('package_id').doNothing())
    .execute()
}
