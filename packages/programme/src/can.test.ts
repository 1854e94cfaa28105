import { describe, expect, it } from 'vitest'
import { ACTIONS, can, isWithin } from './can.ts'
import { FOUR_EYES_ACTIONS, isFourEyesAction, understaffed, withRules } from './four-eyes.ts'
import { isRole, isStaffRole, PARTNER_ROLES, ROLES, STAFF_ROLES } from './roles.ts'

/** The whole table; columns: administrator, coordinator, investigator, reader, observer, partner-administrator, partner-reader. */
const MATRIX: readonly string[] = [
  'approval.ask             x x x . . . .',
  'approval.give            x x x . . . .',
  'approval.list            x x x . . . .',
  'dossier.export           x x x . . . .',
  'embargo.break            x x . . . . .',
  'embargo.cancel           x x . . . . .',
  'embargo.lift             x x . . . . .',
  'embargo.list             x x x x x . .',
  'embargo.set              x x . . . . .',
  'embargo.tell             x x . . . . .',
  'endpoint.list-own        x x . . . x .',
  'endpoint.set-own         x x . . . x .',
  'erasure.perform          x . . . . . .',
  'escrow.open              x x x . . . .',
  'event.commit             x x x . . . .',
  'event.list               x x x x . . .',
  'event.prove              x x x x . . .',
  'health.read              x x x x x x x',
  'log.read                 x x x x x x x',
  'me.read                  . . . . . x x',
  'package.acknowledge-own  . . . . . x .',
  'package.fetch-own        . . . . . x x',
  'package.issue            x x . . . . .',
  'package.list             x x x x . . .',
  'package.list-own         . . . . . x x',
  'package.opened-own       . . . . . x x',
  'person.list              x . . . . . .',
  'person.list-own          . . . . . x .',
  'policy.change            x . . . . . .',
  'policy.read              x x x x x . .',
  'recipient.enrol          x x . . . . .',
  'role.change              x . . . . . .',
  'role.change-own          . . . . . x .',
  'self.read                x x x x x x x',
  'session.begin            x x x x x x x',
  'session.change-self      x x x x x x x',
  'token.change-self        x x x x x x x',
  'vault.back-up            x x x . . . .',
]

describe('who may do what', () => {
  it('is this table, and nothing else', () => {
    const rows = [...ACTIONS]
      .sort()
      .map((action) => action.padEnd(24) + ROLES.map((role) => (can(role, action) ? ' x' : ' .')).join(''))
    expect(rows).toEqual(MATRIX)
  })

  it('a partner can do nothing that is not about its own or about everybody', () => {
    const shared = ACTIONS.filter((action) => STAFF_ROLES.every((role) => can(role, action)))
    for (const role of PARTNER_ROLES)
      for (const action of ACTIONS.filter((each) => can(role, each)))
        expect(action.endsWith('-own') || action === 'me.read' || shared.includes(action), action).toBe(true)
  })

  it('none of the vendor’s people can fetch, open or acknowledge a partner’s package', () => {
    for (const action of ['package.fetch-own', 'package.opened-own', 'package.acknowledge-own'] as const)
      expect(STAFF_ROLES.filter((role) => can(role, action))).toEqual([])
  })

  it('each role of a side can do what the role below it can', () => {
    for (const side of [STAFF_ROLES, PARTNER_ROLES])
      for (const [at, role] of side.entries())
        for (const below of side.slice(at)) expect(isWithin(below, [role]), `${below} within ${role}`).toBe(true)
    expect(isWithin('administrator', ['coordinator'])).toBe(false)
    expect(isWithin('partner-administrator', ['administrator'])).toBe(false)
  })

  it('observers change nothing but their own tokens and sessions', () => {
    const changes = ACTIONS.filter((action) => can('observer', action)).filter(
      (action) => !/\.(read|list)$/.test(action),
    )
    expect(changes).toEqual(['token.change-self', 'session.begin', 'session.change-self'])
  })

  it('knows its roles, and no inherited property is one', () => {
    for (const role of ROLES) expect(isRole(role)).toBe(true)
    for (const text of ['', 'Administrator', 'toString', 'vendor']) expect(isRole(text)).toBe(false)
    expect(ROLES.filter(isStaffRole)).toEqual([...STAFF_ROLES])
  })
})

describe('four eyes', () => {
  it('cover what sends, lifts, opens, exports, and what could get around them', () => {
    expect(FOUR_EYES_ACTIONS).toEqual([
      'package.issue',
      'embargo.lift',
      'escrow.open',
      'dossier.export',
      'erasure.perform',
      'role.change',
      'recipient.enrol',
      'policy.change',
    ])
    expect(isFourEyesAction('package.list')).toBe(false)
  })

  it('always include people, rules and erasing once anything is under them, else one person could make itself two, or unmake the others', () => {
    expect(withRules([])).toEqual([])
    expect(withRules(['package.issue'])).toEqual(['package.issue', 'erasure.perform', 'role.change', 'policy.change'])
  })

  it('need two people for each action', () => {
    expect(understaffed(['package.issue', 'role.change'], ['administrator', 'coordinator'])).toEqual(['role.change'])
    expect(understaffed(['package.issue', 'role.change'], ['administrator', 'administrator'])).toEqual([])
    expect(understaffed(['escrow.open'], ['administrator', 'reader', 'partner-administrator'])).toEqual(['escrow.open'])
  })
})
