import type { CommitRequest, ProvenEvent } from '@sigillo/api/contracts'
import { canonicalBytes, isPlainObject, type JsonObject, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { type HubContext, VENDOR } from './context.ts'
import { HubError } from './errors.ts'
import { presentProven } from './present.ts'
import { proveEvent, type SignedCheckpoint, tilesOnce } from './read-log.ts'

/** Logs events of the desk, in order, and proves each under one checkpoint. */
export async function commitEvents(hub: HubContext, events: CommitRequest['events']): Promise<readonly ProvenEvent[]> {
  const drafts = events.map((event) => ({ ...event, actor: VENDOR, data: canonicalObject(event.data) }))
  const { value, signed } = await hub.sequencer.run((_, log) => log(drafts))
  return await proveAll(
    hub,
    value.map((logged) => logged.index),
    signed,
  )
}

/** The events at these places with proofs under one checkpoint. Throws {@link HubError} `not-found` for a place without event. */
export async function proveAll(
  hub: HubContext,
  indices: readonly number[],
  signed: SignedCheckpoint,
): Promise<readonly ProvenEvent[]> {
  const readTile = tilesOnce(hub.engine.db)
  const proven: ProvenEvent[] = []
  for (const index of indices) {
    const found = await proveEvent(hub.engine.db, index, signed, readTile)
    if (found === null) throw new HubError('not-found', `the log has no event ${String(index)}`)
    proven.push(presentProven(found))
  }
  return proven
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
