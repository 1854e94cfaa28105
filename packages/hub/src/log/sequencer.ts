import { attempt } from '@sigillo/db/attempt'
import { type Engine, inTransaction } from '@sigillo/db/engine'
import { insertLeaves, lockLog, type LogState, putPendingTree, putTiles } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { type Appended, appendLeafHashes, type Edge } from '@sigillo/tlog/append'
import { equalBytes, toBase64 } from '@sigillo/tlog/encoding'
import type { TreeHead } from '@sigillo/tlog/growth'
import { emptyRoot, leafHash } from '@sigillo/tlog/merkle'
import { parseTilePath } from '@sigillo/tlog/tile'
import { HubError } from '../errors.ts'
import { type EventBatch, type EventDraft, type Logged, startBatch } from './event-batch.ts'
import type { SignedTree } from './high-water.ts'
import { type Repetition, repeat } from '../internal/repeat.ts'
import { loadEdge, requireSuccessor } from './log-guard.ts'
import { type Padding, padLeaves } from './padding.ts'
import { type SignedCheckpoint, tilesOf } from './read-log.ts'
import { openLog, signAgain, signAppended, signPending } from './sign-log.ts'
import type { TreeSigner } from '../signer/tree-signer.ts'

/** Adds events to the batch that is being made; they get the next places of the log. */
export type LogEvents = (drafts: readonly EventDraft[]) => Promise<readonly Logged[]>

/** What a piece of work gave, and the signed checkpoint that covers its events. */
export interface Sequenced<T> {
  readonly value: T
  readonly signed: SignedCheckpoint
}

/** The one writer of the log. */
export interface Sequencer {
  /**
   * Runs `work` inside the next batch: its own writes, its events, their leaves, the changed tiles and the new tree, still unsigned, are
   * committed together or not at all. Then the tree is signed, and this resolves once its checkpoint is stored. What `work` throws is
   * thrown on and undoes only its own part. Throws {@link HubError} `log-unavailable` when the log cannot be written, or cannot be signed:
   * then nothing may be handed out; its message says whether anything was stored, which will be signed later. `work` must use only its `tx`.
   */
  run<T>(work: (tx: Tx, log: LogEvents) => Promise<T>): Promise<Sequenced<T>>
  /** Appends events and nothing else; the same promises as `run`, and cheaper for the database. */
  append(drafts: readonly EventDraft[]): Promise<Sequenced<readonly Logged[]>>
  /**
   * Has the newest tree signed with the keys of now, between two batches; with a fixed cadence the next checkpoint is, and nothing is done. Throws as
   * `run` does.
   */
  signAgain(): Promise<void>
  /** Refuses new work and waits for what is queued. */
  close(): Promise<void>
}

/** What the sequencer works with. */
export interface SequencerParts {
  readonly engine: Engine
  readonly signer: TreeSigner
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  /** Newest tree with a quorum of witnesses: no event of the next batch is older. Null for none. */
  readonly floor: () => SignedTree | null
  /** Hears that a newer tree was signed. Must not wait. */
  readonly onSigned: () => void
  /** Hears why a batch failed. */
  readonly onFailure: (error: unknown) => void
  /** Null: a checkpoint whenever something happened, with as many leaves as that took. */
  readonly padding?: Padding | null
}

const MOST_IN_BATCH = 128
/** With a fixed cadence there is one batch for all that came since the last. */
const MOST_IN_BEAT = 2_000
const MOST_WAITING = 10_000

interface Waiter {
  /** Streams that it will surely write to. */
  readonly streams: readonly string[]
  /** Runs the work; returns how to tell the outcome once it is known whether the batch was committed. */
  attempt(tx: Tx, batch: EventBatch): Promise<(signed: SignedCheckpoint) => void>
  refuse(error: unknown): void
}

/**
 * Opens the log and starts its sequencer. A new log gets a signed checkpoint of the empty tree. Throws {@link HubError}
 * `log-rolled-back` or `log-damaged` when the stored log must not be continued.
 */
export async function startSequencer(parts: SequencerParts): Promise<Sequencer> {
  let shown = await openLog(parts)
  let edge: Edge | null = null
  const waiting: Waiter[] = []
  let running: Promise<void> | null = null
  let closed = false
  const { padding = null } = parts

  const runOne = async (): Promise<void> => {
    const waiters = waiting.splice(0, padding === null ? MOST_IN_BATCH : MOST_IN_BEAT)
    let stored = false
    try {
      const done = await inTransaction(parts.engine, (tx) => runBatch(tx, parts, waiters, { shown, edge }))
      stored = done.appended !== null
      const signed = done.appended === null ? done.state : await signAppended(parts, done.state, done.appended)
      // Another process may have added to it meanwhile.
      edge = signed.size === done.edge.size ? done.edge : null
      if (signed.size > shown.size) {
        shown = { size: signed.size, root: signed.root }
        parts.onSigned()
      }
      for (const tell of done.outcomes) tell(signed)
    } catch (error) {
      edge = null
      parts.onFailure(error)
      for (const waiter of waiters) waiter.refuse(unavailable(error, stored))
    }
  }
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await runOne()
    running = null
  }
  const beat = padding === null ? null : startBeat(runOne, padding.cadenceMs)

  const queue = <T>(waiterFor: (resolve: Resolve<T>, reject: Reject) => Waiter): Promise<Sequenced<T>> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(unavailable(new Error('the hub is stopping'), false))
      if (waiting.length >= MOST_WAITING) return reject(unavailable(new Error('too many requests are waiting'), false))
      waiting.push(waiterFor(resolve, reject))
      if (beat === null) running ??= drain()
    })

  return {
    run: (work) => queue((resolve, reject) => waiterOf(work, resolve, reject)),
    append: (drafts) => queue((resolve, reject) => appenderOf(drafts, resolve, reject)),
    signAgain: async () => {
      if (padding === null)
        await queue<void>((resolve, reject) => waiterOf((tx) => signAgain(tx, parts), resolve, reject))
    },
    close: async () => {
      closed = true
      await beat?.close()
      await (running ??= drain())
    },
  }
}

/** One batch each `cadenceMs`, counted from the beginning of the last, so that their rhythm does not tell how long they took. */
function startBeat(runOne: () => Promise<void>, cadenceMs: number): Repetition {
  const work = async (): Promise<number> => {
    const from = performance.now()
    await runOne()
    return Math.max(0, cadenceMs - (performance.now() - from))
  }
  return repeat(work, { pauseMs: cadenceMs, failed: () => undefined })
}

type Resolve<T> = (done: Sequenced<T>) => void
type Reject = (error: unknown) => void

function waiterOf<T>(work: (tx: Tx, log: LogEvents) => Promise<T>, resolve: Resolve<T>, reject: Reject): Waiter {
  return {
    streams: [],
    refuse: reject,
    attempt: async (tx, batch) => {
      const undo = batch.mark()
      const outcome = await attempt(tx, () => work(tx, (drafts) => batch.add(tx, drafts)))
      if (outcome.ok) return (signed) => resolve({ value: outcome.value, signed })
      undo()
      return () => reject(outcome.error)
    },
  }
}

/** Without writes of its own there is nothing for the database to undo, so no savepoint is set. */
function appenderOf(drafts: readonly EventDraft[], resolve: Resolve<readonly Logged[]>, reject: Reject): Waiter {
  return {
    streams: drafts.map((draft) => draft.stream),
    refuse: reject,
    attempt: async (tx, batch) => {
      const undo = batch.mark()
      try {
        const value = await batch.add(tx, drafts)
        return (signed) => resolve({ value, signed })
      } catch (error) {
        // Anything but our own refusal may have broken the transaction.
        if (!(error instanceof HubError)) throw error
        undo()
        return () => reject(error)
      }
    },
  }
}

interface BatchResult {
  /** The signed tree that the batch was put behind. */
  readonly state: LogState
  /** The tree that now waits for its signature; null when nothing was appended. */
  readonly appended: Appended | null
  readonly edge: Edge
  readonly outcomes: readonly ((signed: SignedCheckpoint) => void)[]
}

async function runBatch(
  tx: Tx,
  parts: SequencerParts,
  waiters: readonly Waiter[],
  known: { readonly shown: SignedTree; readonly edge: Edge | null },
): Promise<BatchResult> {
  const stored = await lockLog(tx)
  if (stored === null) throw new HubError('log-damaged', 'the state of the log is gone from the database')
  // Whoever committed it may be gone: nothing is put behind a tree that is not signed.
  const state = stored.pending === null ? stored.state : await signPending(tx, parts, stored.state, stored.pending)
  const unchanged = state.size === known.shown.size && equalBytes(state.root, known.shown.root)
  if (!unchanged) await requireSuccessor(state, known.shown, tilesOf(tx))
  const edge = unchanged && known.edge !== null ? known.edge : await loadEdge(state, tilesOf(tx))
  const batch = startBatch({ ...parts, size: state.size, floor: floorOf(parts.floor()) })
  await batch.open(
    tx,
    waiters.flatMap((waiter) => waiter.streams),
  )
  const outcomes: ((signed: SignedCheckpoint) => void)[] = []
  for (const waiter of waiters) outcomes.push(await waiter.attempt(tx, batch))
  const { padding = null } = parts
  const leaves = padding === null ? batch.leaves : await padLeaves(tx, batch.leaves, padding, parts.random)
  if (leaves.length === 0) return { state, appended: null, edge, outcomes }
  const appended = appendLeafHashes(edge, leaves.map(leafHash))
  await batch.write(tx)
  await insertLeaves(tx, state.size, leaves)
  await putTiles(tx, tileRows(appended))
  const pending: TreeHead = { size: appended.edge.size, root: appended.root }
  if (!(await putPendingTree(tx, state.size, pending)))
    throw new HubError('log-damaged', 'the state of the log changed while it was locked')
  return { state, appended, edge: appended.edge, outcomes }
}

/** Without witnesses no event can say that it is not older than a tree others have seen: its floor is the empty tree. */
function floorOf(witnessed: SignedTree | null): { size: number; root: string } {
  return { size: witnessed?.size ?? 0, root: toBase64(witnessed?.root ?? emptyRoot()) }
}

function tileRows(appended: Appended): { level: number; n: number; hashes: Uint8Array }[] {
  return appended.files.flatMap(({ path, bytes }) => {
    const tile = parseTilePath(path)
    return tile === null || tile.level === 'entries' ? [] : [{ level: tile.level, n: tile.index, hashes: bytes }]
  })
}

function unavailable(error: unknown, stored: boolean): HubError {
  const code = error instanceof HubError ? error.code : null
  const why =
    code === 'log-rolled-back'
      ? 'the stored log is older than what was shown'
      : `the log cannot be ${stored ? 'signed' : 'written'} at this moment`
  const what = stored
    ? 'this was stored and will be signed as soon as that is possible; look before you try again'
    : 'nothing was done, try again later'
  return new HubError('log-unavailable', `${why}; ${what}`, { cause: error })
}
