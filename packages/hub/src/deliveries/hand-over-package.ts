import { createHash } from 'node:crypto'
import { findBlobs, type HandOverRow, type PackageStatus, setFetched } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import { equalBytes, toHex } from '@sigillo/tlog/encoding'
import { type HubContext, streamOf } from '../context.ts'
import { HubError } from '../errors.ts'
import { erasedError } from '../erasures/erased.ts'
import type { EventDraft, Logged } from '../log/event-batch.ts'
import { together } from '../internal/together.ts'
import { type DueOutcome, liftIfDue } from '../lift/lift-due.ts'
import { heldBack, type PackageWish, type Standing, standingsOf } from './package-standing.ts'
import { signedNow } from '../log/read-log.ts'
import type { LogEvents } from '../log/sequencer.ts'

/** A package that may now leave: its hand-over is event `index`, under a signed checkpoint. */
export interface HandOver {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly index: number
}

/** Most hand-overs in one batch of the log. */
const MOST_LOGGED = 1_000
/** Most packages read at once, and most bytes in one answer of the database. */
const MOST_READ = 100
const MOST_BYTES = 4 * 1024 * 1024

/**
 * Hands recipients their packages: log first, then release. The bytes are returned only after the `copy.delivered` event was committed
 * with its checkpoint; whatever fails before that, nothing leaves. Whether a package may leave is decided before anything is read,
 * and again inside the batch. Where the policy says so, the quorum of witnesses must have cosigned the newest checkpoint before the
 * hand-over is logged, and one that covers it before anything leaves: a `copy.delivered` event says that the bytes may have left.
 *
 * At the moment of a release everybody asks at once. What is asked for at the same time shares queries and its batch of the log; no answer
 * is older than its request.
 */
export function startHandOvers(hub: HubContext): (recipientId: string, id: string) => Promise<HandOver> {
  const { db } = hub.engine
  const look = together<PackageWish, Standing | HubError>((take) => standingsOf(hub, db, take()), 1_000)
  const read = together<PackageStatus, StoredBytes | HubError>((take) => readBytes(db, take()), MOST_READ)
  const deliver = together<PackageWish, Delivered | HubError>(async (take) => {
    const { value } = await hub.sequencer.run((tx, log) => deliverAll(hub, tx, log, take()))
    return value
  }, MOST_LOGGED)
  const lift = liftOnce(hub)

  return async (recipientId, id) => {
    const wish = { recipientId, id }
    const { row, waits } = unlessRefused(await look(wish))
    // Nobody has to wait for the next look of the timer, and nobody gets anything without a lift.
    if (waits !== null && (await lift(row.case_id)) === 'held') throw heldBack(row, waits)
    const bytes = unlessRefused(await read(row))
    await requireQuorum(hub, async () => (await signedNow(hub)).size)
    const { index, hash } = unlessRefused(await deliver(wish))
    if (!equalBytes(hash, bytes.hash)) throw new HubError('internal', 'the package changed while it was handed over')
    await requireQuorum(hub, () => Promise.resolve(index + 1))
    return { bytes: bytes.content, sha256: toHex(hash), index }
  }
}

function unlessRefused<T>(answer: T | HubError): T {
  if (answer instanceof HubError) throw answer
  return answer
}

/** Throws unless the quorum covers that many first leaves, where the policy asks for it. */
async function requireQuorum(hub: HubContext, size: () => Promise<number>): Promise<void> {
  if (hub.witnesses.release === 'signed') return
  if ((await hub.witnesses.covering(await size(), hub.witnessWaitMs)) !== null) return
  throw new HubError(
    'log-unavailable',
    'too few witnesses have cosigned the log, so nothing may leave; nothing left, try again later',
  )
}

/** Lifts a case that is due; who asks while that runs gets its outcome. */
function liftOnce(hub: HubContext): (caseId: string) => Promise<DueOutcome> {
  const running = new Map<string, Promise<DueOutcome>>()
  const lift = async (caseId: string): Promise<DueOutcome> => {
    try {
      return (await hub.sequencer.run((tx, log) => liftIfDue(tx, log, hub, caseId))).value
    } finally {
      running.delete(caseId)
    }
  }
  return (caseId) => {
    const lifting = running.get(caseId) ?? lift(caseId)
    running.set(caseId, lifting)
    return lifting
  }
}

interface StoredBytes {
  readonly content: Uint8Array
  readonly hash: Uint8Array
}

async function readBytes(tx: Tx, rows: readonly PackageStatus[]): Promise<readonly (StoredBytes | HubError)[]> {
  const wanted = new Map(rows.map((row) => [toHex(row.sha256), row]))
  const read = new Map<string, StoredBytes | HubError>()
  for (const part of partsOf([...wanted.values()])) {
    const blobs = await findBlobs(
      tx,
      part.map((row) => row.sha256),
    )
    for (const { sha256, bytes, erased_index: by } of blobs)
      read.set(toHex(sha256), bytes === null ? erasedError('the package', by ?? 0, null) : checked(sha256, bytes))
  }
  return rows.map(
    (row) => read.get(toHex(row.sha256)) ?? new HubError('internal', 'the bytes of a package are missing'),
  )
}

/** The packages in parts of at most {@link MOST_BYTES}, or of one package. */
function partsOf(rows: readonly PackageStatus[]): readonly (readonly PackageStatus[])[] {
  const parts: PackageStatus[][] = []
  let room = 0
  for (const row of rows) {
    room -= row.size
    if (room < 0) {
      parts.push([])
      room = MOST_BYTES - row.size
    }
    parts.at(-1)?.push(row)
  }
  return parts
}

function checked(expected: Uint8Array, content: Uint8Array): StoredBytes | HubError {
  const hash = createHash('sha256').update(content).digest()
  if (equalBytes(hash, expected)) return { content, hash }
  return new HubError('internal', 'the bytes of a package were altered in the database')
}

interface Delivered {
  readonly index: number
  readonly hash: Uint8Array
}

/** Logs the hand-over of everything that may leave. One that cannot be logged is refused and holds up no other. */
async function deliverAll(
  hub: HubContext,
  tx: Tx,
  log: LogEvents,
  wishes: readonly PackageWish[],
): Promise<readonly (Delivered | HubError)[]> {
  const decided = (await standingsOf(hub, tx, wishes)).map((standing) => {
    if (standing instanceof HubError) return standing
    const { row, waits } = standing
    return waits === null ? { row, draft: handOverEvent(row) } : heldBack(row, waits)
  })
  const drafts = decided.flatMap((one) => (one instanceof HubError ? [] : one.draft))
  const places = (await logEach(log, drafts)).values()
  const done = new Map<string, HandOverRow>()
  const outcomes = decided.map((one) => {
    if (one instanceof HubError) return one
    const place = places.next().value ?? new HubError('internal', 'the hand-over was not logged')
    if (place instanceof HubError) return place
    const { id, sha256: hash } = one.row
    if (!done.has(id)) done.set(id, { id, ...place })
    return { index: place.index, hash }
  })
  await setFetched(tx, [...done.values()])
  return outcomes
}

/** Logs events of several recipients; those whose stream is closed for good get the refusal. */
async function logEach(log: LogEvents, drafts: readonly EventDraft[]): Promise<readonly (Logged | HubError)[]> {
  const all = await log(drafts).catch(refusalIn)
  if (!(all instanceof HubError)) return all
  const places: (Logged | HubError)[] = []
  for (const draft of drafts) {
    const one = await log([draft]).catch(refusalIn)
    places.push(one instanceof HubError ? one : (one[0] ?? new HubError('internal', 'the hand-over was not logged')))
  }
  return places
}

function refusalIn(error: unknown): HubError {
  if (error instanceof HubError) return error
  throw error
}

function handOverEvent(row: PackageStatus): EventDraft {
  return {
    type: 'copy.delivered',
    stream: streamOf(row.recipient_id),
    subject: row.id,
    actor: { id: row.recipient_id, kind: 'partner' },
    data: { package: row.id, distribution: row.distribution, recipient: row.recipient_id, sha256: toHex(row.sha256) },
  }
}
