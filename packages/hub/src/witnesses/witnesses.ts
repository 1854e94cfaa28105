import { cosignersOf } from '@sigillo/db/cosignatures'
import { readLogState } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import type { ClockReading } from '@sigillo/programme/clock-agreement'
import type { HubLog } from '../routes/build-server.ts'
import type { SignedTree } from '../log/high-water.ts'
import { cosignedAt, type QuorumView, quorumView, withCosignatures } from './quorum-view.ts'
import type { SignedCheckpoint } from '../log/read-log.ts'
import { type Member, newMember, type SubmitParts, submitState } from './submit-checkpoint.ts'
import type { WitnessPolicy } from './witness-policy.ts'

/** The hub's side of its witnesses. */
export interface Witnesses {
  readonly release: WitnessPolicy['release']
  /** Says that a newer tree was signed: it is submitted soon. Never waits. */
  notify(): void
  /** Newest tree with the quorum that this process knows; null for none. */
  newest(): SignedTree | null
  /**
   * The newest checkpoint with the quorum that covers `size` leaves, with its cosignatures, waiting at most `waitMs` for it; null
   * when there is none by then, and always when the policy asks for no witness.
   */
  covering(size: number, waitMs: number): Promise<SignedCheckpoint | null>
  /** The checkpoint with the cosignatures it has so far. */
  withCosignatures(signed: SignedCheckpoint): Promise<SignedCheckpoint>
  /** What the witnesses' clocks say now, by their newest cosignatures; none for one that has not cosigned since the start. */
  clocks(): readonly ClockReading[]
  /** The witnesses as they are known now, for those that follow these. */
  members(): readonly Member[]
  /** Stops submitting; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** What the rounds work with. */
export interface WitnessParts {
  readonly db: Tx
  readonly rules: WitnessPolicy
  readonly clock: () => Date
  readonly log: HubLog
  /** Longest wait for one answer of one witness, in milliseconds; default 5,000. */
  readonly timeoutMs?: number
  /** What is known of witnesses already; default: nothing. */
  readonly known?: readonly Member[]
}

/** A hub without witnesses. */
export const noWitnesses: Witnesses = {
  release: 'signed',
  notify: () => undefined,
  newest: () => null,
  covering: () => Promise.resolve(null),
  withCosignatures: (signed) => Promise.resolve(signed),
  clocks: () => [],
  members: () => [],
  close: () => Promise.resolve(),
}

/** Once the quorum has cosigned, how long a round still waits for the others, in milliseconds. */
const GRACE = 250
/** How often to look for cosignatures that another process of this hub got, in milliseconds. */
const LOOK_AGAIN = 100
/** Newest cosigned trees looked at: at the start, and each time. */
const LOOK_BACK = { first: 200, later: 20 }

/**
 * Submits each new checkpoint to all witnesses, in rounds: all are asked for the same tree, so that a quorum can meet on it however
 * fast the log grows; trees signed during a round are skipped for the newest. A witness that fails is asked again after a growing
 * pause of at most 5 s. Nothing waits for a round but who asked to.
 */
export async function startWitnesses(parts: WitnessParts): Promise<Witnesses> {
  const { db, clock, log, rules } = parts
  const view = quorumView(db, rules.policy)
  await view.refresh(LOOK_BACK.first)
  const stop = new AbortController()
  const submit: SubmitParts = { db, clock, log, timeoutMs: parts.timeoutMs ?? 5_000, stopping: stop.signal }
  const members = rules.witnesses.map((address) => newMember(address, parts.known ?? []))
  const rounds = startRounds(submit, members, view)
  return {
    release: rules.release,
    notify: () => rounds.notify(),
    newest: () => view.newest(),
    covering: async (size, waitMs) => {
      const until = performance.now() + waitMs
      while (rules.policy.quorum !== null) {
        await view.refresh(LOOK_BACK.later)
        const left = Math.max(0, until - performance.now())
        const newest = (await view.reached(size, Math.min(left, LOOK_AGAIN))) ? view.newest() : null
        if (newest !== null) return await cosignedAt(db, newest.size)
        if (left === 0 || stop.signal.aborted) break
      }
      return null
    },
    withCosignatures: (signed) => withCosignatures(db, signed),
    clocks: () => members.flatMap(clockOf),
    members: () => members,
    close: async () => {
      stop.abort()
      await rounds.close()
    },
  }
}

/** A witness's clock runs on with ours from what it said last. */
function clockOf({ address, heard }: Member): readonly ClockReading[] {
  if (heard === null) return []
  return [{ clock: `the clock of witness ${address.name}`, ms: heard.ms + (performance.now() - heard.at) }]
}

interface Rounds {
  notify(): void
  close(): Promise<void>
}

function startRounds(parts: SubmitParts, members: readonly Member[], view: QuorumView): Rounds {
  const visits = new Set<Promise<void>>()
  const bell = newBell()
  const visit = (member: Member, state: Parameters<typeof submitState>[2]): Promise<void> => {
    const running = submitState(parts, member, state)
      .then(() => view.refresh(LOOK_BACK.later))
      .finally(() => visits.delete(running))
    visits.add(running)
    return running
  }
  /** Milliseconds until the next round is needed without a newer tree; null when it is not. */
  const round = async (): Promise<number | null> => {
    const state = await readLogState(parts.db)
    if (state === null || state.size === 0) return null
    const have = await cosignersOf(parts.db, state.size)
    const missing = members.filter((member) => !have.has(member.address.vkey))
    const due = missing.filter((member) => !member.busy && member.notBefore <= performance.now())
    const all = Promise.all(due.map((member) => visit(member, state)))
    const met = view.reached(state.size, parts.timeoutMs).then(() => pause(GRACE))
    await Promise.race([all, met])
    const left = await cosignersOf(parts.db, state.size)
    const again = missing.filter((member) => !left.has(member.address.vkey))
    if (again.length === 0) return null
    return Math.max(LOOK_AGAIN, Math.min(...again.map((member) => member.notBefore)) - performance.now())
  }
  const loop = async (): Promise<void> => {
    while (!parts.stopping.aborted) {
      const wait = await round().catch((error: unknown) => {
        parts.log({ level: 'error', message: 'the witnesses could not be asked', error })
        return 1_000
      })
      await bell.wait(wait)
    }
  }
  const running = loop()
  return {
    notify: () => bell.ring(),
    close: async () => {
      bell.ring()
      await running
      await Promise.allSettled(visits)
    },
  }
}

/** Wakes one sleeper; a ring while nobody sleeps is kept for the next. */
function newBell(): { ring(): void; wait(ms: number | null): Promise<void> } {
  let rung = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      rung = true
      wake?.()
    },
    wait: async (ms) => {
      await new Promise<void>((resolve) => {
        if (rung) return resolve()
        const timer = ms === null ? undefined : setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wake = null
      rung = false
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
