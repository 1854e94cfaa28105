import type { ChronologyEvent } from '../case-file.ts'
import { ATTACK_KINDS, type EventKind, PUBLICATION_KINDS } from '../event-kinds.ts'
import { byNominal, filedBefore, nominalOf } from './nominal.ts'

/** A stretch between two events that a reader looks for; `to` is `null` when nothing on record ends it. */
export interface CaseWindow {
  readonly name: 'Embargo' | 'Exposure'
  readonly says: string
  readonly from: ChronologyEvent
  readonly to: ChronologyEvent | null
}

const TOLD: readonly EventKind[] = ['reported-to-vendor', 'shared-with-partners']
const MADE_KNOWN: readonly EventKind[] = [...PUBLICATION_KINDS, 'embargo-broken', 'partner-public-mention']

/** The embargo, from the first report or hand-over to the first publication; and the exposure, from the first attack to the first fix. Low confidence is passed over. */
export function caseWindows(events: readonly ChronologyEvent[]): readonly CaseWindow[] {
  const solid = events.filter((event) => event.confidence !== 'low').sort(byNominal)
  const first = (kinds: readonly EventKind[]): ChronologyEvent | undefined =>
    solid.find((event) => kinds.includes(event.kind))
  const told = first(TOLD)
  const attack = first(ATTACK_KINDS)
  const known = first(MADE_KNOWN)
  const fix = first(['fix-released'])
  return [
    ...window('Embargo', 'first report or hand-over to first publication', told, known),
    ...window('Exposure', 'first attack to first fix', attack, fix),
  ]
}

function window(
  name: CaseWindow['name'],
  says: string,
  from: ChronologyEvent | undefined,
  to: ChronologyEvent | undefined,
): readonly CaseWindow[] {
  if (from === undefined) return []
  if (to === undefined) return [{ name, says, from, to: null }]
  return filedBefore(nominalOf(from), nominalOf(to)) ? [{ name, says, from, to }] : []
}
