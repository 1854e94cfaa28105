import type { Selectable } from 'kysely'
import type { TokenTable, Tx } from './schema.ts'

/** A row of `tokens`. */
export type TokenRow = Selectable<TokenTable>

/** The live token with this SHA-256, or null when there is none or it was revoked. */
export async function findToken(tx: Tx, hash: Uint8Array): Promise<TokenRow | null> {
  const row = await tx
    .selectFrom('tokens')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Adds tokens; a hash that exists is the database's unique violation. */
export async function insertTokens(tx: Tx, rows: readonly TokenRow[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insertInto('tokens')
      .values([...rows])
      .execute()
}

/** The live token hashes of these recipients. */
export async function tokensOf(tx: Tx, recipientIds: readonly string[]): Promise<readonly TokenRow[]> {
  if (recipientIds.length === 0) return []
  return await tx
    .selectFrom('tokens')
    .selectAll()
    .where('recipient_id', 'in', recipientIds)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Whether any live vendor token exists. */
export async function hasVendorToken(tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('tokens')
    .select('role')
    .where('role', '=', 'vendor')
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
