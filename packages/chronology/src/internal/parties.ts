import type { ChronologyEvent } from '../case-file.ts'
import { byNominal } from './nominal.ts'

const NAMES_NOBODY = new Set(
  'researcher researchers security team teams unnamed unknown unattributed others multiple group groups several many'.split(
    ' ',
  ),
)

/**
 * Discoveries by somebody other than the finder (who is the first to report, else the first to discover): `discovered` events whose actor shares no telling word with the
 * finder's name. Events without a telling name are not counted: nobody becomes a second finder by a vague word.
 */
export function secondDiscoveries(events: readonly ChronologyEvent[]): readonly ChronologyEvent[] {
  const sorted = [...events].sort(byNominal)
  const named = sorted.filter((event) => tellingWords(event.actor).size > 0)
  const finder = named.find((event) => event.kind === 'reported-to-vendor') ?? named.find(isWellAttestedDiscovery)
  if (finder === undefined) return []
  const finderNames = tellingWords(finder.actor)
  return sorted.filter((event) => {
    if (event.kind !== 'discovered') return false
    const names = [...tellingWords(event.actor)]
    return names.length > 0 && !names.some((word) => finderNames.has(word))
  })
}

function isWellAttestedDiscovery(event: ChronologyEvent): boolean {
  return event.kind === 'discovered' && event.confidence !== 'low'
}

function tellingWords(actor: string | null): Set<string> {
  const words = (actor ?? '').toLowerCase().match(/\p{L}{4,}/gu) ?? []
  return new Set(words.filter((word) => !NAMES_NOBODY.has(word)))
}
