import { PROBLEM_TYPE_PREFIX } from '@sigillo/api/errors'
import type { Route } from '@sigillo/api/routes'
import type { HubContext } from '../context.ts'
import { onceAMinute } from '../internal/once-a-minute.ts'
import type { ProblemAnswer } from '../routes/problems.ts'
import { actorOf, ownStream, type Principal } from './principal.ts'

/** Logs what somebody was refused. */
export interface Denials {
  /** Logs it, or counts it: within a minute one event tells of the first of its kind, and the next event says how many were like it. */
  note(principal: Principal, route: Route, answer: ProblemAnswer): Promise<void>
}

/**
 * Starts the log of refusals (`access.denied`). Refused are actions that a role may not do, and, to partners, objects that are not theirs
 * or that do not exist: the two take the same way, also here.
 */
export function startDenials(hub: HubContext): Denials {
  const told = onceAMinute(hub.clock)
  return {
    note: async (principal, route, answer) => {
      if (!isDenial(principal, answer)) return
      const before = told.next(
        [principal.role, principal.id, principal.person ?? '', route.action, answer.status].join(' '),
      )
      if (before !== null) await log(hub, principal, { action: route.action, status: answer.status, before })
    },
  }
}

function isDenial(principal: Principal, { type }: ProblemAnswer): boolean {
  return (
    type === `${PROBLEM_TYPE_PREFIX}forbidden` ||
    (principal.role === 'partner' && type === `${PROBLEM_TYPE_PREFIX}not-found`)
  )
}

/** `before`: refusals of the same kind in the minute of the last event. */
async function log(
  hub: HubContext,
  principal: Principal,
  data: { readonly action: string; readonly status: number; readonly before: number },
): Promise<void> {
  const actor = actorOf(principal)
  await hub.sequencer.run((_, add) =>
    add([{ type: 'access.denied', stream: ownStream(principal), subject: actor.id, actor, data }]),
  )
}
