import { PARTNER_ROLES, type Role, STAFF_ROLES } from './roles.ts'

/** What a role may or may not do, as the route table names it. */
export const ACTIONS = [
  'recipient.enrol',
  'package.issue',
  'package.list',
  'package.list-own',
  'package.fetch-own',
  'package.opened-own',
  'package.acknowledge-own',
  'event.commit',
  'event.list',
  'event.prove',
  'escrow.open',
  'dossier.export',
  'policy.change',
  'policy.read',
  'embargo.list',
  'embargo.set',
  'embargo.cancel',
  'embargo.tell',
  'embargo.break',
  'embargo.lift',
  'vault.back-up',
  'erasure.perform',
  'approval.ask',
  'approval.list',
  'approval.give',
  'person.list',
  'person.list-own',
  'role.change',
  'role.change-own',
  'token.change-self',
  'session.begin',
  'session.change-self',
  'endpoint.list-own',
  'endpoint.set-own',
  'me.read',
  'self.read',
  'log.read',
  'health.read',
] as const

/** One of {@link ACTIONS}. */
export type Action = (typeof ACTIONS)[number]

const EVERYBODY: readonly Role[] = [...STAFF_ROLES, ...PARTNER_ROLES]
const STAFF: readonly Role[] = STAFF_ROLES
const ADMINISTRATOR: readonly Role[] = ['administrator']
const COORDINATION: readonly Role[] = ['administrator', 'coordinator']
const INVESTIGATION: readonly Role[] = ['administrator', 'coordinator', 'investigator']
const READING: readonly Role[] = ['administrator', 'coordinator', 'investigator', 'reader']
const PARTNER: readonly Role[] = PARTNER_ROLES
const PARTNER_ADMINISTRATOR: readonly Role[] = ['partner-administrator']

/**
 * Who may do what: every action of the hub with the roles that may do it. What is not here nobody may do. Actions that end in `-own`
 * reach only what is the caller's own organisation's.
 */
const TABLE: Readonly<Record<Action, readonly Role[]>> = {
  'recipient.enrol': COORDINATION,
  'package.issue': COORDINATION,
  'package.list': READING,
  'package.list-own': PARTNER,
  'package.fetch-own': PARTNER,
  'package.opened-own': PARTNER,
  'package.acknowledge-own': PARTNER_ADMINISTRATOR,

  'event.commit': INVESTIGATION,
  'event.list': READING,
  'event.prove': READING,
  'escrow.open': INVESTIGATION,
  'dossier.export': INVESTIGATION,
  'policy.change': ADMINISTRATOR,
  'policy.read': STAFF,

  'embargo.list': STAFF,
  'embargo.set': COORDINATION,
  'embargo.cancel': COORDINATION,
  'embargo.tell': COORDINATION,
  'embargo.break': COORDINATION,
  'embargo.lift': COORDINATION,

  'vault.back-up': INVESTIGATION,
  'erasure.perform': ADMINISTRATOR,

  'approval.ask': INVESTIGATION,
  'approval.list': INVESTIGATION,
  'approval.give': INVESTIGATION,

  'person.list': ADMINISTRATOR,
  'person.list-own': PARTNER_ADMINISTRATOR,
  'role.change': ADMINISTRATOR,
  'role.change-own': PARTNER_ADMINISTRATOR,
  'token.change-self': EVERYBODY,
  'session.begin': EVERYBODY,
  'session.change-self': EVERYBODY,

  'endpoint.list-own': [...COORDINATION, 'partner-administrator'],
  'endpoint.set-own': [...COORDINATION, 'partner-administrator'],

  'me.read': PARTNER,
  'self.read': EVERYBODY,
  'log.read': EVERYBODY,
  'health.read': EVERYBODY,
}

/** Whether a role can do nothing that is not allowed to all of `limits`: what somebody may hand on of its own rights. */
export function isWithin(role: Role, limits: readonly Role[]): boolean {
  return ACTIONS.every((action) => !can(role, action) || limits.every((limit) => can(limit, action)))
}

/** Whether a role may do an action. There is no other place that decides this. */
export function can(role: Role, action: Action): boolean {
  return TABLE[action].includes(role)
}
