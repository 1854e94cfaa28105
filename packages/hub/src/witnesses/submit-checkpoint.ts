import { putCosignature } from '@sigillo/db/cosignatures'
import { type LogState, readLogState } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { utf8 } from '@sigillo/tlog/encoding'
import { consistencyFromTiles } from '@sigillo/tlog/tile-reader'
import type { HubLog } from '../routes/build-server.ts'
import { tilesOf } from '../log/read-log.ts'
import { submitTo } from './witness-client.ts'
import type { WitnessAddress } from './witness-policy.ts'

/** A witness as the hub sees it. */
export interface Member {
  readonly address: WitnessAddress
  /** Size of the tree it cosigned last, as far as we know. */
  size: number
  /** A submission to it runs. */
  busy: boolean
  failures: number
  /** What its clock said in its newest cosignature, and when that came, on the monotonic clock; both in milliseconds. */
  heard: { readonly ms: number; readonly at: number } | null
  /** On the monotonic clock, in milliseconds: not asked again before. */
  notBefore: number
}

/** What submitting works with. */
export interface SubmitParts {
  readonly db: Tx
  readonly clock: () => Date
  readonly log: HubLog
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number
  /** Aborted when the hub stops. */
  readonly stopping: AbortSignal
}

const LONGEST_BACKOFF = 5_000
/** A witness whose clock is further away than this is reported, in milliseconds. */
const CLOCK_TOLERANCE = 60_000

/** A witness, with what is known of it among `known` by its key. */
export function newMember(address: WitnessAddress, known: readonly Member[]): Member {
  const before = known.find((member) => member.address.vkey === address.vkey)
  const { size, heard } = before ?? { size: 0, heard: null }
  return { address, size, busy: false, failures: 0, heard, notBefore: 0 }
}

/** Submits one state to one witness, from the size that it says it is at, and keeps its cosignature. Never throws. */
export async function submitState(parts: SubmitParts, member: Member, state: LogState): Promise<void> {
  member.busy = true
  try {
    const reason = await trySubmit(parts, member, state)
    if (reason !== null) postpone(parts, member, reason)
  } catch (error) {
    postpone(parts, member, 'the submission failed here', error)
  } finally {
    member.busy = false
  }
}

/** Null when it cosigned or has a newer tree of this log already; otherwise why not. */
async function trySubmit(parts: SubmitParts, member: Member, state: LogState): Promise<string | null> {
  const { address } = member
  for (let attempt = 0; attempt < 3; attempt++) {
    const oldSize = Math.min(member.size, state.size)
    const empty = oldSize === 0 || oldSize === state.size
    const proof = empty ? [] : await consistencyFromTiles(oldSize, state.size, tilesOf(parts.db))
    const signal = AbortSignal.any([AbortSignal.timeout(parts.timeoutMs), parts.stopping])
    const reply = await submitTo(address, { oldSize, proof, checkpoint: utf8(state.checkpoint) }, signal)
    if (reply.kind === 'cosigned') {
      await keep(parts, member, state, reply)
      return null
    }
    if (reply.kind !== 'at-size') return reply.reason
    if (reply.size > state.size) return await checkAhead(parts, reply.size)
    member.size = reply.size
  }
  return 'it does not stay at one size'
}

async function keep(
  parts: SubmitParts,
  member: Member,
  { size, root, checkpoint }: LogState,
  reply: { readonly line: string; readonly time: number },
): Promise<void> {
  const { name, vkey } = member.address
  const at = new Date(reply.time * 1000)
  await putCosignature(parts.db, { size, root, checkpoint }, { key: vkey, line: reply.line, at })
  Object.assign(member, { size, failures: 0, heard: { ms: at.getTime(), at: performance.now() }, notBefore: 0 })
  if (Math.abs(at.getTime() - parts.clock().getTime()) > CLOCK_TOLERANCE)
    parts.log({ level: 'warn', message: `witness ${name} says it is ${at.toISOString()}: compare the clocks` })
}

/** Another process of this hub may have been faster with a newer tree; if not, the witness saw a longer log than we have. */
async function checkAhead(parts: SubmitParts, size: number): Promise<string | null> {
  const now = await readLogState(parts.db)
  if (now !== null && now.size >= size) return null
  return `it says that it cosigned a tree of ${size} leaves, more than this log has: a restored backup, or its mistake`
}

function postpone(parts: SubmitParts, member: Member, reason: string, error?: unknown): void {
  const message = `witness ${member.address.name} does not cosign: ${reason}`
  if (member.failures === 0 && !parts.stopping.aborted)
    parts.log({ level: 'warn', message, ...(error === undefined ? {} : { error }) })
  member.failures += 1
  member.notBefore = performance.now() + Math.min(LONGEST_BACKOFF, 250 * 2 ** member.failures)
}
