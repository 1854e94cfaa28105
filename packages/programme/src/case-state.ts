import { ProgrammeError } from './errors.ts'

/**
 * What can happen once to a case (Vultron case state model, CERT/CC): vendor aware, fix ready, fix deployed, public aware, exploit
 * public, attacks observed.
 */
export const CASE_EVENTS = ['V', 'F', 'D', 'P', 'X', 'A'] as const
export type CaseEvent = (typeof CASE_EVENTS)[number]

/** Six letters, each upper case once its event has happened: `vfdpxa` to `VFDPXA`. 32 of the 64 are states; see {@link isCaseState}. */
export type CaseState = `${'v' | 'V'}${'f' | 'F'}${'d' | 'D'}${'p' | 'P'}${'x' | 'X'}${'a' | 'A'}`

/** A case before anything has happened. */
export const NEW_CASE: CaseState = 'vfdpxa'

/** True for the 32 states: no fix without a vendor that knows, none deployed that is not ready. */
export function isCaseState(text: string): text is CaseState {
  return /^(?:vfd|Vfd|VFd|VFD)[pP][xX][aA]$/.test(text)
}

/**
 * Events that may come next. An exploit that is public makes the flaw public, and what is public the vendor knows: until those follow,
 * nothing else can. Source: Vultron, CS transition function.
 */
export function nextCaseEvents(state: CaseState): readonly CaseEvent[] {
  const has = (event: CaseEvent): boolean => state.includes(event)
  if (has('X') && !has('P')) return ['P']
  if (has('P') && !has('V')) return ['V']
  const open: Readonly<Record<CaseEvent, boolean>> = { V: true, F: has('V'), D: has('F'), P: true, X: true, A: true }
  return CASE_EVENTS.filter((event) => open[event] && !has(event))
}

/** The state after an event. @throws ProgrammeError `bad-case-state` when the event cannot come next */
export function nextCaseState(state: CaseState, event: CaseEvent): CaseState {
  const next = state.replace(event.toLowerCase(), event)
  if (nextCaseEvents(state).includes(event) && isCaseState(next)) return next
  const open = nextCaseEvents(state)
  const what = open.length === 0 ? 'nothing can follow' : `only ${open.join(', ')} can follow`
  throw new ProgrammeError('bad-case-state', `event ${event} cannot follow case state ${state}: ${what}`)
}

/**
 * The state once all these events are known, in whatever order they were told. What one implies is added: a public exploit makes the
 * flaw public, and the vendor aware. Events that have happened already change nothing.
 */
export function withCaseEvents(state: CaseState, events: readonly CaseEvent[]): CaseState {
  const known = new Set<CaseEvent>(events)
  if (known.has('X')) known.add('P')
  if (known.has('P') || known.has('F') || known.has('D')) known.add('V')
  if (known.has('D')) known.add('F')
  const next = CASE_EVENTS.reduce<string>((text, event) => {
    return known.has(event) ? text.replace(event.toLowerCase(), event) : text
  }, state)
  if (!isCaseState(next)) throw new ProgrammeError('bad-case-state', `${next} is not a case state`)
  return next
}

/**
 * What the model says about an embargo in this state: it SHALL end once flaw or exploit are public, SHOULD end once attacks are seen,
 * and may go on otherwise. Source: Vultron, early termination.
 */
export function embargoRule(state: CaseState): 'shall-end' | 'should-end' | 'may-continue' {
  if (/[PX]/.test(state)) return 'shall-end'
  return state.includes('A') ? 'should-end' : 'may-continue'
}

/** Whether an embargo may be started: nothing is public, no attack is known, and the fix is not deployed yet. */
export function mayStartEmbargo(state: CaseState): boolean {
  return state.endsWith('dpxa')
}
