import type { LiftState } from './lift.ts'

/** What the hub knows of a case that decides whether it is over. */
export interface CaseStanding {
  /** Where its lift stands; null when the hub has no embargo of it. */
  readonly lift: LiftState | null
  /** Place in the log of its newest report of a leak, received sample or computed match; null for none. */
  readonly newestFinding: number | null
  /** Place in the log of its newest sealed dossier; null for none. */
  readonly newestDossier: number | null
}

/** Events that open an investigation, which a sealed dossier ends. */
export const FINDINGS = ['leak.reported', 'sample.received', 'match.computed'] as const

/**
 * Why a case is still open, so that everything that is evidence in it is on legal hold; null when it is over. A case is open until its
 * embargo is lifted, and while something was found in it that no dossier was sealed after. A case without an embargo has no end that the hub
 * knows of, so it is open too.
 */
export function whyOpen({ lift, newestFinding, newestDossier }: CaseStanding): string | null {
  if (lift === null) return 'the hub has no embargo of it that was lifted'
  if (lift !== 'lifted') return 'its embargo is not lifted'
  if (newestFinding === null || (newestDossier !== null && newestDossier > newestFinding)) return null
  return 'no dossier was sealed since its newest finding'
}

/**
 * Why an event of this type and stream is never erased; null when it may be. The record of erasures has to last, and the keys of the log, of
 * witnesses and of releases, which stand in the administration's stream, are about no person and are what every proof is checked with.
 */
export function whyKept(type: string, stream: string): string | null {
  if (type === 'erasure.performed') return 'it is the record of an erasure'
  if (stream === 'admin' && (type === 'key.enrolled' || type === 'key.revoked'))
    return 'every dossier is checked with the keys that it names'
  return null
}
