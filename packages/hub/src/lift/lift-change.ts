import { type EmbargoRow, insertLift, lockEmbargo, putEmbargo, recipientsOfCase, setLeads } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { isCaseState } from '@sigillo/programme/case-state'
import { ProgrammeError } from '@sigillo/programme/errors'
import { type LiftMove, type LiftPlan, movePlan } from '@sigillo/programme/lift'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import type { ActorKind, EventType } from '@sigillo/tlog/event'
import { HubError } from '../errors.ts'
import type { Logged } from '../log/event-batch.ts'
import { enqueueNotices, NOTICE_OF, VENDOR_ENDPOINTS } from '../messages/outbox-notices.ts'
import type { LogEvents } from '../log/sequencer.ts'

/** A move of an embargo, by whom. */
export interface EmbargoChange {
  readonly case: string
  readonly move: LiftMove
  /** The release in words, for moves that plan one. */
  readonly release?: string
  readonly actor: { readonly id: string; readonly kind: ActorKind }
  /** Why it is held; with `hold`. */
  readonly held?: string
  /** More for the event. */
  readonly data?: JsonObject
}

/** What the clocks said at a lift. */
export interface LiftTimes {
  readonly host: Date
  readonly database: Date
}

/** By rule, without a person. */
export const BY_CLOCK = { id: 'hub', kind: 'system' } as const

/**
 * Applies a move inside the running batch: the embargo's row, its event and the messages about it, together or not at all. A lift also
 * takes the case's row in `lifts`, which exists once whatever happens. Throws {@link HubError} `conflict` when the move is not possible.
 */
export async function changeEmbargo(tx: Tx, log: LogEvents, change: EmbargoChange, times?: LiftTimes): Promise<Logged> {
  const { case: caseId, move } = change
  const row = await lockEmbargo(tx, caseId)
  const plan = asConflict(() => movePlan(row === null ? null : planOf(row), move))
  const release = change.release ?? row?.release_text ?? new Date(plan.releaseAt).toISOString()
  const [logged] = await log([
    {
      type: typeOf(move, row === null),
      stream: `case:${caseId}`,
      subject: caseId,
      actor: change.actor,
      data: { ...dataOf(plan, move, release), ...change.data },
    },
  ])
  if (logged === undefined) throw new HubError('internal', 'the change was not logged')
  await putEmbargo(tx, rowOf(caseId, plan, { release, held: change.held ?? row?.held ?? null, index: logged.index }))
  if (row === null) await setLeads(tx, caseId, new Date(plan.releaseAt))
  if (move.type === 'lift') await recordLift(tx, { caseId, how: move.how, plan, logged, times })
  await tell(tx, caseId, move, logged)
  return logged
}

async function recordLift(
  tx: Tx,
  lift: {
    readonly caseId: string
    readonly how: string
    readonly plan: LiftPlan
    readonly logged: Logged
    readonly times: LiftTimes | undefined
  },
): Promise<void> {
  const { caseId, how, plan, logged, times } = lift
  await insertLift(tx, {
    case_id: caseId,
    how,
    event_index: logged.index,
    lifted_at: times?.host ?? logged.at,
    database_at: times?.database ?? logged.at,
    release_at: new Date(plan.releaseAt),
  })
}

/** Tells those who may know: who holds or awaits a package of the case, and the vendor; of a held lift only the vendor. */
async function tell(tx: Tx, caseId: string, move: LiftMove, logged: Logged): Promise<void> {
  const kind = NOTICE_OF[move.type]
  if (kind === null) return
  const partners = move.type === 'hold' ? [] : await recipientsOfCase(tx, caseId)
  await enqueueNotices(tx, { kind, logged, owners: [VENDOR_ENDPOINTS, ...partners] })
}

/** The plan that a row holds. */
export function planOf(row: EmbargoRow): LiftPlan {
  const { embargo, lift, case_state: state } = row
  if (!isEmbargo(embargo) || !isLift(lift) || !isCaseState(state))
    throw new HubError('internal', 'the embargo in the database is unreadable')
  return { embargo, lift, case: state, releaseAt: row.release_at.getTime(), frozen: row.frozen }
}

function rowOf(
  caseId: string,
  plan: LiftPlan,
  more: { readonly release: string; readonly held: string | null; readonly index: number },
): EmbargoRow {
  return {
    case_id: caseId,
    embargo: plan.embargo,
    case_state: plan.case,
    lift: plan.lift,
    release_at: new Date(plan.releaseAt),
    release_text: more.release,
    frozen: plan.frozen,
    held: plan.lift === 'lifting' ? (more.held ?? 'the clocks contradict each other') : null,
    changed_index: more.index,
  }
}

function typeOf(move: LiftMove, first: boolean): EventType {
  if (move.type === 'lift') return 'embargo.lifted'
  if (move.type === 'break') return 'breakglass.used'
  return first ? 'embargo.set' : 'embargo.changed'
}

function dataOf(plan: LiftPlan, move: LiftMove, release: string): JsonObject {
  const { type, ...of } = move
  const at = new Date(plan.releaseAt).toISOString()
  return {
    change: type,
    ...('how' in of ? { how: of.how } : {}),
    ...('reason' in of ? { reason: of.reason } : {}),
    ...('event' in of ? { event: of.event } : {}),
    embargo: plan.embargo,
    lift: plan.lift,
    state: plan.case,
    releaseAt: at,
    release,
    frozen: plan.frozen,
  }
}

function asConflict<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ProgrammeError) throw new HubError('conflict', error.message, { cause: error })
    throw error
  }
}

function isEmbargo(text: string): text is LiftPlan['embargo'] {
  return ['none', 'proposed', 'active', 'revise', 'exited'].includes(text)
}

function isLift(text: string): text is LiftPlan['lift'] {
  return ['draft', 'scheduled', 'lifting', 'lifted', 'cancelled'].includes(text)
}
