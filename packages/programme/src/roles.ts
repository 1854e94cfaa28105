/** Roles of the vendor's people, from most to least. */
export const STAFF_ROLES = ['administrator', 'coordinator', 'investigator', 'reader', 'observer'] as const
/** Roles of a partner's people. */
export const PARTNER_ROLES = ['partner-administrator', 'partner-reader'] as const

/** What one of the vendor's people is. */
export type StaffRole = (typeof STAFF_ROLES)[number]
/** What one of a partner's people is. */
export type PartnerRole = (typeof PARTNER_ROLES)[number]
/** What a person is in the programme; everybody has exactly one. */
export type Role = StaffRole | PartnerRole

/** All roles. */
export const ROLES: readonly Role[] = [...STAFF_ROLES, ...PARTNER_ROLES]

/** Whether a text names a role. */
export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}

/** Whether a role is one of the vendor's own people, and not of a partner's. */
export function isStaffRole(role: Role): role is StaffRole {
  return STAFF_ROLES.some((known) => known === role)
}
