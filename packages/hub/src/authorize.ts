import type { Route } from '@sigillo/api/routes'
import { type Action, can } from '@sigillo/programme/can'
import { HubError } from './errors.ts'
import type { Principal } from './principal.ts'

/** Throws {@link HubError} `unauthorized` or `forbidden` unless the principal may call the route. */
export function authorize(principal: Principal | null, route: Route): void {
  if (route.role === 'public') return
  if (principal === null) {
    throw new HubError(
      'unauthorized',
      'the hub does not know this token; it may have expired or been revoked, or belong to another hub',
    )
  }
  requireCan(principal, route.action)
}

/** Throws {@link HubError} `forbidden` unless the principal may do the action. */
export function requireCan(principal: Principal, action: Action): void {
  if (mayDo(principal, action)) return
  throw new HubError(
    'forbidden',
    `this token is for: ${[...new Set(principal.roles)].join(', ')}; ${action} is not for it`,
  )
}

/** Whether the person's role and the role its token is limited to both allow the action. */
export function mayDo(principal: Principal, action: Action): boolean {
  return principal.roles.every((role) => can(role, action))
}
