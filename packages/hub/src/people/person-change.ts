import type { Wish } from '@sigillo/api/wishes'
import { lockPerson, type PersonRow } from '@sigillo/db/people'
import type { Tx } from '@sigillo/db/schema'
import { isWithin } from '@sigillo/programme/can'
import { isRole } from '@sigillo/programme/roles'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import type { EventType } from '@sigillo/tlog/event'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import type { Logged } from '../log/event-batch.ts'
import { actorOf, ownStream, type Principal } from './principal.ts'
import { requireApproval } from './require-approval.ts'
import type { LogEvents } from '../log/sequencer.ts'

/** What somebody does to a person of its own organisation; `id` is the part that the organisation gave. */
export interface PersonChange {
  readonly by: Principal
  readonly id: string
}

/** A running change. */
export interface Running extends PersonChange {
  readonly tx: Tx
  readonly log: LogEvents
  readonly hub: HubContext
}

/** Runs a change in a batch of the log; what it gave is handed out after the batch is signed. */
export async function runChange<T>(
  hub: HubContext,
  change: PersonChange,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  return (await hub.sequencer.run((tx, log) => work({ ...change, tx, log, hub }))).value
}

/** The part of a person's id that its organisation gave. */
export function ownId(personKey: string): string {
  return personKey.slice(personKey.lastIndexOf('/') + 1)
}

/** Whole id of a person of the caller's organisation. */
export function keyOf(by: Principal, id: string): string {
  return by.role === 'vendor' ? `staff/${id}` : `partner/${by.id}/${id}`
}

/** The person of a change, locked. Throws {@link HubError} `not-found` when it is not there or left. */
export async function requirePerson({ tx, by, id }: Running): Promise<PersonRow> {
  const row = await lockPerson(tx, keyOf(by, id))
  if (row === null || row.removed_at !== null) throw new HubError('not-found', 'there is no such person')
  return row
}

/** Throws {@link HubError} `forbidden` when the caller may do less than its person: nobody gains by handing something to oneself. */
export function requireWholeRole(by: Principal, person: PersonRow): void {
  if (isRole(person.role) && isWithin(person.role, by.roles)) return
  throw new HubError('forbidden', 'this token is limited to less than its person may do, and so it cannot do this')
}

/** A partner's own people are its own affair; of the vendor's, two decide where the rules say so. */
export async function approve({ tx, by, hub }: Running, wish: Wish): Promise<JsonObject> {
  return by.role === 'vendor' ? { ...(await requireApproval(tx, by, wish, hub.clock())) } : {}
}

/** Logs a change of a person. */
export async function note({ log, by, id }: Running, type: EventType, data: JsonObject): Promise<Logged> {
  const [logged] = await log([
    { type, stream: ownStream(by), subject: id, actor: actorOf(by), data: { person: id, ...data } },
  ])
  if (logged === undefined) throw new HubError('internal', 'the change was not logged')
  return logged
}
