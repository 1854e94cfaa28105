import { findSession, type LiveSession, touchSession } from '@sigillo/db/sessions'
import { isRole, isStaffRole } from '@sigillo/programme/roles'
import type { FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import { authenticate, type Principal, type tokenFinder } from '../people/principal.ts'
import { LIMITS } from './limits.ts'
import { hashSecret, secretIn } from './session-cookie.ts'
import type { Site } from './site.ts'
import { isConfirmed } from './step-up.ts'

/** Use of a session is noted once in this time, so that reading does not mean writing. */
const SEEN_MS = 60_000

/** Who a request speaks for: by its token, or else by its session; null for nobody. A request with a token is never one of a session. */
export async function authenticateRequest(
  hub: HubContext,
  findToken: ReturnType<typeof tokenFinder>,
  request: FastifyRequest,
): Promise<Principal | null> {
  const { authorization } = request.headers
  const { db } = hub.engine
  const now = hub.clock()
  if (authorization !== undefined) return await authenticate(findToken, authorization, now)
  const site = hub.signIn.site()
  const secret = site === null ? null : secretIn(site, request.headers.cookie)
  if (site === null || secret === null || !isFromOwnPage(request, site)) return null
  const session = await findSession(db, hashSecret(secret), now, LIMITS)
  if (session === null) return null
  if (now.getTime() - session.seen_at.getTime() >= SEEN_MS) await touchSession(db, session.id, now)
  return speakerOf(session, now)
}

/**
 * Whether a request comes from a page of the hub's own site. What changes something must say so by `Origin`; besides, browsers say of every
 * request where it comes from (`Sec-Fetch-Site`), and other sites, sister hosts included, are not let in by a cookie.
 */
export function isFromOwnPage({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>, site: Site): boolean {
  const from = headers['sec-fetch-site']
  if (from !== undefined && from !== 'same-origin') return false
  return method === 'GET' ? [undefined, site.origin].includes(headers.origin) : headers.origin === site.origin
}

/** A session may do what its person may do, as that is now. */
function speakerOf(session: LiveSession, now: Date): Principal | null {
  const { user_id: person, role, recipient_id: recipient } = session
  if (!isRole(role) || isStaffRole(role) !== (recipient === null)) return null
  const of = {
    person,
    roles: [role],
    token: null,
    session: { id: session.id, isConfirmed: isConfirmed(session.confirmed_at, now) },
    expiresAt: session.ends_at,
  }
  return recipient === null ? { role: 'vendor', id: 'vendor', ...of } : { role: 'partner', id: recipient, ...of }
}
