import { type Insertable, type Selectable, sql } from 'kysely'
import type { BlobTable, PackageTable, ReceiptTable, Tx } from './schema.ts'

/** A row of `packages`. */
export type PackageRow = Selectable<PackageTable>
/** A row of `receipts`. */
export type ReceiptRow = Selectable<ReceiptTable>

/** A package with what became of it. */
export interface PackageStatus extends PackageRow {
  readonly acknowledged_index: number | null
  readonly acknowledged_at: Date | null
}

/** Stores ciphertext under its hash; storing it again changes nothing, also once it was erased. */
export async function putBlob(tx: Tx, sha256: Uint8Array, bytes: Uint8Array): Promise<void> {
  await tx
    .insertInto('blobs')
    .values({ sha256, bytes })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
}

/** Whether there is ciphertext with this hash that was not erased. */
export async function hasBlob(tx: Tx, sha256: Uint8Array): Promise<boolean> {
  const row = await tx
    .selectFrom('blobs')
    .select('sha256')
    .where('sha256', '=', sha256)
    .where('erased_index', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** The ciphertext with this hash; null when there is none or it was erased. */
export async function getBlob(tx: Tx, sha256: Uint8Array): Promise<Uint8Array | null> {
  const [row] = await findBlobs(tx, [sha256])
  return row === undefined || row.erased_index !== null ? null : row.bytes
}

/** The ciphertexts with these hashes that exist or were erased, in no particular order. */
export async function findBlobs(tx: Tx, hashes: readonly Uint8Array[]): Promise<readonly Selectable<BlobTable>[]> {
  if (hashes.length === 0) return []
  return await tx.selectFrom('blobs').selectAll().where('sha256', 'in', hashes).execute()
}

/** The package, or null. With `recipientId`, a package of anybody else is null too: foreign and missing look the same. */
export async function findPackage(tx: Tx, id: string, recipientId?: string): Promise<PackageStatus | null> {
  let query = packages(tx).where('packages.id', '=', id)
  if (recipientId !== undefined) query = query.where('packages.recipient_id', '=', recipientId)
  return (await query.executeTakeFirst()) ?? null
}

/** The packages with these ids that exist, in no particular order. */
export async function findPackages(tx: Tx, ids: readonly string[]): Promise<readonly PackageStatus[]> {
  if (ids.length === 0) return []
  return await packages(tx).where('packages.id', 'in', ids).execute()
}

/** Packages by id, after `after` (exclusive), of one recipient or of all, at most `limit`. */
export async function listPackages(
  tx: Tx,
  options: { readonly recipientId?: string; readonly after?: string; readonly limit: number },
): Promise<readonly PackageStatus[]> {
  let query = packages(tx)
  if (options.recipientId !== undefined) query = query.where('packages.recipient_id', '=', options.recipientId)
  if (options.after !== undefined) query = query.where('packages.id', '>', options.after)
  return await query.orderBy('packages.id').limit(options.limit).execute()
}

function packages(tx: Tx) {
  return tx
    .selectFrom('packages')
    .leftJoin('receipts', 'receipts.package_id', 'packages.id')
    .selectAll('packages')
    .select(['receipts.event_index as acknowledged_index', 'receipts.received_at as acknowledged_at'])
}

/** Adds a package; an id that exists is the database's unique violation. */
export async function insertPackage(tx: Tx, row: Insertable<PackageTable>): Promise<void> {
  await tx.insertInto('packages').values(row).execute()
}

/** A hand-over: which package, and the event that says so. */
export interface HandOverRow {
  readonly id: string
  readonly index: number
  readonly at: Date
}

/** Remembers the first hand-over of packages; later ones are in the log only. At most one row a package. */
export async function setFetched(tx: Tx, rows: readonly HandOverRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update packages set fetched_index = first.index, fetched_at = first.at
    from unnest(
      ${rows.map(({ id }) => id)}::text[], ${rows.map(({ index }) => index)}::bigint[],
      ${rows.map(({ at }) => at)}::timestamptz[]
    ) as first (id, index, at)
    where packages.id = first.id and packages.fetched_index is null`.execute(tx)
}

/** The receipt of a package, or null. */
export async function findReceipt(tx: Tx, packageId: string): Promise<ReceiptRow | null> {
  return (await tx.selectFrom('receipts').selectAll().where('package_id', '=', packageId).executeTakeFirst()) ?? null
}

/** Adds a receipt; a second one for the same package is the database's unique violation. */
export async function insertReceipt(tx: Tx, row: ReceiptRow): Promise<void> {
  await tx.insertInto('receipts').values(row).execute()
}
