import type { Grant, NewPerson, PersonStatus } from '@sigillo/api/contracts-people'
import { MOST_TOKEN_DAYS } from '@sigillo/api/contracts-people'
import { addPersonWish, roleWish, tokenWish } from '@sigillo/api/wishes'
import { fourEyesOf } from '@sigillo/db/approvals'
import { insertPerson, listPeople, lockPerson, type PersonRow, removePerson, setPersonRole } from '@sigillo/db/people'
import { endSessionsOf } from '@sigillo/db/sessions'
import { insertTokens, revokeToken, tokenOwners, tokensOfPeople } from '@sigillo/db/tokens'
import { isWithin } from '@sigillo/programme/can'
import { isFourEyesAction, understaffed } from '@sigillo/programme/four-eyes'
import { isRole, isStaffRole, type Role } from '@sigillo/programme/roles'
import { fromHex } from '@sigillo/tlog/encoding'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { presentPerson } from '../routes/present-people.ts'
import { approve, keyOf, note, type PersonChange, requirePerson, type Running, runChange } from './person-change.ts'
import type { Principal } from './principal.ts'

/** Whose a token is. */
type Owner = Pick<PersonRow, 'id' | 'recipient_id'>

const DAY = 86_400_000

/** The people of the caller's own organisation; of others nobody learns anything. */
export async function peopleOf(hub: HubContext, by: Principal): Promise<readonly PersonStatus[]> {
  const rows = await listPeople(hub.engine.db, by.role === 'vendor' ? null : by.id)
  const tokens = await tokensOfPeople(
    hub.engine.db,
    rows.map((row) => row.id),
  )
  return rows.map((row) =>
    presentPerson(
      row,
      tokens.filter((token) => token.person_id === row.id),
    ),
  )
}

/** Adds a person, with a first token or without. The same again is fine; an id is given once, for good: else it is a `conflict`. */
export async function addPerson(hub: HubContext, change: PersonChange, person: NewPerson): Promise<PersonStatus> {
  return await run(hub, change, async (running) => {
    const { tx, by, id } = running
    const known = await lockPerson(tx, keyOf(by, id))
    if (known !== null) {
      if (known.removed_at === null && known.role === person.role) return
      throw new HubError('conflict', `the id ${id} was given before; ids are never given again`)
    }
    const approval = await approve(running, addPersonWish(id, person))
    const logged = await note(running, 'member.added', { change: 'add', role: person.role, ...approval })
    const row = {
      id: keyOf(by, id),
      recipient_id: by.role === 'vendor' ? null : by.id,
      role: person.role,
      added_index: logged.index,
      added_at: logged.at,
      removed_at: null,
    }
    await insertPerson(tx, row)
    if (person.token !== undefined) await giveToken(running, row, person.token, logged.at)
  })
}

/** Gives a person another role, and signs it out. */
export async function changeRole(hub: HubContext, change: PersonChange, role: Role): Promise<PersonStatus> {
  return await run(hub, change, async (running) => {
    const row = await requirePerson(running)
    if (row.role === role) return
    const approval = await approve(running, roleWish(running.id, role))
    await requireStaffed(running, { ...row, role })
    const { at } = await note(running, 'admin.action', { change: 'role', role, ...approval })
    await setPersonRole(running.tx, row.id, role)
    await endSessionsOf(running.tx, row.id, at)
  })
}

/** Takes a person out, and all its tokens with it. One person can do it: it takes rights away. */
export async function takeOut(hub: HubContext, change: PersonChange): Promise<PersonStatus> {
  return await run(hub, change, async (running) => {
    const row = await requirePerson(running)
    await requireStaffed(running, null)
    const { at } = await note(running, 'member.removed', { change: 'remove' })
    await removePerson(running.tx, row.id, at)
  })
}

/** Gives a person another token. For oneself it needs nobody else: it gives no right that one has not. */
export async function addToken(
  hub: HubContext,
  change: PersonChange,
  id: string,
  grant: Grant,
  isOwn = false,
): Promise<PersonStatus> {
  return await run(hub, change, async (running) => {
    const row = await requirePerson(running)
    requireOwnSide(change.by, grant.role)
    if (isOwn && !isWithin(grant.role, change.by.roles))
      throw new HubError(
        'forbidden',
        `this token cannot give another one the role ${grant.role}: it is more than its own`,
      )
    const approval = isOwn ? {} : await approve(running, tokenWish(running.id, id, grant))
    const { tokenHash: _, ...shown } = grant
    const logged = await note(running, 'admin.action', { change: 'token', token: id, ...shown, ...approval })
    await giveToken(running, row, { id, ...grant }, logged.at)
  })
}

/** Ends a token. One person can do it: it takes rights away. Throws {@link HubError} `not-found` when there is none to end. */
export async function endToken(hub: HubContext, change: PersonChange, id: string): Promise<PersonStatus> {
  return await run(hub, change, async (running) => {
    const row = await requirePerson(running)
    const { at } = await note(running, 'admin.action', { change: 'revoke', token: id })
    if (!(await revokeToken(running.tx, { id: tokenKey(row.id, id), person: row.id }, at)))
      throw new HubError('not-found', 'there is no such live token')
  })
}

/** Names of tokens are a person's own: what another person calls its tokens is nobody's business. */
function tokenKey(person: string, id: string): string {
  return `${person}/${id}`
}

async function run(
  hub: HubContext,
  change: PersonChange,
  work: (running: Running) => Promise<void>,
): Promise<PersonStatus> {
  return await runChange(hub, change, async (running) => {
    await work(running)
    const row = await lockPerson(running.tx, keyOf(change.by, change.id))
    if (row === null) throw new HubError('internal', 'a person is gone')
    return presentPerson(row, await tokensOfPeople(running.tx, [row.id]))
  })
}

/** With `after` in place of the person (null: gone), every action under four eyes must still have enough people. */
async function requireStaffed({ tx, by, id }: Running, after: PersonRow | null): Promise<void> {
  if (by.role !== 'vendor') return
  const others = (await listPeople(tx, null)).filter((row) => row.id !== keyOf(by, id) && row.removed_at === null)
  const roles = [...others, ...(after === null ? [] : [after])].map((row) => row.role).filter(isRole)
  const [first] = understaffed((await fourEyesOf(tx)).filter(isFourEyesAction), roles)
  if (first !== undefined)
    throw new HubError('conflict', `${first} is under four eyes and would have fewer than two people left`)
}

function requireOwnSide(by: Principal, role: Role): void {
  if (isStaffRole(role) !== (by.role === 'vendor'))
    throw new HubError('bad-request', `${role} is a role of the other side`)
}

async function giveToken({ tx, by }: Running, person: Owner, token: Grant & { id: string }, at: Date): Promise<void> {
  const expires = new Date(token.expiresAt)
  if (expires <= at || expires.getTime() > at.getTime() + MOST_TOKEN_DAYS * DAY)
    throw new HubError('bad-request', `a token ends after now and within ${String(MOST_TOKEN_DAYS)} days`)
  const [id, hash] = [tokenKey(person.id, token.id), fromHex(token.tokenHash)]
  const isTaken = (await tokensOfPeople(tx, [person.id])).some((known) => known.id === id)
  if (isTaken || (await tokenOwners(tx, [hash])).length > 0)
    throw new HubError('conflict', 'that token or its name is in use already; draw another')
  await insertTokens(tx, [
    {
      hash,
      role: by.role,
      recipient_id: person.recipient_id,
      created_at: at,
      revoked_at: null,
      id,
      person_id: person.id,
      as_role: token.role,
      expires_at: expires,
    },
  ])
}
