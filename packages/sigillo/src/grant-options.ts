import type { Grant } from '@sigillo/api/contracts-people'
import { isRole, isStaffRole, PARTNER_ROLES, STAFF_ROLES } from '@sigillo/programme/roles'
import { CommandError } from './errors.ts'

/** A role of that side. @throws CommandError `bad-option` */
export function roleOf(text: string, side: 'vendor' | 'partner'): Grant['role'] {
  if (isRole(text) && isStaffRole(text) === (side === 'vendor')) return text
  const roles: readonly string[] = side === 'vendor' ? STAFF_ROLES : PARTNER_ROLES
  throw new CommandError('bad-option', `"${text}" is no role here; roles are ${roles.join(', ')}`)
}

/** A token as options name it; it is good until the end of its last day in UTC. @throws CommandError `bad-option` */
export function grantOf(options: {
  readonly role: Grant['role']
  readonly tokenHash: string
  readonly until?: string | undefined
}): Grant {
  const { role, tokenHash, until = '' } = options
  if (!/^[0-9a-f]{64}$/.test(tokenHash))
    throw new CommandError('bad-option', '--token-hash must be the 64 hex digits that "sigillo token draw" printed')
  const end = new Date(`${until}T23:59:59.000Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(end.getTime()))
    throw new CommandError('bad-option', `--until "${until}" must be a date, such as 2027-01-31`)
  return { role, tokenHash, expiresAt: end.toISOString() }
}
