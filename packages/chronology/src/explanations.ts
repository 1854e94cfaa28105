import type { EventKind } from './event-kinds.ts'

/** The closed list of explanations; case files use the same names in `known_outcome`. */
export const EXPLANATION_IDS = [
  'independent-discovery',
  'attacker-prior-use',
  'finder-side-leak',
  'vendor-side-leak',
  'vendor-accidental-publication',
  'public-commit',
  'patch-diffing',
  'public-details',
  'partner-leak',
  'partner-intrusion',
  'partner-accidental-publication',
  'third-party-rediscovery',
] as const

/** One of the ids above. */
export type ExplanationId = (typeof EXPLANATION_IDS)[number]

/** What must have happened before a wave began for an explanation to be possible. */
export interface Requirement {
  /** In words, after "needs": shown in reports. */
  readonly what: string
  /** One event of these kinds must come possibly before the wave's start. */
  readonly anyOf: readonly EventKind[]
  /** Events which show that it had happened at some unknown time before them; where one of them may come before every dated `anyOf` event, there is no lower bound. */
  readonly impliedBy: readonly EventKind[]
  /** Whether the wave's own events may serve. */
  readonly ownEvents: boolean
  /** When no such event is recorded: still possible on an unrecorded event, or not if the record covers publication (for things that everybody can see). */
  readonly whenUnrecorded: 'possible' | 'excluded-if-publication-recorded'
}

/** One entry of the closed list: an account of how those behind a wave came by the flaw. */
export interface Explanation {
  readonly id: ExplanationId
  /** One sentence in plain words. */
  readonly says: string
  /** Explanations of one group cannot be told apart by dates or by the marks of a copy, and are weighed together. */
  readonly group: string
  /** Whether it points at an organisation. Dates alone never carry such an explanation beyond "contested". */
  readonly accuses: boolean
  /** `null`: no date can exclude it. */
  readonly requires: Requirement | null
  /** The evidence that would settle it, as a sentence fragment. */
  readonly settledBy: string
}

const FINDER_KNEW: Requirement = {
  what: 'a finder who knew the flaw',
  anyOf: ['discovered'],
  impliedBy: ['reported-to-vendor'],
  ownEvents: false,
  whenUnrecorded: 'possible',
}
const VENDOR_KNEW: Requirement = {
  what: 'a vendor that knew of the flaw',
  anyOf: ['reported-to-vendor', 'vendor-acknowledged', 'cve-reserved'],
  impliedBy: ['patch-commit-public', 'fix-released'],
  ownEvents: false,
  whenUnrecorded: 'possible',
}
const PARTNERS_KNEW: Requirement = {
  what: 'a hand-over to partners',
  anyOf: ['shared-with-partners'],
  impliedBy: [],
  ownEvents: false,
  whenUnrecorded: 'possible',
}

function publicly(what: string, anyOf: readonly EventKind[]): Requirement {
  return { what, anyOf, impliedBy: [], ownEvents: false, whenUnrecorded: 'excluded-if-publication-recorded' }
}

function entry(
  id: ExplanationId,
  says: string,
  requires: Requirement | null,
  settledBy: string,
  place: { readonly group?: string; readonly accuses?: boolean } = {},
): Explanation {
  return { id, says, requires, settledBy, group: place.group ?? id, accuses: place.accuses ?? false }
}

/** The closed list as data, in the order of EXPLANATION_IDS. */
export const EXPLANATIONS: readonly Explanation[] = [
  entry(
    'independent-discovery',
    'Those behind it found the flaw themselves.',
    null,
    'tools or notes of theirs that are older than the finder’s work, or code that shares nothing with what was reported and handed over',
  ),
  entry(
    'attacker-prior-use',
    'It was already in attackers’ hands, from earlier use, and passed on among them.',
    null,
    'traces of the same tool in logs from before, or the same tool in the hands of an earlier group',
  ),
  entry(
    'finder-side-leak',
    'It came from the finder or the finder’s surroundings (a contest, an employer, a broker), passed on, published or stolen.',
    FINDER_KNEW,
    'the marks of the finder’s own copy in the tool, or the finder’s access logs',
    { accuses: true },
  ),
  entry(
    'vendor-side-leak',
    'It came from inside the vendor, passed on or stolen.',
    VENDOR_KNEW,
    'the marks of a copy kept inside the vendor, or the vendor’s access logs',
    { accuses: true },
  ),
  entry(
    'vendor-accidental-publication',
    'The vendor published it by mistake before the date.',
    VENDOR_KNEW,
    'archived copies of the vendor’s pages, feeds and update files from before the wave',
    { accuses: true },
  ),
  entry(
    'public-commit',
    'It was read out of a fix that stood in a public repository before the release.',
    publicly('a fix in a public repository', ['patch-commit-public']),
    'when the change became visible to the public, and who had looked at it',
  ),
  entry(
    'patch-diffing',
    'It was worked out from the fix.',
    publicly('a published fix', ['fix-released', 'patch-commit-public']),
    'the hour at which the fix could first be fetched, against the hour of the first attack',
  ),
  entry(
    'public-details',
    'It followed published details or a published exploit.',
    publicly('published details', [
      'public-disclosure',
      'exploit-public',
      'advisory-published',
      'embargo-broken',
      'partner-public-mention',
    ]),
    'whether the tool shares code with what had been published',
  ),
  entry(
    'partner-leak',
    'A copy handed to a partner was passed on.',
    PARTNERS_KNEW,
    'the marks of one partner’s copy in the tool; they name the copy, not who let it go',
    { group: 'partner-copy', accuses: true },
  ),
  entry(
    'partner-intrusion',
    'A copy handed to a partner was stolen from it.',
    PARTNERS_KNEW,
    'the marks of one partner’s copy in the tool, and then that partner’s logs for signs of an intrusion',
    { group: 'partner-copy', accuses: true },
  ),
  entry(
    'partner-accidental-publication',
    'A partner published it by mistake before the date.',
    { ...PARTNERS_KNEW, anyOf: ['shared-with-partners', 'partner-public-mention'], ownEvents: true },
    'archived copies of the partners’ rules, notes and pages from before the wave',
    { accuses: true },
  ),
  entry(
    'third-party-rediscovery',
    'Somebody unconnected with the case found the flaw too, and it came from there.',
    null,
    'a second report or a talk, repository or sale that shows another finder at work',
  ),
]

/** The entry of the closed list with this id. */
export function explanation(id: ExplanationId): Explanation {
  const found = EXPLANATIONS.find((candidate) => candidate.id === id)
  if (found === undefined) throw new RangeError(`no explanation ${id}`)
  return found
}
