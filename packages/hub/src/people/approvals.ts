import { randomBytes } from 'node:crypto'
import { APPROVAL_DAYS, type ApprovalDetail, type ApprovalStatus, type AskRequest } from '@sigillo/api/contracts-people'
import {
  findWish,
  fourEyesOf,
  insertApproval,
  itemsOf,
  listApprovals,
  lockApproval,
  setGiven,
} from '@sigillo/db/approvals'
import { inTransaction } from '@sigillo/db/engine'
import { canonicalBytes, type JsonObject, isPlainObject, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { fromUtf8, toHex } from '@sigillo/tlog/encoding'
import { requireCan } from './authorize.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { presentApproval, presentApprovalDetail } from '../routes/present-people.ts'
import { actorOf, type Principal } from './principal.ts'
import { requirePerson, rolesFor, wishHash } from './require-approval.ts'

const DAY = 86_400_000
const MOST_LISTED = 1000

/**
 * Records what a person wants to do and needs somebody else for. Only who may do it may ask. A wish that is open already is answered
 * as it stands.
 */
export async function askApproval(hub: HubContext, by: Principal, request: AskRequest): Promise<ApprovalStatus> {
  const { action, subject } = request
  requireCan(by, action)
  const person = requirePerson(by, action)
  const payloads = request.payloads.map(canonicalObject)
  const roles = rolesFor(action)
  const hashes = payloads.map((payload) => wishHash({ action, subject, payload }))
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const now = hub.clock()
    if (!(await fourEyesOf(tx)).includes(action))
      throw new HubError('conflict', `${action} is not under four eyes; there is nothing to ask for`)
    const known = await Promise.all(hashes.map((hash) => findWish(tx, { hash, by: person, roles, now })))
    const [first] = known
    if (first !== undefined && first !== null && known.every((row) => row?.id === first.id)) return first
    const id = randomBytes(9).toString('hex')
    const [logged] = await log([
      {
        type: 'admin.action',
        stream: 'admin',
        subject: id,
        actor: actorOf(by),
        data: { change: 'approval-asked', approval: id, action, subject, items: hashes.map((hash) => toHex(hash)) },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the wish was not logged')
    const row = {
      id,
      action,
      subject,
      asked_by: person,
      asked_at: logged.at,
      asked_index: logged.index,
      expires_at: new Date(logged.at.getTime() + APPROVAL_DAYS * DAY),
      given_by: null,
      given_at: null,
      given_index: null,
    }
    const items = payloads.map((payload, n) => ({
      approval_id: id,
      n,
      hash: hashes[n] ?? wishHash({ action, subject, payload }),
      payload: fromUtf8(canonicalBytes(payload)),
      used_at: null,
    }))
    await insertApproval(tx, row, items)
    return row
  })
  return presentApproval(value)
}

/**
 * Agrees to what somebody else asked for. Only who may do it may agree, and never the person who asked, whatever token is used.
 * Given already is a `conflict`; expired is not found.
 */
export async function giveApproval(hub: HubContext, by: Principal, id: string): Promise<ApprovalStatus> {
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const row = await lockApproval(tx, id)
    const now = hub.clock()
    if (row === null || row.expires_at <= now) throw new HubError('not-found', 'there is no such approval')
    const { action } = presentApproval(row)
    requireCan(by, action)
    const person = requirePerson(by, action)
    if (person === row.asked_by)
      throw new HubError('forbidden', 'you asked for this yourself; somebody else has to agree')
    if (row.given_by !== null) throw new HubError('conflict', 'somebody agreed to this already')
    const [logged] = await log([
      {
        type: 'admin.action',
        stream: 'admin',
        subject: id,
        actor: actorOf(by),
        data: { change: 'approval-given', approval: id, action, askedBy: row.asked_by },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the approval was not logged')
    await setGiven(tx, id, { by: person, at: logged.at, index: logged.index })
    return { ...row, given_by: person, given_at: logged.at, given_index: logged.index }
  })
  return presentApproval(value)
}

/** What is asked for and not spent, newest first. */
export async function openApprovals(hub: HubContext): Promise<readonly ApprovalStatus[]> {
  return (await listApprovals(hub.engine.db, hub.clock(), MOST_LISTED)).map(presentApproval)
}

/** One approval with what it covers. */
export async function showApproval(hub: HubContext, id: string): Promise<ApprovalDetail> {
  return await inTransaction(hub.engine, async (tx) => {
    const row = await lockApproval(tx, id)
    if (row === null) throw new HubError('not-found', 'there is no such approval')
    return presentApprovalDetail(row, await itemsOf(tx, id))
  })
}

/** What a request carries, in the one form that is hashed. Throws TlogError on what has no canonical form. */
function canonicalObject(data: unknown): JsonObject {
  const value = parseCanonicalJson(canonicalBytes(data))
  if (!isJsonObject(value)) throw new HubError('bad-request', 'a payload must be an object')
  return value
}

function isJsonObject(value: unknown): value is JsonObject {
  return isPlainObject(value)
}
