import type { Route } from '@sigillo/api/routes'
import { type Action, can } from '@sigillo/programme/can'
import { HubError } from '../errors.ts'
import type { Principal } from './principal.ts'
import { SENSITIVE } from '../sign-in/step-up.ts'

/** Throws {@link HubError} `unauthorized`, `forbidden` or `confirm-needed` unless the principal may call the route. */
export function authorize(principal: Principal | null, route: Route): void {
  if (route.role === 'public') return
  if (principal === null) {
    throw new HubError(
      'unauthorized',
      'the hub does not know this token or session; it may have expired or been revoked, or belong to another hub',
    )
  }
  requireCan(principal, route.action)
}

/** Throws {@link HubError} `forbidden` unless the principal may do the action, and `confirm-needed` when a session must be confirmed for it. */
export function requireCan(principal: Principal, action: Action): void {
  if (!mayDo(principal, action))
    throw new HubError(
      'forbidden',
      `this token is for: ${[...new Set(principal.roles)].join(', ')}; ${action} is not for it`,
    )
  if (principal.session?.isConfirmed === false && SENSITIVE.includes(action))
    throw new HubError(
      'confirm-needed',
      `${action} needs a proof that it is you: a one-time code, or, where you have none, sign in again`,
    )
}

/** Whether the person's role and the role its token is limited to both allow the action. */
export function mayDo(principal: Principal, action: Action): boolean {
  return principal.roles.every((role) => can(role, action))
}
