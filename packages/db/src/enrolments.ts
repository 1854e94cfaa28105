import type { Selectable } from 'kysely'
import type { Tx } from './schema.ts'
import type { AuthEnrolmentTable, AuthPasskeyTable } from './schema-sign-in.ts'

/** A row of `auth_enrolments`. */
export type EnrolmentRow = Selectable<AuthEnrolmentTable>
/** A row of `auth_passkeys`. */
export type PasskeyRow = Selectable<AuthPasskeyTable>

/** Makes the person known to better-auth; again is fine. `label` is what the person's device will show. */
export async function putAuthUser(tx: Tx, personId: string, label: string, at: Date): Promise<void> {
  await tx
    .insertInto('auth_users')
    .values({
      id: personId,
      name: label,
      email: personId,
      email_verified: false,
      image: null,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** Whether a code was ever given, good or not. */
export async function isKnownCode(tx: Tx, codeHash: Uint8Array): Promise<boolean> {
  const query = tx.selectFrom('auth_enrolments').select('person_id').where('code_hash', '=', codeHash)
  return (await query.executeTakeFirst()) !== undefined
}

/** Adds an enrolment; a code that was ever used is the database's unique violation. */
export async function insertEnrolment(tx: Tx, row: EnrolmentRow): Promise<void> {
  await tx.insertInto('auth_enrolments').values(row).execute()
}

/** The open enrolment with this code of a person who is still there, locked until the transaction ends; else null. */
export async function lockEnrolment(tx: Tx, codeHash: Uint8Array, now: Date): Promise<EnrolmentRow | null> {
  const row = await tx
    .selectFrom('auth_enrolments')
    .innerJoin('people', 'people.id', 'auth_enrolments.person_id')
    .selectAll('auth_enrolments')
    .where('code_hash', '=', codeHash)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('removed_at', 'is', null)
    .forUpdate('auth_enrolments')
    .executeTakeFirst()
  return row ?? null
}

/** Ends the open enrolments of a person. */
export async function endEnrolmentsOf(tx: Tx, personId: string, at: Date): Promise<void> {
  await tx
    .updateTable('auth_enrolments')
    .set({ ended_at: at })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Makes a passkey good, now that it is logged. Returns whether there was one. */
export async function setEnrolled(tx: Tx, id: string, logged: { index: number; at: Date }): Promise<boolean> {
  const done = await tx
    .updateTable('auth_passkeys')
    .set({ enrolled_index: logged.index, enrolled_at: logged.at })
    .where('id', '=', id)
    .where('enrolled_index', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The good passkeys of a person, oldest first. */
export async function passkeysOf(tx: Tx, personId: string): Promise<readonly PasskeyRow[]> {
  return await tx
    .selectFrom('auth_passkeys')
    .select(['id', 'name', 'user_id', 'credential_id', 'enrolled_index', 'enrolled_at'])
    .where('user_id', '=', personId)
    .where('enrolled_index', 'is not', null)
    .orderBy('enrolled_index')
    .execute()
}

/** The good passkey with this credential id, or null. */
export async function findPasskey(tx: Tx, credentialId: string): Promise<PasskeyRow | null> {
  const row = await tx
    .selectFrom('auth_passkeys')
    .select(['id', 'name', 'user_id', 'credential_id', 'enrolled_index', 'enrolled_at'])
    .where('credential_id', '=', credentialId)
    .where('enrolled_index', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

/** Deletes a passkey of a person, good or not. Returns whether there was one. */
export async function deletePasskey(tx: Tx, key: { readonly id: string; readonly person: string }): Promise<boolean> {
  const done = await tx
    .deleteFrom('auth_passkeys')
    .where('id', '=', key.id)
    .where('user_id', '=', key.person)
    .executeTakeFirst()
  return done.numDeletedRows > 0n
}

/** Forgets sessions long over, and what browsers were asked and did not answer in time. `now` is the system's clock, which better-auth goes by. */
export async function forgetExpired(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('auth_verifications').where('expires_at', '<', now).execute()
  await tx.deleteFrom('auth_sessions').where('expires_at', '<', now).execute()
}
