import type { ApprovalDetail, ApprovalStatus, PersonStatus, SelfAnswer } from '@sigillo/api/contracts-people'
import type { ApprovalItemRow, ApprovalRow } from '@sigillo/db/approvals'
import type { PersonRow } from '@sigillo/db/people'
import type { TokenRow } from '@sigillo/db/tokens'
import { isFourEyesAction } from '@sigillo/programme/four-eyes'
import { isRole, type Role } from '@sigillo/programme/roles'
import { HubError } from '../errors.ts'
import type { Principal } from '../people/principal.ts'

// The only way that rows about people become answers: never a hash of a token, never anybody of another organisation.

/** A person with its tokens. */
export function presentPerson(row: PersonRow, tokens: readonly TokenRow[]): PersonStatus {
  return {
    id: lastPart(row.id),
    role: roleOf(row.role),
    addedAt: row.added_at.toISOString(),
    removedAt: row.removed_at?.toISOString() ?? null,
    tokens: tokens.map((token) => ({
      id: lastPart(token.id ?? ''),
      role: roleOf(token.as_role ?? ''),
      createdAt: token.created_at.toISOString(),
      expiresAt: (token.expires_at ?? token.created_at).toISOString(),
      revokedAt: token.revoked_at?.toISOString() ?? null,
    })),
  }
}

/** Who a request speaks for. */
export function presentSelf(by: Principal): SelfAnswer {
  return {
    side: by.role,
    organisation: by.id,
    person: by.person === null ? null : lastPart(by.person),
    roles: [...new Set(by.roles)],
    token: by.token === null ? null : lastPart(by.token),
    session: by.session?.id ?? null,
    expiresAt: by.expiresAt?.toISOString() ?? null,
  }
}

/** An approval and where it stands. */
export function presentApproval(row: ApprovalRow): ApprovalStatus {
  if (!isFourEyesAction(row.action)) throw new HubError('internal', 'the approval in the database is unreadable')
  return {
    id: row.id,
    action: row.action,
    subject: row.subject,
    askedBy: lastPart(row.asked_by),
    askedAt: row.asked_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    givenBy: row.given_by === null ? null : lastPart(row.given_by),
    givenAt: row.given_at?.toISOString() ?? null,
  }
}

/** An approval with everything that it covers. */
export function presentApprovalDetail(row: ApprovalRow, items: readonly ApprovalItemRow[]): ApprovalDetail {
  return {
    ...presentApproval(row),
    items: items.map((item) => ({ payload: item.payload, usedAt: item.used_at?.toISOString() ?? null })),
  }
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function roleOf(text: string): Role {
  if (!isRole(text)) throw new HubError('internal', 'a role in the database is unreadable')
  return text
}
