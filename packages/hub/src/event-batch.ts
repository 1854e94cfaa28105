import { type EventRow, findStreams, insertEvents, putStreams, type StreamRow } from '@sigillo/db/events'
import type { Tx } from '@sigillo/db/schema'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import { fromBase64, fromUtf8, toBase64 } from '@sigillo/tlog/encoding'
import type { ActorKind, EventType, LogEvent } from '@sigillo/tlog/event'
import { commitEvent, newStream, type StreamHead } from '@sigillo/tlog/stream'
import { HubError } from './errors.ts'

/** An event to be logged; the log adds its place, time and blinding. */
export interface EventDraft {
  readonly type: EventType
  readonly stream: string
  /** Opaque id of what it is about. */
  readonly subject: string
  readonly actor: { readonly id: string; readonly kind: ActorKind }
  readonly data: JsonObject
}

/** Where an event will stand once its batch is committed. */
export interface Logged {
  readonly index: number
  readonly at: Date
}

/** What a batch is made with. `floor` is the newest witnessed tree. */
export interface BatchSetting {
  readonly size: number
  readonly floor: LogEvent['floor']
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
}

interface OpenStream {
  readonly head: StreamHead
  readonly key: Uint8Array
}

/** Events of one transaction before they are written. Owned by the sequencer's one running batch. */
export interface EventBatch {
  /** Puts events on their streams and gives them the next places. */
  add(tx: Tx, drafts: readonly EventDraft[]): Promise<readonly Logged[]>
  /** A point to go back to when the writer of some events fails. */
  mark(): () => void
  readonly leaves: readonly Uint8Array[]
  /** Writes events and streams; the tree is the sequencer's. */
  write(tx: Tx): Promise<void>
}

/** Starts a batch behind `setting.size` leaves. */
export function startBatch(setting: BatchSetting): EventBatch {
  let streams: ReadonlyMap<string, OpenStream> = new Map()
  const rows: EventRow[] = []
  const leaves: Uint8Array[] = []

  const place = (draft: EventDraft): Logged => {
    const open = streams.get(draft.stream)
    if (open === undefined) throw new HubError('internal', 'a stream was not opened')
    const at = setting.clock()
    const fields = { ...draft, at: at.toISOString(), floor: setting.floor }
    const committed = commitEvent(open.head, fields, { salt: setting.random(32), streamKey: open.key })
    const index = setting.size + rows.length
    rows.push(rowOf(index, at, committed.event, committed.opening, committed.commitment))
    leaves.push(committed.leaf)
    streams = new Map(streams).set(draft.stream, { head: committed.head, key: open.key })
    return { index, at }
  }

  return {
    leaves,
    add: async (tx, drafts) => {
      const missing = [...new Set(drafts.map((draft) => draft.stream))].filter((name) => !streams.has(name))
      streams = new Map([...streams, ...(await openStreams(tx, missing, setting.random))])
      return drafts.map(place)
    },
    mark: () => {
      const before = { streams, count: rows.length }
      return () => {
        streams = before.streams
        rows.length = before.count
        leaves.length = before.count
      }
    },
    write: async (tx) => {
      await putStreams(tx, [...streams.values()].map(streamRow))
      await insertEvents(tx, rows)
    },
  }
}

async function openStreams(
  tx: Tx,
  names: readonly string[],
  random: (length: number) => Uint8Array,
): Promise<readonly (readonly [string, OpenStream])[]> {
  const stored = new Map((await findStreams(tx, names)).map((row) => [row.stream, row]))
  return names.map((name) => {
    const row = stored.get(name)
    if (row === undefined) return [name, { head: newStream(name), key: random(32) }] as const
    if (row.key === null)
      throw new HubError('conflict', `the stream ${name} was closed for good; nothing can be added to it`)
    const prev = row.head === null ? null : toBase64(row.head)
    return [name, { head: { stream: name, n: row.next_n, prev }, key: row.key }] as const
  })
}

function streamRow({ head, key }: OpenStream): StreamRow {
  return { stream: head.stream, key, next_n: head.n, head: head.prev === null ? null : fromBase64(head.prev) }
}

function rowOf(
  idx: number,
  at: Date,
  event: LogEvent,
  opening: { readonly salt: Uint8Array; readonly body: Uint8Array },
  commitment: Uint8Array,
): EventRow {
  const { stream, n, type, subject } = event
  return { idx, stream, n, type, at, subject, body: fromUtf8(opening.body), salt: opening.salt, commitment }
}
