import type { EraseRequest, ErasureStatus } from '@sigillo/api/contracts-erasure'
import { eraseWish } from '@sigillo/api/wishes'
import { bodiesLeftAlone, findErasure, markErased } from '@sigillo/db/erasures'
import { type EventRow, findEvents } from '@sigillo/db/events'
import { findPackages, type PackageStatus } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import { whyKept } from '@sigillo/programme/legal-hold'
import { inspectManifest, isKeyed } from '@sigillo/seal/manifest'
import { fromHex, toBase64, toHex } from '@sigillo/tlog/encoding'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import type { LogEvents } from '../log/sequencer.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import { requireApproval } from '../people/require-approval.ts'
import { finishErasures } from './finish-erasures.ts'
import { requireNoHold } from './legal-hold.ts'

/**
 * Erases events (body and salt; the leaf with its commitment stays) and packages (the ciphertext; a body that others share goes with the last of them).
 * The event that names them all is in a signed checkpoint before anything is destroyed; then it is destroyed here, or by the next that comes by. Exactly
 * the same again answers with the erasure that was. Throws {@link HubError} `not-found`, `conflict` for what is never erased or was erased otherwise,
 * `legal-hold` and `approval-needed`; then nothing was done.
 */
export async function erase(hub: HubContext, by: Principal, request: EraseRequest): Promise<ErasureStatus> {
  if (request.events.length + request.packages.length === 0)
    throw new HubError('bad-request', 'nothing is named that shall be erased')
  const { value: index } = await hub.sequencer.run((tx, log) => logErasure(hub, { tx, log, by, request }))
  try {
    await finishErasures(hub)
  } catch (error) {
    // It is in the log and will be done; the answer says that it is not yet.
    hub.say({ level: 'error', message: 'what was erased cannot be destroyed at this moment', error })
  }
  return await statusOf(hub.engine.db, index, request)
}

interface Running {
  readonly tx: Tx
  readonly log: LogEvents
  readonly by: Principal
  readonly request: EraseRequest
}

/** What is to be erased. */
interface Objects {
  readonly events: readonly EventRow[]
  readonly packages: readonly PackageStatus[]
}

async function logErasure(hub: HubContext, { tx, log, by, request }: Running): Promise<number> {
  const objects = await find(tx, request)
  const before = requireWhole(objects)
  if (before !== null) return before
  for (const { idx, type, stream } of objects.events) {
    const why = whyKept(type, stream)
    if (why !== null) throw new HubError('conflict', `event ${String(idx)} is never erased: ${why}; nothing was erased`)
  }
  await requireNoHold(
    tx,
    objects.events.map(({ idx }) => idx),
    objects.packages,
  )
  const approval = await requireApproval(tx, by, eraseWish(request), hub.clock())
  const ids = objects.packages.map(({ id }) => id)
  const bodies = await bodiesLeftAlone(tx, objects.packages.flatMap(bodyOf), ids)
  const [logged] = await log([
    {
      type: 'erasure.performed',
      stream: 'admin',
      subject: 'erasure',
      actor: actorOf(by),
      data: {
        reason: request.reason,
        events: objects.events.map(({ idx, commitment }) => ({ index: idx, commitment: toBase64(commitment) })),
        packages: objects.packages.map(({ id, sha256 }) => ({ package: id, sha256: toHex(sha256) })),
        bodies: [...bodies],
        ...approval,
      },
    },
  ])
  if (logged === undefined) throw new HubError('internal', 'the erasure was not logged')
  await markErased(tx, {
    index: logged.index,
    at: logged.at,
    events: objects.events.map(({ idx }) => idx),
    packages: ids,
    blobs: [...objects.packages.map(({ sha256 }) => sha256), ...bodies.map(fromHex)],
  })
  return logged.index
}

/** Everything that was named, in the order of the log and of ids. Throws {@link HubError} `not-found` unless all of it exists. */
async function find(tx: Tx, request: EraseRequest): Promise<Objects> {
  const [indices, ids] = [[...new Set(request.events)], [...new Set(request.packages)]]
  const events = [...(await findEvents(tx, indices))].sort((a, b) => a.idx - b.idx)
  const packages = [...(await findPackages(tx, ids))].sort((a, b) => (a.id < b.id ? -1 : 1))
  const noEvent = indices.find((index) => events.every(({ idx }) => idx !== index))
  if (noEvent !== undefined) throw new HubError('not-found', `the log has no event ${String(noEvent)}`)
  const noPackage = ids.find((id) => packages.every((row) => row.id !== id))
  if (noPackage !== undefined) throw new HubError('not-found', `there is no package ${noPackage}`)
  return { events, packages }
}

/** The erasure that took all of it already; null when nothing of it is erased. Throws {@link HubError} `conflict` for anything between. */
function requireWhole({ events, packages }: Objects): number | null {
  const all = [
    ...events.map(({ idx, erased_index: by }) => ({ what: `event ${String(idx)}`, by })),
    ...packages.map(({ id, erased_index: by }) => ({ what: `package ${id}`, by })),
  ]
  const done = all.find(({ by }) => by !== null)
  if (done === undefined || done.by === null) return null
  if (all.every(({ by }) => by === done.by)) return done.by
  throw new HubError('conflict', `${done.what} was erased before, by event ${String(done.by)}; leave it out`)
}

function bodyOf({ manifest }: PackageStatus): readonly string[] {
  const read = inspectManifest(manifest).manifest
  return isKeyed(read) ? [read.body.sha256] : []
}

async function statusOf(tx: Tx, index: number, { events, packages }: EraseRequest): Promise<ErasureStatus> {
  const row = await findErasure(tx, index)
  if (row === null) throw new HubError('internal', 'the erasure was not stored')
  return {
    index,
    at: row.at.toISOString(),
    events: new Set(events).size,
    packages: new Set(packages).size,
    destroyed: row.destroyed_at?.toISOString() ?? null,
  }
}
