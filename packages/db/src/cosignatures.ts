import type { Selectable } from 'kysely'
import type { CosignatureTable, CosignedCheckpointTable, Tx } from './schema.ts'

/** A checkpoint that at least one witness cosigned, with the lines of their cosignatures, oldest first. */
export interface CosignedCheckpoint extends Selectable<CosignedCheckpointTable> {
  readonly lines: readonly string[]
}

/** Keeps a cosignature; the first of each key for a tree stays. */
export async function putCosignature(
  tx: Tx,
  checkpoint: Selectable<CosignedCheckpointTable>,
  cosignature: Omit<Selectable<CosignatureTable>, 'size'>,
): Promise<void> {
  await tx
    .insertInto('cosigned_checkpoints')
    .values(checkpoint)
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute()
  await tx
    .insertInto('cosignatures')
    .values({ size: checkpoint.size, ...cosignature })
    .onConflict((conflict) => conflict.columns(['size', 'key']).doNothing())
    .execute()
}

/** Cosigned checkpoints of trees of `atLeast` to `atMost` leaves, largest first. */
export async function listCosigned(
  tx: Tx,
  options: { readonly atLeast: number; readonly atMost?: number; readonly limit: number },
): Promise<readonly CosignedCheckpoint[]> {
  const checkpoints = await tx
    .selectFrom('cosigned_checkpoints')
    .selectAll()
    .where('size', '>=', options.atLeast)
    .where('size', '<=', options.atMost ?? Number.MAX_SAFE_INTEGER)
    .orderBy('size', 'desc')
    .limit(options.limit)
    .execute()
  if (checkpoints.length === 0) return []
  const rows = await tx
    .selectFrom('cosignatures')
    .select(['size', 'line'])
    .where(
      'size',
      'in',
      checkpoints.map(({ size }) => size),
    )
    .orderBy('at')
    .orderBy('key')
    .execute()
  return checkpoints.map((checkpoint) => ({
    ...checkpoint,
    lines: rows.filter(({ size }) => size === checkpoint.size).map(({ line }) => line),
  }))
}

/** Keys that cosigned the tree of this size. */
export async function cosignersOf(tx: Tx, size: number): Promise<ReadonlySet<string>> {
  const rows = await tx.selectFrom('cosignatures').select('key').where('size', '=', size).execute()
  return new Set(rows.map(({ key }) => key))
}
