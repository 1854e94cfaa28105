import { PROBLEM_TYPE_PREFIX } from '@sigillo/api/errors'
import type { Route } from '@sigillo/api/routes'
import type { HubContext } from './context.ts'
import type { ProblemAnswer } from './problems.ts'
import { actorOf, ownStream, type Principal } from './principal.ts'

/** Logs what somebody was refused. */
export interface Denials {
  /** Logs it, or counts it: within a minute one event tells of the first of its kind, and the next event says how many were like it. */
  note(principal: Principal, route: Route, answer: ProblemAnswer): Promise<void>
}

const WINDOW_MS = 60_000
/** Kinds of refusals that are remembered; far more than people times actions of any programme. */
const MOST_KINDS = 10_000

interface Kind {
  readonly since: number
  readonly uncounted: number
}

/**
 * Starts the log of refusals (`access.denied`). Refused are actions that a role may not do, and, to partners, objects that are not theirs
 * or that do not exist: the two take the same way, also here.
 */
export function startDenials(hub: HubContext): Denials {
  const kinds = new Map<string, Kind>()
  return {
    note: async (principal, route, answer) => {
      if (!isDenial(principal, answer)) return
      const key = [principal.role, principal.id, principal.person ?? '', route.action, answer.status].join(' ')
      const [known, now] = [kinds.get(key), hub.clock().getTime()]
      if (known !== undefined && now - known.since < WINDOW_MS) {
        kinds.set(key, { ...known, uncounted: known.uncounted + 1 })
        return
      }
      if (kinds.size >= MOST_KINDS) kinds.clear()
      kinds.set(key, { since: now, uncounted: 0 })
      await log(hub, principal, { action: route.action, status: answer.status, before: known?.uncounted ?? 0 })
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
