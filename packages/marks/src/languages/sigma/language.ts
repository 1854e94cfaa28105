import { lineCounter } from '../../internal/line-of.ts'
import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import type { Language } from '../../language.ts'
import { canonicalNode, containersOf } from './containers.ts'
import { documentsIn } from './excerpts.ts'
import { findSites } from './find.ts'
import { parseRoots, parseYaml } from './tree.ts'

/** Sigma rules, filters and correlations in YAML. Files of this name that are other YAML parse and carry no sites. */
export const sigma: Language = {
  id: 'sigma',
  matches: (path) => /\.ya?ml$/.test(path),
  owns: isSigma,
  comment: { open: '#', close: '' },
  find: (text) => Promise.resolve(findSites(text)),
  read: (plan, sample) => Promise.resolve(readSites(plan, sample, containersOf)),
  parseError: (text) => {
    const parsed = parseYaml(text, false)
    return Promise.resolve(parsed.ok ? null : `line ${lineCounter(text)(parsed.at)}: ${parsed.what}`)
  },
  resembles: (text) => {
    const isRule = documentsIn(text).some((document) => {
      const keys = new Set(document.entries.map((entry) => entry.key))
      return keys.has('detection') && (keys.has('logsource') || keys.has('title'))
    })
    return Promise.resolve(isRule ? 0.9 : 0)
  },
  canonical: (file, text) => Promise.resolve(canonicalText(wireAlike(file)(text))),
}

/** True for a text that holds a rule, a correlation or a filter, and for one that is no YAML at all. */
function isSigma(text: string): boolean {
  const documents = documentsIn(text)
  if (documents.length === 0) return !parseRoots(text, true).ok
  return documents.some((document) =>
    document.entries.some(({ key }) => key === 'detection' || key === 'correlation' || key === 'filter'),
  )
}

/** Each document of the stream with sorted keys, lists and operands. */
function canonicalText(text: string): string {
  return documentsIn(text)
    .map((document) => canonicalNode({ kind: 'map', span: { start: 0, end: 0 }, entries: document.entries }, []))
    .join('\n')
}
