import { timingSafeEqual } from 'node:crypto'
import type { Role, Route } from '@sigillo/api/routes'
import { hashToken, isToken } from '@sigillo/api/token'
import type { Tx } from '@sigillo/db/schema'
import { findToken } from '@sigillo/db/tokens'
import { HubError } from './errors.ts'

/** Who a request speaks for. */
export type Principal =
  | { readonly role: 'vendor'; readonly id: 'vendor' }
  | { readonly role: 'partner'; readonly id: string }

/** Who a bearer token speaks for, or null when it is no token, unknown or revoked. `header` is the Authorization header. */
export async function authenticate(tx: Tx, header: string | undefined): Promise<Principal | null> {
  const token = /^Bearer ([^ ]+)$/i.exec(header ?? '')?.[1]
  if (token === undefined || !isToken(token)) return null
  const hash = hashToken(token)
  const row = await findToken(tx, hash)
  if (row === null || !timingSafeEqual(row.hash, hash)) return null
  if (row.role === 'vendor') return { role: 'vendor', id: 'vendor' }
  return row.recipient_id === null ? null : { role: 'partner', id: row.recipient_id }
}

/** The whole authorization table: which roles a route lets in. */
const ALLOWED: Readonly<Record<Role, readonly Principal['role'][]>> = {
  vendor: ['vendor'],
  partner: ['partner'],
  any: ['vendor', 'partner'],
  public: ['vendor', 'partner'],
}

/** Throws {@link HubError} `unauthorized` or `forbidden` unless the principal may call the route. */
export function authorize(principal: Principal | null, route: Route): void {
  if (route.role === 'public') return
  if (principal === null) {
    throw new HubError(
      'unauthorized',
      'the hub does not know this token; it may have been revoked, or belong to another hub',
    )
  }
  if (!ALLOWED[route.role].includes(principal.role)) {
    throw new HubError('forbidden', `this token is for a ${principal.role}; ${route.action} is not for it`)
  }
}
