import type { Insertable, Selectable } from 'kysely'
import type { TokenTable, Tx } from './schema.ts'

/** A row of `tokens`. */
export type TokenRow = Selectable<TokenTable>

/** A live token, and the role of its person as it is now; null when it speaks for an organisation. */
export type LiveToken = TokenRow & { readonly person_role: string | null }

/**
 * The tokens with these SHA-256s, in no particular order; none that is unknown or revoked, or whose person is gone. Whether one has
 * expired is for who asks to say.
 */
export async function findTokens(tx: Tx, hashes: readonly Uint8Array[]): Promise<readonly LiveToken[]> {
  if (hashes.length === 0) return []
  return await tx
    .selectFrom('tokens')
    .leftJoin('people', 'people.id', 'tokens.person_id')
    .selectAll('tokens')
    .select('people.role as person_role')
    .where('hash', 'in', hashes)
    .where('revoked_at', 'is', null)
    .where('removed_at', 'is', null)
    .execute()
}

/** Adds tokens; a hash or a name that exists is the database's unique violation. */
export async function insertTokens(tx: Tx, rows: readonly Insertable<TokenTable>[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('tokens')
      .values([...rows])
      .execute()
}

/** The live tokens that these recipients enrolled with: those of the organisation, not those of its people. */
export async function tokensOf(tx: Tx, recipientIds: readonly string[]): Promise<readonly TokenRow[]> {
  if (recipientIds.length === 0) return []
  return await tx
    .selectFrom('tokens')
    .selectAll()
    .where('recipient_id', 'in', recipientIds)
    .where('person_id', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
}

/** The tokens of these people, live or not, newest first. */
export async function tokensOfPeople(tx: Tx, personIds: readonly string[]): Promise<readonly TokenRow[]> {
  if (personIds.length === 0) return []
  return await tx
    .selectFrom('tokens')
    .selectAll()
    .where('person_id', 'in', personIds)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Ends a token of a person. Returns whether there was one to end. */
export async function revokeToken(
  tx: Tx,
  token: { readonly id: string; readonly person: string },
  at: Date,
): Promise<boolean> {
  const done = await tx
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('id', '=', token.id)
    .where('person_id', '=', token.person)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Ends every token of a recipient, those of its people too. */
export async function revokeTokensOf(tx: Tx, recipientId: string, at: Date): Promise<void> {
  const people = tx.selectFrom('people').select('id').where('recipient_id', '=', recipientId)
  await tx
    .updateTable('tokens')
    .set({ revoked_at: at })
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('recipient_id', '=', recipientId), eb('person_id', 'in', people)]))
    .execute()
}

/** Whether the vendor's first token, which speaks for no person, is live. */
export async function hasVendorToken(tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('tokens')
    .select('role')
    .where('role', '=', 'vendor')
    .where('person_id', 'is', null)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Those of the hashes that are tokens already, live or revoked. */
export async function tokenOwners(
  tx: Tx,
  hashes: readonly Uint8Array[],
): Promise<readonly Pick<TokenRow, 'hash' | 'role'>[]> {
  if (hashes.length === 0) return []
  return await tx.selectFrom('tokens').select(['hash', 'role']).where('hash', 'in', hashes).execute()
}
