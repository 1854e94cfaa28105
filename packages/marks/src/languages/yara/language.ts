import { lineCounter } from '../../internal/line-of.ts'
import {
  type ContainerIndex,
  type Container,
  type OrderReading,
  absent,
  anchorKeys,
  holds,
  matching,
} from '../../internal/piece-order.ts'
import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import type { Language } from '../../language.ts'
import type { MarkSite } from '../../site.ts'
import { faultOf } from './check.ts'
import { canonicalRules, containersOf } from './containers.ts'
import { findSites } from './find.ts'
import { splitName } from './names.ts'
import { parseRules } from './rules.ts'

/** YARA rules. */
export const yara: Language = {
  id: 'yara',
  matches: (path) => /\.yara?$/.test(path),
  comment: { open: '//', close: '' },
  find: (text) => Promise.resolve(findSites(text)),
  read: (plan, sample) => Promise.resolve(readSites(plan, sample, containersOf, readName)),
  parseError: (text) => {
    const fault = faultOf(text)
    return Promise.resolve(fault === null ? null : `line ${lineCounter(text)(fault.at)}: ${fault.what}`)
  },
  resembles: (text) => {
    const rules = parseRules(text).rules.filter((rule) => rule.name !== '' && rule.condition.length > 0)
    return Promise.resolve(rules.length > 0 ? 0.9 : 0)
  },
  canonical: (file, text) => Promise.resolve(canonicalRules(wireAlike(file)(text))),
}

function readName(site: MarkSite, planned: readonly Container[], sample: ContainerIndex): OrderReading | null {
  const words = site.anchor['words']
  if (site.kind !== 'string-name' || !Array.isArray(words)) return null
  const keys = anchorKeys(site.anchor)
  const found = new Map<number, number>()
  for (const container of matching(site.anchor, planned, sample)) {
    const state = holds(container, keys)
    if (state === 'twice') return absent('a string stands there twice')
    if (state === 'no') continue
    for (const piece of container.pieces.filter((candidate) => keys.includes(candidate.key)))
      found.set(words.indexOf(splitName(piece.label ?? '').stem), piece.span.start)
  }
  const [only, ...others] = found
  if (only === undefined) return absent('not found')
  if (others.length > 0) return absent('several names are present')
  return only[0] < 0
    ? absent('renamed to something else')
    : { variant: only[0], at: only[1], why: 'name of the string' }
}
