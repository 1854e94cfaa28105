import type { Selectable } from 'kysely'
import type { Tx } from './schema.ts'
import type { AuthOneTimeCodeTable } from './schema-sign-in.ts'

/** A row of `auth_one_time_codes`. */
export type OneTimeCodeRow = Selectable<AuthOneTimeCodeTable>

/** What a person's one-time codes are made of, locked until the transaction ends; null when there is none. */
export async function lockOneTimeCode(tx: Tx, personId: string): Promise<OneTimeCodeRow | null> {
  const query = tx.selectFrom('auth_one_time_codes').selectAll().where('person_id', '=', personId)
  return (await query.forUpdate().executeTakeFirst()) ?? null
}

/** Whether a person has proven to have one-time codes. */
export async function hasOneTimeCode(tx: Tx, personId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('auth_one_time_codes')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('secret', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps a secret that was shown and is not yet proven. An older one that is proven stays good. */
export async function putPending(tx: Tx, personId: string, pending: string): Promise<void> {
  await tx
    .insertInto('auth_one_time_codes')
    .values({ person_id: personId, secret: null, pending, last_step: 0, failures: 0, locked_until: null })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ pending }))
    .execute()
}

/** Writes what a try with a code changed. */
export async function setOneTimeCode(
  tx: Tx,
  personId: string,
  change: Partial<Omit<OneTimeCodeRow, 'person_id'>>,
): Promise<void> {
  await tx.updateTable('auth_one_time_codes').set(change).where('person_id', '=', personId).execute()
}

/** Takes a person's one-time codes away. Returns whether there were any that it had proven. */
export async function deleteOneTimeCode(tx: Tx, personId: string): Promise<boolean> {
  const row = await tx
    .deleteFrom('auth_one_time_codes')
    .where('person_id', '=', personId)
    .returning('secret')
    .executeTakeFirst()
  return row !== undefined && row.secret !== null
}
