import { findStreams, insertEvents, type NewEventRow, putStreams, type StreamRow } from '@sigillo/db/events'
import type { Tx } from '@sigillo/db/schema'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import { fromBase64, fromUtf8, toBase64 } from '@sigillo/tlog/encoding'
import type { ActorKind, EventType, LogEvent } from '@sigillo/tlog/event'
import { commitEvent, newStream, type StreamHead } from '@sigillo/tlog/stream'
import { HubError } from '../errors.ts'

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
  /** Null when the stream was closed for good. */
  readonly key: Uint8Array | null
}

/** Events of one transaction before they are written. Owned by the sequencer's one running batch. */
export interface EventBatch {
  /** Reads streams that events will be put on, many at once; those that are closed for good are left to `add`. */
  open(tx: Tx, streams: readonly string[]): Promise<void>
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
  let streams = new Map<string, OpenStream>()
  const rows: NewEventRow[] = []
  const leaves: Uint8Array[] = []

  const place = (draft: EventDraft): Logged => {
    const known = streams.get(draft.stream)
    const key = known?.key ?? null
    if (known === undefined || key === null) throw new HubError('internal', 'a stream was not opened')
    const at = setting.clock()
    const fields = { ...draft, at: at.toISOString(), floor: setting.floor }
    const committed = commitEvent(known.head, fields, { salt: setting.random(32), streamKey: key })
    const index = setting.size + rows.length
    rows.push(rowOf(index, at, committed.event, committed.opening, committed.commitment))
    leaves.push(committed.leaf)
    streams.set(draft.stream, { head: committed.head, key })
    return { index, at }
  }

  const open = async (tx: Tx, names: readonly string[]): Promise<void> => {
    const missing = [...new Set(names)].filter((name) => !streams.has(name))
    if (missing.length === 0) return
    for (const [name, stream] of await openStreams(tx, missing, setting.random)) streams.set(name, stream)
  }

  return {
    leaves,
    open,
    add: async (tx, drafts) => {
      await open(
        tx,
        drafts.map((draft) => draft.stream),
      )
      for (const { stream } of drafts) {
        if (streams.get(stream)?.key === null)
          throw new HubError('conflict', `the stream ${stream} was closed for good; nothing can be added to it`)
      }
      return drafts.map(place)
    },
    mark: () => {
      const before = { streams: new Map(streams), count: rows.length }
      return () => {
        streams = before.streams
        rows.length = before.count
        leaves.length = before.count
      }
    },
    write: async (tx) => {
      const written = new Set(rows.map((row) => row.stream))
      await putStreams(tx, [...streams.values()].filter(({ head }) => written.has(head.stream)).map(streamRow))
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
): NewEventRow {
  const { stream, n, type, subject } = event
  return { idx, stream, n, type, at, subject, body: fromUtf8(opening.body), salt: opening.salt, commitment }
}
