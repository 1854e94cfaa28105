import type { SignInAnswer, SignInRequest, SignInStatus } from '@sigillo/api/contracts-sign-in'
import { findPasskey, forgetExpired, passkeysOf } from '@sigillo/db/enrolments'
import { hasOneTimeCode } from '@sigillo/db/one-time-codes'
import { findPerson, lockPerson } from '@sigillo/db/people'
import type { Tx } from '@sigillo/db/schema'
import { endSession, endSessionsOf, findSession, sessionsOf, startSession } from '@sigillo/db/sessions'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { keyOf, note, ownId, type PersonChange, requirePerson, runChange } from '../people/person-change.ts'
import type { Principal } from '../people/principal.ts'
import type { Challenge } from './ceremonies.ts'
import { LIMITS } from './limits.ts'
import { noteRefusal, requireAnswer } from './refusals.ts'
import { drawSecret, hashSecret, secretIn } from './session-cookie.ts'
import { changeBy } from './speaker.ts'

/** A session that began, with the secret that its browser gets. */
export interface Begun {
  readonly answer: SignInAnswer
  readonly secret: string
}

/** Asks a browser for any passkey. */
export async function askSignIn(hub: HubContext): Promise<Challenge> {
  const ceremonies = await hub.signIn.ceremonies()
  await forgetExpired(hub.engine.db, new Date())
  return await ceremonies.askSignIn()
}

/**
 * Begins the session of whoever answered with a passkey; one that the browser still had ends. `cookie` is the Cookie header. Throws
 * {@link HubError} `unauthorized`, and tells of it in the log.
 */
export async function beginSession(hub: HubContext, request: SignInRequest, cookie: string): Promise<Begun> {
  const { credential } = request
  try {
    const { session, person } = await (await hub.signIn.ceremonies()).verifySignIn({ credential, cookie })
    return await startLogged(hub, { session, person, credential: credential.id, cookie })
  } catch (error) {
    if (error instanceof HubError && error.code === 'unauthorized') await noteRefusal(hub, credential.id)
    throw error
  }
}

async function startLogged(
  hub: HubContext,
  { session, person, credential, cookie }: { session: string; person: string; credential: string; cookie: string },
): Promise<Begun> {
  const secret = drawSecret()
  const answer = await runChange(hub, changeBy(person), async (running) => {
    const { tx } = running
    const [row, key] = [await lockPerson(tx, person), await findPasskey(tx, credential)]
    const isGood = row !== null && row.removed_at === null && key?.user_id === person
    requireAnswer(isGood)
    const needsCode = await hasOneTimeCode(tx, person)
    const { at } = await note(running, 'admin.action', { change: 'sign-in', session, key: key.id })
    await endOlder(hub, tx, { cookie, person, at })
    const start = { id: session, secretHash: hashSecret(secret), passkey: key.id, at, isConfirmed: !needsCode }
    if (!(await startSession(tx, start, LIMITS))) throw new HubError('internal', 'a session is gone')
    return {
      person: ownId(person),
      session,
      endsAt: new Date(at.getTime() + LIMITS.longestMs).toISOString(),
      needsCode,
    }
  })
  return { answer, secret }
}

/** The session that a browser still had is not left behind. */
async function endOlder(hub: HubContext, tx: Tx, of: { cookie: string; person: string; at: Date }): Promise<void> {
  const secret = secretIn(hub.signIn.requireSite(), of.cookie)
  const older = secret === null ? null : await findSession(tx, hashSecret(secret), of.at, LIMITS)
  if (older !== null) await endSession(tx, { id: older.id, person: older.user_id }, of.at)
}

/** How a person of the caller's organisation signs in, and where it is signed in. Throws {@link HubError} `not-found`. */
export async function signInOf(hub: HubContext, { by, id }: PersonChange): Promise<SignInStatus> {
  const person = keyOf(by, id)
  if ((await findPerson(hub.engine.db, person)) === null) throw new HubError('not-found', 'there is no such person')
  return await statusOf(hub, hub.engine.db, person, by)
}

/** Ends one session of the caller. Throws {@link HubError} `not-found` when there is none to end. */
export async function endOwnSession(hub: HubContext, change: PersonChange, session: string): Promise<SignInStatus> {
  return await runChange(hub, change, async (running) => {
    const row = await requirePerson(running)
    const { at } = await note(running, 'admin.action', { change: 'sign-out', session })
    if (!(await endSession(running.tx, { id: session, person: row.id }, at)))
      throw new HubError('not-found', 'there is no such live session')
    return await statusOf(hub, running.tx, row.id, change.by)
  })
}

/** Ends all sessions of a person. One person can do it: it takes rights away. */
export async function signOut(hub: HubContext, change: PersonChange): Promise<SignInStatus> {
  return await runChange(hub, change, async (running) => {
    const row = await requirePerson(running)
    const { at } = await note(running, 'admin.action', { change: 'sign-out', session: 'all' })
    await endSessionsOf(running.tx, row.id, at)
    return await statusOf(hub, running.tx, row.id, change.by)
  })
}

/** Keys and sessions of a person, as `by` may see them. */
export async function statusOf(hub: HubContext, tx: Tx, person: string, by: Principal): Promise<SignInStatus> {
  const keys = await passkeysOf(tx, person)
  const sessions = await sessionsOf(tx, person, hub.clock(), LIMITS)
  return {
    person: ownId(person),
    keys: keys.map(({ id, name, enrolled_at }) => ({
      id,
      name: name ?? id,
      enrolledAt: (enrolled_at ?? new Date(0)).toISOString(),
    })),
    hasCodes: await hasOneTimeCode(tx, person),
    sessions: sessions.map((session) => ({
      id: session.id,
      key: session.passkey_id ?? '',
      startedAt: session.started_at.toISOString(),
      seenAt: session.seen_at.toISOString(),
      endsAt: session.ends_at.toISOString(),
      isThis: session.id === by.session?.id,
    })),
  }
}
