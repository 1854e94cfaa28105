import type { Selectable } from 'kysely'
import { endEnrolmentsOf } from './enrolments.ts'
import type { Tx } from './schema.ts'
import type { PersonTable } from './schema-people.ts'
import { endSessionsOf } from './sessions.ts'

/** A row of `people`. */
export type PersonRow = Selectable<PersonTable>

/** The person with this id, removed or not, locked until the transaction ends; null when there is none. */
export async function lockPerson(tx: Tx, id: string): Promise<PersonRow | null> {
  return (await tx.selectFrom('people').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) ?? null
}

/** The person with this id, removed or not; null when there is none. */
export async function findPerson(tx: Tx, id: string): Promise<PersonRow | null> {
  return (await tx.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** People by id: the vendor's with `recipientId` null, else that partner's. Removed ones are listed too. */
export async function listPeople(tx: Tx, recipientId: string | null): Promise<readonly PersonRow[]> {
  return await tx
    .selectFrom('people')
    .selectAll()
    .where('recipient_id', recipientId === null ? 'is' : '=', recipientId)
    .orderBy('id')
    .execute()
}

/** Adds a person; an id that was ever given is the database's unique violation. */
export async function insertPerson(tx: Tx, row: PersonRow): Promise<void> {
  await tx.insertInto('people').values(row).execute()
}

/** Gives a person another role. */
export async function setPersonRole(tx: Tx, id: string, role: string): Promise<void> {
  await tx.updateTable('people').set({ role }).where('id', '=', id).execute()
}

/** Takes a person out: with the person, all of its tokens, sessions and open enrolments die. */
export async function removePerson(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('people').set({ removed_at: at }).where('id', '=', id).execute()
  await tx
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('person_id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
  await endSessionsOf(tx, id, at)
  await endEnrolmentsOf(tx, id, at)
}
