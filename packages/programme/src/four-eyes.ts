import { can } from './can.ts'
import type { Role } from './roles.ts'

/** What a programme may put under four eyes: done by one person only after another agreed to exactly that. */
export const FOUR_EYES_ACTIONS = [
  /** A package is handed to the hub for its partner. */
  'package.issue',
  /** An embargo is lifted by people: before its instant, or while its clocks contradict each other. */
  'embargo.lift',
  /** The code key of a distribution, and with it who has which copy, is opened. */
  'escrow.open',
  /** Evidence leaves the house. */
  'dossier.export',
  /** Bodies of events, or sealed packages, are destroyed for good. */
  'erasure.perform',
  /** Somebody joins, leaves, changes role or gets a token. */
  'role.change',
  /** A partner's keys are taken up. */
  'recipient.enrol',
  /** The rules themselves are changed, these included. */
  'policy.change',
] as const

/** One of {@link FOUR_EYES_ACTIONS}. */
export type FourEyesAction = (typeof FOUR_EYES_ACTIONS)[number]

/** Whether an action can be put under four eyes. */
export function isFourEyesAction(text: string): text is FourEyesAction {
  return FOUR_EYES_ACTIONS.some((action) => action === text)
}

/** Two or more people who may do an action are needed before it can be put under four eyes. */
export const LEAST_PEOPLE = 2

/**
 * The actions of `wanted` that too few people could do and agree to: with them under four eyes, nobody could ever do them again.
 * `people` are the roles of the vendor's people, one each.
 */
export function understaffed(wanted: readonly FourEyesAction[], people: readonly Role[]): readonly FourEyesAction[] {
  return wanted.filter((action) => people.filter((role) => can(role, action)).length < LEAST_PEOPLE)
}

const ALWAYS: readonly FourEyesAction[] = ['erasure.perform', 'role.change', 'policy.change']

/**
 * Turning any of it off must not be easier than doing it: changing the rules is under four eyes as soon as anything is. So is erasing, which would
 * otherwise let one person destroy what tells of the others.
 */
export function withRules(wanted: readonly FourEyesAction[]): readonly FourEyesAction[] {
  if (wanted.length === 0) return []
  return FOUR_EYES_ACTIONS.filter((action) => wanted.includes(action) || ALWAYS.includes(action))
}
