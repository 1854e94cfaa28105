import type { Tx } from './schema.ts'

/** What an operator watches, counted in the database. Nothing in it names a case or a partner. */
export interface OperatingCounts {
  readonly packages: { readonly issued: number; readonly fetched: number; readonly acknowledged: number }
  /** Embargoes by the state of their lift. */
  readonly lifts: Readonly<Record<string, number>>
}

/** Counts packages and embargoes. */
export async function operatingCounts(tx: Tx): Promise<OperatingCounts> {
  const packages = await tx
    .selectFrom('packages')
    .leftJoin('receipts', 'receipts.package_id', 'packages.id')
    .select(({ fn }) => [
      fn.countAll<number>().as('issued'),
      fn.count<number>('packages.fetched_index').as('fetched'),
      fn.count<number>('receipts.package_id').as('acknowledged'),
    ])
    .executeTakeFirstOrThrow()
  const lifts = await tx
    .selectFrom('embargoes')
    .select(({ fn }) => ['lift', fn.countAll<number>().as('count')])
    .groupBy('lift')
    .execute()
  return { packages, lifts: Object.fromEntries(lifts.map(({ lift, count }) => [lift, count])) }
}
