import type { Language } from '../../language.ts'
import { lineCounter } from '../../internal/line-of.ts'
import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import { canonicalRules } from './canonical.ts'
import { containersOf } from './containers.ts'
import { findSites } from './find.ts'
import { faultOf, parseRules } from './rules.ts'

/** Suricata and Snort rules files. Detection options never move; see `findSites` for what does. */
export const suricata: Language = {
  id: 'suricata',
  matches: (path) => path.endsWith('.rules'),
  comment: { open: '#', close: '' },
  find: (text) => Promise.resolve(findSites(text)),
  read: (plan, sample) => Promise.resolve(readSites(plan, sample, containersOf)),
  parseError: (text) => {
    const fault = faultOf(text)
    return Promise.resolve(fault === null ? null : `line ${lineCounter(text)(fault.at)}: ${fault.what}`)
  },
  resembles: (text) => Promise.resolve(parseRules(text).rules.length > 0 ? 0.9 : 0),
  canonical: (file, text) => Promise.resolve(canonicalRules(wireAlike(file)(text))),
}
