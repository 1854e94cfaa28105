import { ProgrammeError } from './errors.ts'

/** Embargo management states of the Vultron protocol (CERT/CC): none, proposed, active, revise, exited. */
export type EmbargoState = 'none' | 'proposed' | 'active' | 'revise' | 'exited'
/** Symbols of the same model. A revision is a proposal while an embargo is active. */
export type EmbargoMove = 'propose' | 'reject' | 'accept' | 'terminate'

const MOVES: Readonly<Record<EmbargoState, Readonly<Partial<Record<EmbargoMove, EmbargoState>>>>> = {
  none: { propose: 'proposed' },
  proposed: { propose: 'proposed', accept: 'active', reject: 'none' },
  active: { propose: 'revise', terminate: 'exited' },
  revise: { propose: 'revise', accept: 'active', reject: 'active', terminate: 'exited' },
  exited: {},
}

/**
 * The state after a move (Vultron, formal protocol, embargo management model). An exited embargo never comes back.
 * @throws ProgrammeError `bad-embargo` when the move is not allowed in that state
 */
export function nextEmbargoState(state: EmbargoState, move: EmbargoMove): EmbargoState {
  const next = MOVES[state][move]
  if (next === undefined) {
    const allowed = Object.keys(MOVES[state])
    throw new ProgrammeError(
      'bad-embargo',
      `an embargo that is ${state} cannot ${move}; ${allowed.length === 0 ? 'it has ended for good' : `allowed: ${allowed.join(', ')}`}`,
    )
  }
  return next
}

/** One case's embargo: the state and the agreed instant of release, with the zone it was agreed in. */
export interface Embargo {
  readonly state: EmbargoState
  /** ISO 8601 with offset, e.g. `2021-03-09T18:00:00Z`. */
  readonly releaseAt: string
}

/** Epoch milliseconds of the release. @throws ProgrammeError `bad-embargo` when it is not an instant with hour and zone */
export function releaseInstant({ releaseAt }: Pick<Embargo, 'releaseAt'>): number {
  const zoned = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.exec(releaseAt)
  const instant = Date.parse(releaseAt)
  if (zoned === null || Number.isNaN(instant) || !isInCalendar(zoned[1] ?? '')) {
    throw new ProgrammeError(
      'bad-embargo',
      `release "${releaseAt}" needs a date of the calendar, an hour and a zone, such as 2021-03-09T18:00:00Z`,
    )
  }
  return instant
}

/** `Date.parse` takes 30 February for 2 March. */
function isInCalendar(minute: string): boolean {
  const read = new Date(`${minute}:00Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(minute)
}
