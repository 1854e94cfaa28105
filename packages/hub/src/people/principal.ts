import { timingSafeEqual } from 'node:crypto'
import { hashToken, isToken } from '@sigillo/api/token'
import type { Tx } from '@sigillo/db/schema'
import { findTokens, type LiveToken } from '@sigillo/db/tokens'
import { isRole, isStaffRole, type Role } from '@sigillo/programme/roles'
import type { ActorKind } from '@sigillo/tlog/event'
import { toHex } from '@sigillo/tlog/encoding'
import { streamOf, VENDOR } from '../context.ts'
import { together } from '../internal/together.ts'

/** Who a request speaks for. `role` is the side, `id` the organisation: `vendor` or a recipient's id. */
export type Principal = {
  /** Person: `staff/<id>` or `partner/<recipient>/<id>`. Null for a token of a whole organisation, which is nobody in particular. */
  readonly person: string | null
  /** What it may do is what all of these may do: the person's role and the one its token is limited to. */
  readonly roles: readonly Role[]
  /** Name of the token; null for one of an organisation, and for a session. */
  readonly token: string | null
  /** The session, and whether its person just proved to be there; null for a token. */
  readonly session: { readonly id: string; readonly isConfirmed: boolean } | null
  /** When the token or session ends; null for a token of an organisation. */
  readonly expiresAt: Date | null
} & ({ readonly role: 'vendor'; readonly id: 'vendor' } | { readonly role: 'partner'; readonly id: string })

/** Finds the live token with a SHA-256; null for none. */
export type FindToken = (hash: Uint8Array) => Promise<LiveToken | null>

/** Finds tokens of requests that came at the same time with one query, made after each of them came: a revoked token is revoked at once. */
export function tokenFinder(tx: Tx): FindToken {
  return together(async (take) => {
    const hashes = take()
    const found = new Map((await findTokens(tx, hashes)).map((row) => [toHex(row.hash), row]))
    return hashes.map((hash) => found.get(toHex(hash)) ?? null)
  }, 1_000)
}

/** Who a bearer token speaks for, or null when it is no token, unknown, expired or revoked. `header` is the Authorization header. */
export async function authenticate(find: FindToken, header: string | undefined, now: Date): Promise<Principal | null> {
  const token = /^Bearer ([^ ]+)$/i.exec(header ?? '')?.[1]
  if (token === undefined || !isToken(token)) return null
  const hash = hashToken(token)
  const row = await find(hash)
  if (row === null || !timingSafeEqual(row.hash, hash)) return null
  return row.expires_at !== null && row.expires_at <= now ? null : principalOf(row)
}

function principalOf(row: LiveToken): Principal | null {
  const roles = rolesOf(row)
  const isStaff = row.role === 'vendor'
  if (roles === null || roles.some((role) => isStaffRole(role) !== isStaff)) return null
  const of = { person: row.person_id, roles, token: row.id, session: null, expiresAt: row.expires_at }
  if (isStaff) return { role: 'vendor', id: 'vendor', ...of }
  return row.recipient_id === null ? null : { role: 'partner', id: row.recipient_id, ...of }
}

/** A token without a person speaks for its whole organisation. What is unreadable gives no role at all. */
function rolesOf(row: LiveToken): readonly Role[] | null {
  if (row.person_id === null) return [row.role === 'vendor' ? 'administrator' : 'partner-administrator']
  const { person_role: own, as_role: limit } = row
  return own !== null && limit !== null && isRole(own) && isRole(limit) ? [own, limit] : null
}

/** The principal as the actor of an event. */
export function actorOf(principal: Principal): { readonly id: string; readonly kind: ActorKind } {
  const { person, role, id } = principal
  if (role === 'partner') return { id: person ?? id, kind: 'partner' }
  return person === null ? VENDOR : { id: person, kind: 'staff' }
}

/** Stream of the events about what a principal did to its own organisation. */
export function ownStream(principal: Principal): string {
  return principal.role === 'vendor' ? 'admin' : streamOf(principal.id)
}
