import { createHash } from 'node:crypto'
import type { Wish } from '@sigillo/api/wishes'
import { fourEyesOf, spendApproval } from '@sigillo/db/approvals'
import type { Tx } from '@sigillo/db/schema'

import { can } from '@sigillo/programme/can'
import type { FourEyesAction } from '@sigillo/programme/four-eyes'
import { ROLES, type Role } from '@sigillo/programme/roles'
import { canonicalBytes } from '@sigillo/tlog/canonical-json'
import { HubError } from '../errors.ts'
import type { Principal } from './principal.ts'

/** How an action that may need a second person came to be allowed; part of the event that logs it. */
export type Approval = { readonly fourEyes: 'off' } | { readonly fourEyes: string; readonly givenBy: string }

/** What is agreed to, in 32 bytes: SHA-256 over action, subject and payload in canonical JSON. */
export function wishHash({ action, subject, payload }: Wish): Uint8Array {
  return createHash('sha256')
    .update('sigillo/approval/v1\n')
    .update(canonicalBytes({ action, subject, payload }))
    .digest()
}

/**
 * Lets `by` do what it wishes, inside the running transaction: because the rules put nothing of the kind under four eyes, or because somebody
 * else agreed to exactly this; that approval is then spent. Where the action is under four eyes, throws {@link HubError} `approval-needed`
 * without an approval, and `forbidden` for a token that speaks for no person: nobody can tell whose second pair of eyes it is.
 */
export async function requireApproval(tx: Tx, by: Principal, wish: Wish, now: Date): Promise<Approval> {
  if (!(await fourEyesOf(tx)).includes(wish.action)) return { fourEyes: 'off' }
  const person = requirePerson(by, wish.action)
  const spent = await spendApproval(tx, { hash: wishHash(wish), by: person, roles: rolesFor(wish.action), now })
  if (spent === null || spent.given_by === null) {
    throw new HubError(
      'approval-needed',
      `${wish.action} of ${wish.subject} needs a second person: ask for it, have somebody else give it, then try again`,
    )
  }
  return { fourEyes: spent.id, givenBy: spent.given_by }
}

/** Roles of those whose agreement to an action counts: who may do it as well. */
export function rolesFor(action: FourEyesAction): readonly Role[] {
  return ROLES.filter((role) => can(role, action))
}

/** The person behind a principal. Throws {@link HubError} `forbidden` when there is none. */
export function requirePerson(by: Principal, action: string): string {
  if (by.person !== null) return by.person
  throw new HubError(
    'forbidden',
    `${action} is under four eyes, and this token speaks for no person; use a token of your own`,
  )
}
