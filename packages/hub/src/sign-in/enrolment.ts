import {
  ENROLMENT_HOURS,
  type EnrolAnswer,
  type EnrolmentAnswer,
  type EnrolRequest,
  type SignInStatus,
} from '@sigillo/api/contracts-sign-in'
import { hashToken } from '@sigillo/api/token'
import { enrolmentWish } from '@sigillo/api/wishes'
import {
  deletePasskey,
  endEnrolmentsOf,
  forgetExpired,
  insertEnrolment,
  isKnownCode,
  lockEnrolment,
  putAuthUser,
  setEnrolled,
} from '@sigillo/db/enrolments'
import { inTransaction } from '@sigillo/db/engine'
import { deleteOneTimeCode } from '@sigillo/db/one-time-codes'
import { endSessionsOf } from '@sigillo/db/sessions'
import { tokenOwners } from '@sigillo/db/tokens'
import { fromHex } from '@sigillo/tlog/encoding'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import {
  approve,
  note,
  ownId,
  type PersonChange,
  requirePerson,
  requireWholeRole,
  runChange,
} from '../people/person-change.ts'
import { actorOf } from '../people/principal.ts'
import type { Challenge } from './ceremonies.ts'
import { noteRefusal } from './refusals.ts'
import { statusOf } from './sessions.ts'
import { changeBy } from './speaker.ts'

const HOUR = 3_600_000
/** How one-time codes are called among the keys of a person. */
const CODES = 'codes'

/**
 * Lets a person enrol one passkey with the code that has this hash; an older code of that person is good no more. For oneself it needs
 * nobody else, but all that its person may do.
 */
export async function giveEnrolment(
  hub: HubContext,
  change: PersonChange,
  codeHash: string,
  isOwn = false,
): Promise<EnrolmentAnswer> {
  const { origin } = hub.signIn.requireSite()
  return await runChange(hub, change, async (running) => {
    const { tx, by, id } = running
    const person = await requirePerson(running)
    if (isOwn) requireWholeRole(by, person)
    const approval = isOwn ? {} : await approve(running, enrolmentWish(id, codeHash))
    const { at } = await note(running, 'admin.action', { change: 'enrolment', codeHash, ...approval })
    await putAuthUser(tx, person.id, ownId(person.id), at)
    await endEnrolmentsOf(tx, person.id, at)
    const hash = fromHex(codeHash)
    if ((await isKnownCode(tx, hash)) || (await tokenOwners(tx, [hash])).length > 0)
      throw new HubError('conflict', 'that code is in use already; draw another')
    const expires = new Date(at.getTime() + ENROLMENT_HOURS * HOUR)
    await insertEnrolment(tx, {
      code_hash: hash,
      person_id: person.id,
      made_by: actorOf(by).id,
      made_at: at,
      expires_at: expires,
      ended_at: null,
    })
    return { person: id, expiresAt: expires.toISOString(), page: `${origin}/sign-in` }
  })
}

/** Asks a browser for the passkey of whoever has the code. Throws {@link HubError} `unauthorized` when the code is not good. */
export async function askEnrolment(hub: HubContext, code: string): Promise<Challenge> {
  const person = await personWith(hub, code)
  await forgetExpired(hub.engine.db, new Date())
  return await (await hub.signIn.ceremonies()).askPasskey({ id: person, label: ownId(person) })
}

/** Takes up the passkey, and the code is spent. `cookie` is the Cookie header. Throws {@link HubError} `unauthorized`. */
export async function takeEnrolment(hub: HubContext, request: EnrolRequest, cookie: string): Promise<EnrolAnswer> {
  const { code, name, credential } = request
  const person = await personWith(hub, code)
  const stored = await (await hub.signIn.ceremonies()).storePasskey({ credential, name, cookie })
  try {
    return await runChange(hub, changeBy(person), async (running) => {
      const { tx } = running
      const open = await lockEnrolment(tx, hashToken(code), hub.clock())
      if (open === null || open.person_id !== stored.person) throw refused()
      const logged = await note(running, 'key.enrolled', { key: stored.id, kind: 'passkey' })
      await endEnrolmentsOf(tx, person, logged.at)
      if (!(await setEnrolled(tx, stored.id, logged))) throw new HubError('internal', 'a passkey is gone')
      return { person: ownId(person), key: stored.id }
    })
  } catch (error) {
    await deletePasskey(hub.engine.db, { id: stored.id, person: stored.person })
    throw error
  }
}

/** Takes a passkey or the one-time codes of a person away, and ends what was begun with it. One person can do it. */
export async function revokeKey(
  hub: HubContext,
  change: PersonChange,
  key: string,
  isOwn = false,
): Promise<SignInStatus> {
  return await runChange(hub, change, async (running) => {
    const { tx } = running
    const row = await requirePerson(running)
    if (isOwn) requireWholeRole(change.by, row)
    const { id: person } = row
    const { at } = await note(running, 'key.revoked', { key })
    const isDone = key === CODES ? await deleteOneTimeCode(tx, person) : await deletePasskey(tx, { id: key, person })
    if (!isDone) throw new HubError('not-found', 'there is no such key')
    await endSessionsOf(tx, person, at, key === CODES ? undefined : key)
    return await statusOf(hub, tx, person, change.by)
  })
}

async function personWith(hub: HubContext, code: string): Promise<string> {
  hub.signIn.requireSite()
  const open = await inTransaction(hub.engine, (tx) => lockEnrolment(tx, hashToken(code), hub.clock()))
  if (open !== null) return open.person_id
  await noteRefusal(hub, null)
  throw refused()
}

function refused(): HubError {
  return new HubError(
    'unauthorized',
    'this enrolment link is not good: it was used, replaced, or is too old; ask for a new one',
  )
}
