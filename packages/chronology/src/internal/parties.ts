import type { ChronologyEvent } from '../case-file.ts'
import type { EventKind } from '../event-kinds.ts'
import { type Interval, intervalOf } from '../order.ts'
import { byNominal, filedBefore, nominalOf } from './nominal.ts'

const NAMES_NOBODY = new Set(
  'researcher researchers security team teams unnamed unknown unattributed others multiple group groups several many'.split(
    ' ',
  ),
)

/** Kinds whose actor is the author of something published. */
const AUTHORED: ReadonlySet<EventKind> = new Set<EventKind>(['exploit-public', 'public-disclosure'])

/**
 * Discoveries by somebody other than the finder (who is the first to report, else the first to discover): `discovered` events whose actor shares no telling word with the
 * finder's name. Events without a telling name are not counted: nobody becomes a second finder by a vague word.
 */
export function secondDiscoveries(events: readonly ChronologyEvent[]): readonly ChronologyEvent[] {
  const sorted = [...events].sort(byNominal)
  const finder = reporterOrDiscoverer(sorted)
  if (finder === undefined) return []
  const finderNames = tellingWords(finder.actor)
  return sorted.filter((event) => {
    if (event.kind !== 'discovered') return false
    const names = [...tellingWords(event.actor)]
    return names.length > 0 && !names.some((word) => finderNames.has(word))
  })
}

/**
 * The event that shows who the finder is: the first report, else the first well-attested discovery, else (nobody else is on record as having known the flaw) the first
 * publication of details or code while no fix was out that lasted. Only named actors count.
 * @param events in nominal order
 */
export function finderEvent(events: readonly ChronologyEvent[]): ChronologyEvent | undefined {
  const known = reporterOrDiscoverer(events)
  if (known !== undefined) return known
  const first = events.find((event) => AUTHORED.has(event.kind) && event.confidence !== 'low')
  if (first === undefined || tellingWords(first.actor).size === 0) return undefined
  const replaced = replacedFixes(events)
  const lasting = events.filter((event) => event.kind === 'fix-released' && event.confidence !== 'low')
  const out = lasting.some(
    (fix) => filedBefore(nominalOf(fix), nominalOf(first)) && !isReplaced(fix, intervalOf(first), replaced),
  )
  return out ? undefined : first
}

/** For every fix whose publisher published another one that does not contradict it: the earliest instant of the last such fix. */
export function replacedFixes(events: readonly ChronologyEvent[]): ReadonlyMap<string, number> {
  const fixes = events
    .filter((event) => event.kind === 'fix-released' && event.confidence !== 'low')
    .map((event) => ({ event, words: tellingWords(event.actor) }))
  return new Map(
    fixes.flatMap((fix): readonly (readonly [string, number])[] => {
      const others = fixes.filter(
        (other) => other !== fix && shareWord(fix.words, other.words) && !contradict(fix.event, other.event),
      )
      return others.length === 0
        ? []
        : [[fix.event.id, Math.max(...others.map(({ event }) => intervalOf(event).earliest))]]
    }),
  )
}

/** Whether a fix came certainly before `moment` and another one by the same publisher certainly after it: the first one did not do. */
export function isReplaced(fix: ChronologyEvent, moment: Interval, replaced: ReadonlyMap<string, number>): boolean {
  return intervalOf(fix).latest < moment.earliest && moment.latest < (replaced.get(fix.id) ?? -Infinity)
}

/** Whether the names of two actors share a telling word. */
export function sameParty(a: ChronologyEvent, b: ChronologyEvent): boolean {
  return shareWord(tellingWords(a.actor), tellingWords(b.actor))
}

function shareWord(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...b].some((word) => a.has(word))
}

function contradict(a: ChronologyEvent, b: ChronologyEvent): boolean {
  return a.conflictsWith.includes(b.id) || b.conflictsWith.includes(a.id)
}

function reporterOrDiscoverer(sorted: readonly ChronologyEvent[]): ChronologyEvent | undefined {
  const named = sorted.filter((event) => tellingWords(event.actor).size > 0)
  return named.find((event) => event.kind === 'reported-to-vendor') ?? named.find(isWellAttestedDiscovery)
}

function isWellAttestedDiscovery(event: ChronologyEvent): boolean {
  return event.kind === 'discovered' && event.confidence !== 'low'
}

/** The words of a name that tell one party from another, in lower case; none for `several researchers`. */
export function tellingWords(actor: string | null): Set<string> {
  const words = (actor ?? '').toLowerCase().match(/\p{L}{4,}/gu) ?? []
  return new Set(words.filter((word) => !NAMES_NOBODY.has(word)))
}
