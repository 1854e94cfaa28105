import type { Selectable } from 'kysely'
import type { Tx, VaultBackupTable } from './schema.ts'

/** A row of `vault_backups`. */
export type VaultBackup = Selectable<VaultBackupTable>

/** All backups, oldest first. */
export async function listBackups(tx: Tx): Promise<readonly VaultBackup[]> {
  return await tx.selectFrom('vault_backups').selectAll().orderBy('version').execute()
}

/** The newest backup, or null; inside a batch nobody can add one meanwhile. */
export async function newestBackup(tx: Tx): Promise<VaultBackup | null> {
  return (
    (await tx.selectFrom('vault_backups').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst()) ?? null
  )
}

/** Adds a backup; a version that exists is the database's unique violation. */
export async function insertBackup(tx: Tx, row: VaultBackup): Promise<void> {
  await tx.insertInto('vault_backups').values(row).execute()
}
