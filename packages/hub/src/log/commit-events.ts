import type { CommitRequest, ProvenEvent } from '@sigillo/api/contracts'
import { EVENT_ACTION, eventWish } from '@sigillo/api/wishes'
import type { Tx } from '@sigillo/db/schema'
import { canonicalBytes, isPlainObject, type JsonObject, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { requireCan } from '../people/authorize.ts'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import type { EventDraft } from './event-batch.ts'
import { requireKeyChange } from './key-change.ts'
import { presentProven } from '../routes/present.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import type { SignedCheckpoint } from './read-log.ts'
import { requireApproval } from '../people/require-approval.ts'

/**
 * Logs events of the desk, in order, and proves each under one checkpoint. An event that says that something was done which is an
 * action of its own needs the right to that action, and the second person where it is under four eyes.
 */
export async function commitEvents(
  hub: HubContext,
  by: Principal,
  events: CommitRequest['events'],
): Promise<readonly ProvenEvent[]> {
  const drafts = events.map((event) => ({ ...event, actor: actorOf(by), data: canonicalObject(event.data) }))
  for (const draft of drafts) requireKeyChange(draft)
  // Most events are no actions, and many come at once: those need nothing from the database but their places.
  const plain = drafts.every(({ type }) => EVENT_ACTION[type] === undefined)
  const { value, signed } = await (plain
    ? hub.sequencer.append(drafts)
    : hub.sequencer.run(async (tx, log) => {
        for (const draft of drafts) await requireAllowed(tx, by, draft, hub.clock())
        return await log(drafts)
      }))
  return await proveAll(
    hub,
    value.map((logged) => logged.index),
    signed,
  )
}

/** The approval stays out of the event: its data are the desk's. It is an event of its own before this one, and names what it covers. */
async function requireAllowed(tx: Tx, by: Principal, event: EventDraft, now: Date): Promise<void> {
  const action = EVENT_ACTION[event.type]
  if (action === undefined) return
  requireCan(by, action)
  await requireApproval(tx, by, eventWish(action, event), now)
}

/** The events at these places with proofs under one checkpoint. Throws {@link HubError} `not-found` for a place without event. */
export async function proveAll(
  hub: HubContext,
  indices: readonly number[],
  signed: SignedCheckpoint,
): Promise<readonly ProvenEvent[]> {
  return (await hub.prover.prove(indices, signed)).map(presentProven)
}

/** What a request carries as data, in the one form that is logged. Throws TlogError on what has no canonical form. */
function canonicalObject(data: unknown): JsonObject {
  const value = parseCanonicalJson(canonicalBytes(data))
  if (!isJsonObject(value)) throw new HubError('bad-request', 'the data of an event must be an object')
  return value
}

function isJsonObject(value: unknown): value is JsonObject {
  return isPlainObject(value)
}
