import type { Selectable } from 'kysely'
import type { Tx } from './schema.ts'
import type { AuthSessionTable } from './schema-sign-in.ts'

/** How long a session lasts unused, and at most, in milliseconds. */
export interface SessionLimits {
  readonly idleMs: number
  readonly longestMs: number
}

/** A row of `auth_sessions` that was started. */
export type SessionRow = Pick<Selectable<AuthSessionTable>, 'id' | 'user_id' | 'passkey_id' | 'confirmed_at'> & {
  readonly started_at: Date
  readonly seen_at: Date
  readonly ends_at: Date
}

/** A live session with its person as it is now. */
export type LiveSession = SessionRow & { readonly role: string; readonly recipient_id: string | null }

const COLUMNS = ['id', 'user_id', 'passkey_id', 'confirmed_at'] as const

/** Makes a session good, now that it is logged. Returns whether there was one to start. */
export async function startSession(
  tx: Tx,
  session: {
    readonly id: string
    readonly secretHash: Uint8Array
    readonly passkey: string
    readonly at: Date
    readonly isConfirmed: boolean
  },
  limits: SessionLimits,
): Promise<boolean> {
  const { id, secretHash, passkey, at, isConfirmed } = session
  const done = await tx
    .updateTable('auth_sessions')
    .set({
      secret_hash: secretHash,
      passkey_id: passkey,
      started_at: at,
      seen_at: at,
      ends_at: new Date(at.getTime() + limits.longestMs),
      confirmed_at: isConfirmed ? at : null,
    })
    .where('id', '=', id)
    .where('secret_hash', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The session with this secret, unless it ended, lay idle, is too old or its person is gone: then null. */
export async function findSession(
  tx: Tx,
  secretHash: Uint8Array,
  now: Date,
  limits: SessionLimits,
): Promise<LiveSession | null> {
  const row = await live(tx, now, limits)
    .innerJoin('people', 'people.id', 'auth_sessions.user_id')
    .select(['people.role', 'people.recipient_id'])
    .where('secret_hash', '=', secretHash)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Notes that a session was used. */
export async function touchSession(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('auth_sessions').set({ seen_at: at }).where('id', '=', id).where('seen_at', '<', at).execute()
}

/** Notes that the person of a session proved to be there. */
export async function confirmSession(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.updateTable('auth_sessions').set({ confirmed_at: at }).where('id', '=', id).execute()
}

/** The live sessions of a person, newest first. */
export async function sessionsOf(
  tx: Tx,
  personId: string,
  now: Date,
  limits: SessionLimits,
): Promise<readonly SessionRow[]> {
  return await live(tx, now, limits)
    .where('auth_sessions.user_id', '=', personId)
    .orderBy('started_at', 'desc')
    .orderBy('auth_sessions.id')
    .execute()
}

/** Ends a session of a person. Returns whether there was one to end. */
export async function endSession(
  tx: Tx,
  session: { readonly id: string; readonly person: string },
  at: Date,
): Promise<boolean> {
  const done = await tx
    .updateTable('auth_sessions')
    .set({ ended_at: at })
    .where('id', '=', session.id)
    .where('user_id', '=', session.person)
    .where('started_at', 'is not', null)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Ends the sessions of a person, or only those that were started with one passkey. */
export async function endSessionsOf(tx: Tx, personId: string, at: Date, passkey?: string): Promise<void> {
  let query = tx
    .updateTable('auth_sessions')
    .set({ ended_at: at })
    .where('user_id', '=', personId)
    .where('ended_at', 'is', null)
  if (passkey !== undefined) query = query.where('passkey_id', '=', passkey)
  await query.execute()
}

function live(tx: Tx, now: Date, { idleMs }: SessionLimits) {
  return tx
    .selectFrom('auth_sessions')
    .select(COLUMNS.map((column) => `auth_sessions.${column}` as const))
    .select((eb) => [
      eb.ref('started_at').$notNull().as('started_at'),
      eb.ref('seen_at').$notNull().as('seen_at'),
      eb.ref('ends_at').$notNull().as('ends_at'),
    ])
    .where('ended_at', 'is', null)
    .where('started_at', 'is not', null)
    .where('ends_at', '>', now)
    .where('seen_at', '>', new Date(now.getTime() - idleMs))
}
