import { type CaseEvent, type CaseState, embargoRule, mayStartEmbargo, withCaseEvents } from './case-state.ts'
import { type EmbargoState, nextEmbargoState } from './embargo.ts'
import { ProgrammeError } from './errors.ts'

/**
 * Where the lift of an embargo stands. `draft`: proposed, not agreed. `scheduled`: agreed for an instant. `lifting`: that instant has come
 * by one clock, but the clocks contradict each other, so it is held. `lifted`: done, for good. `cancelled`: the instant was withdrawn;
 * the embargo stays in force until a new one is agreed.
 */
export type LiftState = 'draft' | 'scheduled' | 'lifting' | 'lifted' | 'cancelled'

/** How a lift came about: by the clocks, by people before its instant, by people while it was held, or because the embargo broke. */
export type LiftHow = 'clock' | 'early' | 'manual' | 'broken'

/** Why an embargo counts as broken. */
export type BreakReason = 'public' | 'exploit' | 'attacks' | 'leak'

/** One case's embargo with its lift. */
export interface LiftPlan {
  readonly embargo: EmbargoState
  readonly lift: LiftState
  readonly case: CaseState
  /** Epoch milliseconds. */
  readonly releaseAt: number
  /** Nothing is handed over: the embargo broke and nobody has planned anew. */
  readonly frozen: boolean
}

/** What can be done to an embargo. */
export type LiftMove =
  | { readonly type: 'draft'; readonly releaseAt: number }
  | { readonly type: 'schedule'; readonly releaseAt: number }
  | { readonly type: 'cancel' }
  | { readonly type: 'hold' }
  | { readonly type: 'lift'; readonly how: LiftHow }
  | { readonly type: 'break'; readonly reason: BreakReason }
  | { readonly type: 'tell'; readonly event: 'F' | 'D' }

const BREAKS: Readonly<Record<BreakReason, readonly CaseEvent[]>> = {
  public: ['P'],
  exploit: ['X'],
  attacks: ['A'],
  leak: [],
}

/**
 * The plan after a move; `plan` is null before the first. The one place that knows what may follow what: the hub applies it inside the
 * transaction that logs the move, and the tests replay the log through it.
 * @throws ProgrammeError `bad-embargo` when the move is not possible
 */
export function movePlan(plan: LiftPlan | null, move: LiftMove): LiftPlan {
  if (plan === null) return firstPlan(move)
  if (plan.lift === 'lifted' && move.type !== 'tell')
    throw bad('the embargo was lifted; that cannot be undone or repeated')
  if (move.type === 'draft') return drafted(plan, move.releaseAt)
  if (move.type === 'schedule') return scheduled(plan, move.releaseAt)
  if (move.type === 'cancel') return cancelled(plan)
  if (move.type === 'hold') return held(plan)
  if (move.type === 'lift') return lifted(plan, move.how)
  if (move.type === 'break') return broken(plan, move.reason)
  return { ...plan, case: withCaseEvents(plan.case, [move.event]) }
}

function firstPlan(move: LiftMove): LiftPlan {
  if (move.type !== 'draft' && move.type !== 'schedule') throw bad('the case has no embargo here yet')
  const proposed = nextEmbargoState('none', 'propose')
  const draft: LiftPlan = {
    embargo: proposed,
    lift: 'draft',
    // Whoever runs this programme is the vendor, and knows.
    case: withCaseEvents('vfdpxa', ['V']),
    releaseAt: move.releaseAt,
    frozen: false,
  }
  return move.type === 'draft' ? draft : scheduled(draft, move.releaseAt)
}

function drafted(plan: LiftPlan, releaseAt: number): LiftPlan {
  if (isAgreed(plan)) throw bad('the embargo is in force; schedule another instant instead')
  return { ...plan, embargo: nextEmbargoState(plan.embargo, 'propose'), lift: 'draft', releaseAt }
}

/** Agrees an instant, the first or another. A plan after a break is what ends the freeze. */
function scheduled(plan: LiftPlan, releaseAt: number): LiftPlan {
  if (!isAgreed(plan) && !mayStartEmbargo(plan.case))
    throw bad('an embargo cannot begin: the flaw is public, is attacked, or its fix is deployed')
  if (embargoRule(plan.case) === 'shall-end')
    throw bad('the flaw is public: the embargo has to end; lift it instead of planning another instant')
  const proposed = nextEmbargoState(plan.embargo, 'propose')
  return { ...plan, embargo: nextEmbargoState(proposed, 'accept'), lift: 'scheduled', releaseAt, frozen: false }
}

/** Withdraws the instant: a draft is rejected; an embargo in force stays so, with a change proposed that nobody accepted yet. */
function cancelled(plan: LiftPlan): LiftPlan {
  if (plan.lift === 'cancelled') throw bad('the lift is cancelled already')
  const move = isAgreed(plan) ? 'propose' : 'reject'
  return { ...plan, embargo: nextEmbargoState(plan.embargo, move), lift: 'cancelled' }
}

function held(plan: LiftPlan): LiftPlan {
  if (plan.lift !== 'scheduled') throw bad(`a lift that is ${plan.lift} cannot be held`)
  return { ...plan, lift: 'lifting' }
}

function lifted(plan: LiftPlan, how: LiftHow): LiftPlan {
  if (!isAgreed(plan)) throw bad('the embargo was never agreed, so there is nothing to lift')
  if (how === 'clock' && plan.lift !== 'scheduled' && plan.lift !== 'lifting')
    throw bad(`a lift that is ${plan.lift} does not happen by the clock`)
  if (how === 'clock' && plan.frozen) throw bad('the embargo broke; its lift needs people')
  return {
    ...plan,
    embargo: nextEmbargoState(plan.embargo, 'terminate'),
    lift: 'lifted',
    case: withCaseEvents(plan.case, ['P']),
    frozen: false,
  }
}

function broken(plan: LiftPlan, reason: BreakReason): LiftPlan {
  if (!isAgreed(plan)) throw bad('the embargo was never agreed, so it cannot break')
  return { ...plan, frozen: true, case: withCaseEvents(plan.case, BREAKS[reason]) }
}

function isAgreed(plan: LiftPlan): boolean {
  return plan.embargo !== 'none' && plan.embargo !== 'proposed'
}

function bad(message: string): ProgrammeError {
  return new ProgrammeError('bad-embargo', message)
}
