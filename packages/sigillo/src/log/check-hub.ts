import { type EventRow, listEvents } from '@sigillo/db/events'
import { readLeaves } from '@sigillo/db/log-store'
import { HubError } from '@sigillo/hub/errors'
import { highWaterFile } from '@sigillo/hub/log/high-water'
import { requireSuccessor } from '@sigillo/hub/log/log-guard'
import { PADDING_STREAM } from '@sigillo/hub/log/padding'
import { appendLeafHashes, edgeFromTiles } from '@sigillo/tlog/append'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { equalBytes, utf8 } from '@sigillo/tlog/encoding'
import { startEventAudit, type StoredEvent } from '@sigillo/tlog/event-audit'
import { leafHash } from '@sigillo/tlog/merkle'
import type { Verifier } from '@sigillo/tlog/note'
import { rootFromTiles } from '@sigillo/tlog/tile-reader'
import { checkTree, type Finding, type TreeReport } from './check-log.ts'
import { startPaddingCheck } from './check-padding.ts'
import { startErasureRecords } from './erasure-records.ts'
import type { HubLog } from './hub-log.ts'

/** What a check of a hub's log gave: the tree, and what the database keeps beside it. */
export interface HubReport extends TreeReport {
  readonly events: number
  readonly streams: number
  /** Indices of events whose body and salt were erased. */
  readonly erased: readonly number[]
}

const ROWS_AT_ONCE = 1000

/** Checks a hub's log. `dataDir` may hold the mark of the largest tree that was signed. Throws like `checkTree`. */
export async function checkHub(
  log: HubLog,
  dataDir: string,
  keys: readonly Verifier[],
  kept: readonly Uint8Array[],
  progress: (path: string) => void,
): Promise<HubReport> {
  const cosigned = log.cosigned.map(({ size, checkpoint }) => ({ size, note: utf8(checkpoint) }))
  const [good, bad] = partition(cosigned, ({ note }) => openCheckpoint(note, keys).ok)
  const tree = await checkTree(log.reader, keys, [...good.map(({ note }) => note), ...kept], progress)
  const events = await checkEvents(log, progress)
  const findings = [
    ...tree.findings,
    ...wrongState(log, tree),
    ...bad.map(({ size }) => ({ where: `cosigned checkpoint of ${size}`, reason: 'the log did not sign it' })),
    ...(tree.findings.length === 0 ? await wrongPending(log) : []),
    ...(tree.findings.length === 0 ? await wrongHighWater(log, dataDir) : []),
    ...events.findings,
  ]
  return { ...tree, ...events, findings }
}

function wrongState({ state }: HubLog, { origin, size, root }: TreeReport): Finding[] {
  if (origin === null || root === null) return []
  const same = state.origin === origin && state.size === size && equalBytes(state.root, root)
  return same ? [] : [{ where: 'log_state', reason: 'it is for another tree than its checkpoint' }]
}

/** Leaves and tiles of the tree that waits for its signature, in memory: a batch at most. */
async function wrongPending({ tx, state, pending, reader }: HubLog): Promise<Finding[]> {
  if (pending === null) return []
  const leaves = await readLeaves(tx, state.size, pending.size)
  const edge = { ...(await edgeFromTiles(state.size, reader.tile)), bundle: new Uint8Array(0) }
  const { root } = appendLeafHashes(edge, leaves.map(leafHash))
  const tiled = await rootFromTiles(pending.size, reader.tile)
  const same = equalBytes(root, pending.root) && equalBytes(tiled, pending.root)
  return same
    ? []
    : [{ where: 'log_state', reason: 'the tree that waits for its signature is not that of its leaves and tiles' }]
}

async function wrongHighWater({ state, pending, reader }: HubLog, dataDir: string): Promise<Finding[]> {
  try {
    const shown = await highWaterFile(dataDir).read()
    if (shown !== null) await requireSuccessor(pending ?? state, shown, reader.tile)
    return []
  } catch (error) {
    if (error instanceof HubError) return [{ where: 'log.high-water', reason: error.message }]
    throw error
  }
}

async function checkEvents(
  { tx, state, pending }: HubLog,
  progress: (path: string) => void,
): Promise<Pick<HubReport, 'events' | 'streams' | 'erased' | 'findings'>> {
  const { size } = pending ?? state
  const audit = startEventAudit()
  const padding = startPaddingCheck(tx)
  const streams = await tx.selectFrom('streams').selectAll().orderBy('stream').execute()
  const keys = new Map(streams.map(({ stream, key }) => [stream, key]))
  const findings: Finding[] = []
  const erasures = startErasureRecords()
  let events = 0
  let next = 0
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await listEvents(tx, { after, limit: ROWS_AT_ONCE })
    const last = rows.at(-1)
    if (last === undefined) break
    progress(`event ${last.idx}`)
    const leaves = await leavesOf(tx, rows, size)
    for (const row of rows) {
      findings.push(...(await padding.leaves(next, Math.min(row.idx, size))))
      next = row.idx + 1
      const reason = audit.event(storedEvent(row), leaves.get(row.idx) ?? null, keys.get(row.stream) ?? null)
      if (reason !== null) findings.push({ where: `event ${row.idx}`, reason })
      erasures.event(row)
    }
    events += rows.length
    after = last.idx
  }
  findings.push(...(await padding.leaves(next, size)), ...(await padding.end()), ...erasures.findings())
  for (const { stream, key, next_n: count, head } of streams.filter((one) => one.stream !== PADDING_STREAM)) {
    const reason = audit.stream({ stream, key, count, head })
    if (reason !== null) findings.push({ where: `stream ${stream}`, reason })
  }
  return { events, streams: streams.length, erased: erasures.erased, findings }
}

/** The leaves at the indices of the events, none beyond the tree. */
async function leavesOf(tx: HubLog['tx'], rows: readonly EventRow[], size: number): Promise<Map<number, Uint8Array>> {
  const indices = rows.map(({ idx }) => idx).filter((idx) => idx < size)
  if (indices.length === 0) return new Map()
  const leaves = await tx.selectFrom('leaves').selectAll().where('idx', 'in', indices).execute()
  return new Map(leaves.map(({ idx, leaf }) => [idx, leaf]))
}

function storedEvent(row: EventRow): StoredEvent {
  const { idx, stream, n, type, at, subject, body, salt, commitment } = row
  const bytes = body === null ? null : utf8(body)
  return { index: idx, stream, n, type, at: at.toISOString(), subject, body: bytes, salt, commitment }
}

function partition<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))]
}
