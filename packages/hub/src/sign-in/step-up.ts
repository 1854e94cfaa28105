import { CONFIRMED_MINUTES } from '@sigillo/api/contracts-sign-in'
import type { Action } from '@sigillo/programme/can'

/**
 * Acts for which an open browser is not enough: its person has to have proven within the last minutes to be there. Telling that an
 * embargo broke is not among them; it must never wait.
 */
export const SENSITIVE: readonly Action[] = [
  'package.issue',
  'package.fetch-own',
  'recipient.enrol',
  'embargo.set',
  'embargo.cancel',
  'embargo.lift',
  'escrow.open',
  'dossier.export',
  'policy.change',
  'approval.give',
  'role.change',
  'role.change-own',
  'token.change-self',
  'endpoint.set-own',
]

const CONFIRMED_MS = CONFIRMED_MINUTES * 60_000

/** Until when a person who proved to be there at `confirmed` counts as there. */
export function confirmedUntil(confirmed: Date): Date {
  return new Date(confirmed.getTime() + CONFIRMED_MS)
}

/** Whether a person who proved to be there at `confirmed`, or never, counts as there. */
export function isConfirmed(confirmed: Date | null, now: Date): boolean {
  return confirmed !== null && now < confirmedUntil(confirmed)
}
