import { type Selectable, sql } from 'kysely'
import type { ErasureTable, Tx } from './schema.ts'

/** A row of `erasures`. */
export type ErasureRow = Selectable<ErasureTable>

/** Which case an event is evidence in. */
export interface EvidenceRow {
  readonly idx: number
  readonly case_id: string
}

/** What the log holds of a case that decides whether it is over. */
export interface FindingsRow {
  readonly case_id: string
  readonly newest_finding: number | null
  readonly newest_dossier: number | null
}

/** What an erasure takes. */
export interface Erasing {
  /** Place of its `erasure.performed` event. */
  readonly index: number
  readonly at: Date
  /** Places of the events whose bodies and salts go. */
  readonly events: readonly number[]
  /** Ids of the packages that go. */
  readonly packages: readonly string[]
  /** SHA-256 of the ciphertext that goes. */
  readonly blobs: readonly Uint8Array[]
}

/** Marks what an erasure takes: from this commit on nothing of it is handed out. Nothing is destroyed yet. */
export async function markErased(tx: Tx, { index, at, events, packages, blobs }: Erasing): Promise<void> {
  await tx.insertInto('erasures').values({ idx: index, at, destroyed_at: null }).execute()
  const mark = { erased_index: index, erased_at: at }
  if (events.length > 0) await tx.updateTable('events').set(mark).where('idx', 'in', events).execute()
  if (packages.length > 0) await tx.updateTable('packages').set(mark).where('id', 'in', packages).execute()
  if (blobs.length > 0)
    await tx.updateTable('blobs').set({ erased_index: index }).where('sha256', 'in', blobs).execute()
}

/** Erasures that are in the signed tree of `size` leaves and not done yet, oldest first. */
export async function pendingErasures(tx: Tx, size: number): Promise<readonly number[]> {
  const rows = await tx
    .selectFrom('erasures')
    .select('idx')
    .where('destroyed_at', 'is', null)
    .where('idx', '<', size)
    .orderBy('idx')
    .execute()
  return rows.map((row) => row.idx)
}

/** The erasure that this event tells of, or null. */
export async function findErasure(tx: Tx, index: number): Promise<ErasureRow | null> {
  return (await tx.selectFrom('erasures').selectAll().where('idx', '=', index).executeTakeFirst()) ?? null
}

/** Bodies that an erasure takes and that are still there. */
export async function bodiesToErase(tx: Tx, index: number): Promise<readonly string[]> {
  const rows = await tx.selectFrom('events').select('body').where('erased_index', '=', index).execute()
  return rows.flatMap(({ body }) => (body === null ? [] : [body]))
}

/**
 * Takes out of its rows everything that an erasure names, with the copies: the receipt of an event that acknowledges a package, and what a second
 * person read of an event that asked for one. `payloads` are such copies by their text. Again changes nothing.
 */
export async function destroyErased(tx: Tx, index: number, payloads: readonly string[]): Promise<void> {
  await sql`
    update receipts set body = null
    where body is not null and event_index in (select idx from events where erased_index = ${index})`.execute(tx)
  await sql`
    update approval_items set payload = ${ERASED_PAYLOAD}
    where payload = any(${payloads}::text[]) or approval_id in (
      select subject from events where erased_index = ${index} and type = 'admin.action' and stream = 'admin'
    )`.execute(tx)
  await sql`
    update events set body = null, salt = null
    where erased_index = ${index} and (body is not null or salt is not null)`.execute(tx)
  await sql`update blobs set bytes = null where erased_index = ${index} and bytes is not null`.execute(tx)
}

/** What stands in place of what a second person read, once that was erased. */
const ERASED_PAYLOAD = '{"erased":true}'

/** Remembers that nothing is left of what an erasure names. */
export async function setDestroyed(tx: Tx, index: number, at: Date): Promise<void> {
  await tx
    .updateTable('erasures')
    .set({ destroyed_at: at })
    .where('idx', '=', index)
    .where('destroyed_at', 'is', null)
    .execute()
}

/** Those of these packages' bodies, as hexadecimal SHA-256, that no other package needs. Manifests are texts in which they stand. */
export async function bodiesLeftAlone(
  tx: Tx,
  bodies: readonly string[],
  packages: readonly string[],
): Promise<readonly string[]> {
  if (bodies.length === 0) return []
  const { rows } = await sql<{ body: string }>`
    select body from unnest(${bodies}::text[]) as wanted (body)
    where not exists (
      select from packages
      where erased_index is null and id <> all(${packages}::text[])
        and position(convert_to(body, 'UTF8') in manifest) > 0
    )`.execute(tx)
  return rows.map((row) => row.body)
}

/**
 * The cases that these events are evidence in: those of a case's own stream, of its packages, of the keys of whoever has one, and of the approvals that
 * let them out.
 */
export async function evidenceOf(tx: Tx, indices: readonly number[]): Promise<readonly EvidenceRow[]> {
  if (indices.length === 0) return []
  const { rows } = await sql<EvidenceRow>`
    with wanted as (select idx, stream, type, subject from events where idx = any(${indices}::bigint[]))
    select idx, substr(stream, 6) as case_id from wanted where stream like 'case:%'
    union
    select idx, case_id from wanted join packages on packages.id = subject where stream like 'partner:%'
    union
    select idx, case_id from wanted join packages on packages.recipient_id = subject
    where type in ('key.enrolled', 'key.revoked') and stream like 'partner:%'
    union
    select idx, case_id from wanted
    join approvals on approvals.id = wanted.subject
    join packages on packages.distribution = approvals.subject or packages.case_id = approvals.subject
    where wanted.stream = 'admin'`.execute(tx)
  return rows
}

/** What was found in each of these cases, and the newest dossier of each. Those of which the log holds neither are left out. */
export async function findingsOf(
  tx: Tx,
  caseIds: readonly string[],
  types: readonly string[],
): Promise<readonly FindingsRow[]> {
  if (caseIds.length === 0) return []
  const { rows } = await sql<FindingsRow>`
    select substr(stream, 6) as case_id,
      max(idx) filter (where type = any(${types}::text[])) as newest_finding,
      max(idx) filter (where type = 'dossier.sealed') as newest_dossier
    from events where stream = any(${caseIds.map((id) => `case:${id}`)}::text[])
    group by stream`.execute(tx)
  return rows
}
