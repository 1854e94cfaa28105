import { type EventRow, insertEvents } from '@sigillo/db/events'
import { insertLeaves, putTiles, readLeaves, readTiles } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { append, emptyEdge } from '@sigillo/tlog/append'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { emptyRoot, leafHash } from '@sigillo/tlog/merkle'
import { sampleLeaf, signTree } from '../sample-log.ts'

/** One way to falsify a hub's database without the log's key, made for a log of 30 events in three streams, taken in turns. */
export interface DatabaseEdit {
  readonly what: string
  /** What the check must name first. */
  readonly where: string
  readonly edit: (tx: Tx) => Promise<unknown>
}

const salt = new Uint8Array(32).fill(7)

/** Changes columns of the event at index 10, the fourth of the stream `case:1`. */
const setEvent =
  (values: Partial<EventRow>): DatabaseEdit['edit'] =>
  (tx) =>
    updateEvents(tx).set(values).where('idx', '=', 10).execute()
const updateEvents = (tx: Tx) => tx.updateTable('events')
const eventAt = (tx: Tx, idx: number) =>
  tx.selectFrom('events').selectAll().where('idx', '=', idx).executeTakeFirstOrThrow()

/** Exchanges columns of the events 10 and 13, which follow each other in their stream. */
const swapEvents =
  (...columns: readonly ('body' | 'salt' | 'commitment' | 'subject')[]): DatabaseEdit['edit'] =>
  async (tx) => {
    const [a, b] = [await eventAt(tx, 10), await eventAt(tx, 13)]
    for (const [from, to] of [
      [a, 13],
      [b, 10],
    ] as const) {
      const values = Object.fromEntries(columns.map((column) => [column, from[column]]))
      await updateEvents(tx).set(values).where('idx', '=', to).execute()
    }
  }

/** Edits of what a hub keeps beside the tree. */
const EVENT_EDITS: readonly DatabaseEdit[] = [
  {
    what: 'the body of an event',
    where: 'event 10',
    edit: async (tx) => {
      const { body } = await eventAt(tx, 10)
      await setEvent({ body: (body ?? '').replace('subject 10', 'subject 11') })(tx)
    },
  },
  { what: 'the salt of an event', where: 'event 10', edit: setEvent({ salt }) },
  { what: 'the commitment of an event', where: 'event 10', edit: setEvent({ commitment: salt }) },
  { what: 'the type of an event in its column', where: 'event 10', edit: setEvent({ type: 'access.read' }) },
  { what: 'the time of an event in its column', where: 'event 10', edit: setEvent({ at: new Date(0) }) },
  { what: 'the subject of an event in its column', where: 'event 10', edit: setEvent({ subject: 'subject 11' }) },
  { what: 'an event moved to another stream', where: 'event 10', edit: setEvent({ stream: 'case:0', n: 100 }) },
  { what: 'an event renumbered in its stream', where: 'event 10', edit: setEvent({ n: 100 }) },
  { what: 'only the body erased', where: 'event 10', edit: setEvent({ body: null }) },
  { what: 'only the salt erased', where: 'event 10', edit: setEvent({ salt: null }) },
  { what: 'body and salt gone without an erasure', where: 'event 10', edit: setEvent({ body: null, salt: null }) },
  { what: 'bodies of two events swapped', where: 'event 10', edit: swapEvents('body') },
  { what: 'salts of two events swapped', where: 'event 10', edit: swapEvents('salt') },
  { what: 'bodies and salts of two events swapped', where: 'event 10', edit: swapEvents('body', 'salt') },
  {
    what: 'all that two events say swapped',
    where: 'event 10',
    edit: swapEvents('body', 'salt', 'commitment', 'subject'),
  },
  { what: 'an event deleted', where: 'leaf 10', edit: (tx) => tx.deleteFrom('events').where('idx', '=', 10).execute() },
  {
    what: 'the last event deleted',
    where: 'leaf 29',
    edit: (tx) => tx.deleteFrom('events').where('idx', '=', 29).execute(),
  },
  {
    what: 'a stream deleted with its events',
    where: 'leaf 1',
    edit: async (tx) => {
      await tx.deleteFrom('events').where('stream', '=', 'case:1').execute()
      await tx.deleteFrom('streams').where('stream', '=', 'case:1').execute()
    },
  },
  {
    what: 'an event added behind the tree',
    where: 'event 30',
    edit: async (tx) => insertEvents(tx, [{ ...(await eventAt(tx, 28)), idx: 30, n: 10 }]),
  },
  { what: 'the key of a stream', where: 'event 1', edit: setStream({ key: salt }) },
  { what: 'the count of a stream', where: 'stream case:1', edit: setStream({ next_n: 9 }) },
  { what: 'the head of a stream', where: 'stream case:1', edit: setStream({ head: salt }) },
]

function setStream(values: { key?: Uint8Array; next_n?: number; head?: Uint8Array }): DatabaseEdit['edit'] {
  return (tx) => tx.updateTable('streams').set(values).where('stream', '=', 'case:1').execute()
}

/** Edits of the tree as the database keeps it. */
const TREE_EDITS: readonly DatabaseEdit[] = [
  { what: 'a leaf', where: 'tile/entries/000.p/30', edit: (tx) => setLeaf(tx, 10, sampleLeaf(1)) },
  {
    what: 'two leaves swapped',
    where: 'tile/entries/000.p/30',
    edit: async (tx) => {
      const [a, b] = await readLeaves(tx, 10, 12)
      await setLeaf(tx, 10, b ?? salt)
      await setLeaf(tx, 11, a ?? salt)
    },
  },
  {
    what: 'a leaf deleted',
    where: 'tile/entries/000.p/30',
    edit: (tx) => tx.deleteFrom('leaves').where('idx', '=', 10).execute(),
  },
  {
    what: 'a leaf added behind the tree',
    where: 'tile/entries/000.p/31',
    edit: (tx) => insertLeaves(tx, 30, [sampleLeaf(1)]),
  },
  {
    what: 'a leaf added before the first',
    where: 'tile/entries/-1',
    edit: (tx) => insertLeaves(tx, -1, [sampleLeaf(1)]),
  },
  {
    what: 'a hash',
    where: 'tile/0/000.p/30',
    edit: (tx) => changeTile(tx, (hashes) => hashes.with(40, (hashes[40] ?? 0) ^ 1)),
  },
  { what: 'a tile cut', where: 'tile/0/000.p/30', edit: (tx) => changeTile(tx, (hashes) => hashes.slice(0, -32)) },
  {
    what: 'a tile longer by one hash',
    where: 'tile/0/000.p/31',
    edit: (tx) => changeTile(tx, (hashes) => Buffer.concat([hashes, salt])),
  },
  { what: 'a tile deleted', where: 'tile/0/000.p/30', edit: (tx) => tx.deleteFrom('tiles').execute() },
  { what: 'a tile added', where: 'tile/0/001.p/1', edit: (tx) => putTiles(tx, [{ level: 0, n: 1, hashes: salt }]) },
  {
    what: 'a leaf with the hash of it',
    where: 'checkpoint',
    edit: async (tx) => {
      await setLeaf(tx, 10, sampleLeaf(1))
      const made = append(emptyEdge, await readLeaves(tx, 0, 30))
      await changeTile(tx, () => made.edge.partials[0] ?? salt)
    },
  },
  { what: 'the size in the state', where: 'log_state', edit: setState({ size: 29 }) },
  { what: 'the root in the state', where: 'log_state', edit: setState({ root: salt }) },
  {
    what: 'a leaf behind the tree, as if it waited for its signature',
    where: 'log_state',
    edit: async (tx) => {
      const leaf = sampleLeaf(1)
      await insertLeaves(tx, 30, [leaf])
      await changeTile(tx, (hashes) => Buffer.concat([hashes, leafHash(leaf)]))
      await setState({ pending_size: 31, pending_root: salt })(tx)
    },
  },
  { what: 'the origin in the state', where: 'log_state', edit: setState({ origin: 'other.example/log' }) },
  {
    what: 'the size in the checkpoint',
    where: 'checkpoint',
    edit: async (tx) => {
      const { checkpoint } = await tx.selectFrom('log_state').select('checkpoint').executeTakeFirstOrThrow()
      await setState({ checkpoint: checkpoint.replace('\n30\n', '\n29\n') })(tx)
    },
  },
  {
    what: 'a checkpoint of another key',
    where: 'checkpoint',
    edit: (tx) => setState({ checkpoint: fromUtf8(signTree(0, emptyRoot())) })(tx),
  },
  {
    what: 'a cosigned checkpoint that the log did not sign',
    where: 'cosigned checkpoint of 20',
    edit: (tx) =>
      tx
        .insertInto('cosigned_checkpoints')
        .values({ size: 20, root: salt, checkpoint: fromUtf8(signTree(20, salt)) })
        .execute(),
  },
]

function setState(values: {
  size?: number
  root?: Uint8Array
  origin?: string
  checkpoint?: string
  pending_size?: number
  pending_root?: Uint8Array
}): DatabaseEdit['edit'] {
  return (tx) => tx.updateTable('log_state').set(values).execute()
}

async function setLeaf(tx: Tx, idx: number, leaf: Uint8Array): Promise<void> {
  await tx.updateTable('leaves').set({ leaf }).where('idx', '=', idx).execute()
}

async function changeTile(tx: Tx, work: (hashes: Uint8Array) => Uint8Array): Promise<void> {
  const [tile] = await readTiles(tx, [{ level: 0, n: 0 }])
  await putTiles(tx, [{ level: 0, n: 0, hashes: work(new Uint8Array(tile?.hashes ?? utf8(''))) }])
}

/** All of them, what the events say first. */
export const DATABASE_EDITS: readonly (DatabaseEdit & { readonly of: 'events' | 'tree' })[] = [
  ...EVENT_EDITS.map((edit) => ({ ...edit, of: 'events' as const })),
  ...TREE_EDITS.map((edit) => ({ ...edit, of: 'tree' as const })),
]
