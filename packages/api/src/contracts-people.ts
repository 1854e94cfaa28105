import { FOUR_EYES_ACTIONS } from '@sigillo/programme/four-eyes'
import { PARTNER_ROLES, STAFF_ROLES } from '@sigillo/programme/roles'
import { z } from 'zod'
import { Id, Instant, line, MOST_IN_BATCH, Sha256 } from './contracts.ts'

/** Longest life of a token, in days. */
export const MOST_TOKEN_DAYS = 366
/** How long an approval is good, given or not, in days. */
export const APPROVAL_DAYS = 7

/** Id of a person within an organisation: opaque, for good. */
export const PersonId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9, ".", "_", "-" and start with a letter or digit')
/** Role of one of the vendor's people. */
export const StaffRole = z.enum(STAFF_ROLES)
/** Role of one of a partner's people. */
export const PartnerRole = z.enum(PARTNER_ROLES)
const Role = z.enum([...STAFF_ROLES, ...PARTNER_ROLES])
/** An action that can be put under four eyes. */
export const FourEyesAction = z.enum(FOUR_EYES_ACTIONS)

export const PersonParams = z.strictObject({ person: PersonId })
export const TokenParams = z.strictObject({ person: PersonId, token: Id })
export const SelfTokenParams = z.strictObject({ token: Id })
export const ApprovalParams = z.strictObject({ id: Id })

const grant = <R extends z.ZodType>(role: R) =>
  z.strictObject({
    /** SHA-256 of the token, which its person drew; the token itself never reaches the hub before it is used. */
    tokenHash: Sha256,
    /** Limits the token below its person's role. */
    role,
    expiresAt: Instant,
  })
const named = <R extends z.ZodType>(role: R) => grant(role).extend({ id: Id })

/** A token for one of the vendor's people. */
export const StaffGrant = grant(StaffRole)
/** A token for one of a partner's people. */
export const PartnerGrant = grant(PartnerRole)
/** A token for the caller itself. */
export const SelfGrant = grant(Role)

export const AddStaffRequest = z.strictObject({ role: StaffRole, token: named(StaffRole).optional() })
export const AddMemberRequest = z.strictObject({ role: PartnerRole, token: named(PartnerRole).optional() })
export const StaffRoleRequest = z.strictObject({ role: StaffRole })
export const MemberRoleRequest = z.strictObject({ role: PartnerRole })
/** Nothing more to say. */
export const Empty = z.strictObject({})

/** A token of a person: everything but the token. */
export const TokenStatus = z.object({
  id: z.string(),
  role: Role,
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
})
/** A person and its tokens. */
export const PersonStatus = z.object({
  id: z.string(),
  role: Role,
  addedAt: Instant,
  removedAt: Instant.nullable(),
  tokens: z.array(TokenStatus),
})
export const PeopleAnswer = z.object({ people: z.array(PersonStatus) })

/** Who a token or a session speaks for. Without a person it speaks for the organisation as a whole. */
export const SelfAnswer = z.object({
  side: z.enum(['vendor', 'partner']),
  organisation: z.string(),
  person: z.string().nullable(),
  roles: z.array(Role),
  token: z.string().nullable(),
  /** Id of the session, when it is one that asks. */
  session: z.string().nullable(),
  expiresAt: Instant.nullable(),
})

/** What a second person is asked to agree to: each payload is good once. */
export const AskRequest = z.strictObject({
  action: FourEyesAction,
  subject: line(200),
  payloads: z.array(z.record(z.string(), z.unknown())).min(1).max(MOST_IN_BATCH),
})
/** An approval and where it stands. */
export const ApprovalStatus = z.object({
  id: z.string(),
  action: FourEyesAction,
  subject: z.string(),
  askedBy: z.string(),
  askedAt: Instant,
  expiresAt: Instant,
  givenBy: z.string().nullable(),
  givenAt: Instant.nullable(),
})
/** With everything that it covers, as canonical JSON. */
export const ApprovalDetail = ApprovalStatus.extend({
  items: z.array(z.object({ payload: z.string(), usedAt: Instant.nullable() })),
})
export const ApprovalsAnswer = z.object({ approvals: z.array(ApprovalStatus) })

/** Which actions are under four eyes. */
export const Rules = z.strictObject({ fourEyes: z.array(FourEyesAction).max(FOUR_EYES_ACTIONS.length) })

export type PersonStatus = z.infer<typeof PersonStatus>
export type SelfAnswer = z.infer<typeof SelfAnswer>
export type AskRequest = z.infer<typeof AskRequest>
export type ApprovalStatus = z.infer<typeof ApprovalStatus>
export type ApprovalDetail = z.infer<typeof ApprovalDetail>
export type Rules = z.infer<typeof Rules>
/** A token as it is asked for; `role` is of its organisation's side. */
export type Grant = z.infer<typeof SelfGrant>
/** Somebody to add; `token` is the first one. */
export type NewPerson = { readonly role: Grant['role']; readonly token?: (Grant & { readonly id: string }) | undefined }
