import type { Insertable, Selectable } from 'kysely'
import type { RecipientTable, Tx } from './schema.ts'

/** A row of `recipients`. */
export type Recipient = Selectable<RecipientTable>

/** The recipients with these ids, in no particular order. */
export async function findRecipients(tx: Tx, ids: readonly string[]): Promise<readonly Recipient[]> {
  if (ids.length === 0) return []
  return await tx.selectFrom('recipients').selectAll().where('id', 'in', ids).execute()
}

/** Every recipient, by id. */
export async function listRecipients(tx: Tx): Promise<readonly Recipient[]> {
  return await tx.selectFrom('recipients').selectAll().orderBy('id').execute()
}

/** Adds recipients; an id that exists is the database's unique violation. */
export async function insertRecipients(tx: Tx, rows: readonly Insertable<RecipientTable>[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('recipients')
      .values([...rows])
      .execute()
}

/** Gives a recipient whose keys ended others, which are good from now on. */
export async function replaceRecipient(tx: Tx, { id, ...row }: Recipient): Promise<void> {
  await tx.updateTable('recipients').set(row).where('id', '=', id).execute()
}

/** Ends a recipient's keys. */
export async function setRevoked(tx: Tx, id: string, index: number): Promise<void> {
  await tx.updateTable('recipients').set({ revoked_index: index }).where('id', '=', id).execute()
}

/** Records which event enrolled the recipients. */
export async function setEnrolledIndex(tx: Tx, id: string, index: number): Promise<void> {
  await tx.updateTable('recipients').set({ enrolled_index: index }).where('id', '=', id).execute()
}
