/** Every kind an event may have, in the order of a case's life as far as there is one (the list of the case-file format). */
export const EVENT_KINDS = [
  'vulnerability-introduced',
  'discovered',
  'reported-to-vendor',
  'vendor-acknowledged',
  'cve-reserved',
  'shared-with-partners',
  'partner-public-mention',
  'patch-commit-public',
  'fix-released',
  'advisory-published',
  'public-disclosure',
  'exploit-public',
  'exploit-private-shared',
  'attack-observed',
  'mass-scanning',
  'mass-exploitation',
  'leak-suspected',
  'leak-confirmed',
  'embargo-broken',
  'embargo-moved',
  'partner-removed',
  'kev-added',
  'other',
] as const

/** One of the kinds above. */
export type EventKind = (typeof EVENT_KINDS)[number]

/** Somebody used the flaw against others. */
export const ATTACK_KINDS: readonly EventKind[] = ['attack-observed', 'mass-scanning', 'mass-exploitation']

/** Knowledge of the flaw, or code for it, came out where it was not yet meant to be, or nobody had planned it. */
export const EXPOSURE_KINDS: readonly EventKind[] = [
  'embargo-broken',
  'partner-public-mention',
  'exploit-public',
  'leak-confirmed',
]

/** Events that everybody can see: where one of them is recorded, the record covers publication. */
export const PUBLICATION_KINDS: readonly EventKind[] = [
  'patch-commit-public',
  'fix-released',
  'advisory-published',
  'public-disclosure',
  'exploit-public',
]
