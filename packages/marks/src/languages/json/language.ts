import { commentGuard } from '../../internal/comment-guard.ts'
import { lineCounter } from '../../internal/line-of.ts'
import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { canonicalData, mapContainers, memberDrafts } from '../yaml/members.ts'
import { parseJson } from './tree.ts'

/** JSON, with comments too: sites are members of objects, which have no order by definition (RFC 8259, section 4). */
export const json: Language = {
  id: 'json',
  matches: (path) => /\.(?:json|jsonc|har|webmanifest)$/i.test(path),
  comment: { open: '//', close: '' },
  find: (text) => Promise.resolve(findMembers(text)),
  read: (plan, sample) => Promise.resolve(readSites(plan, sample, (text) => mapContainers(parseJson(text).roots))),
  parseError: (text) => {
    const { firstError } = parseJson(text)
    return Promise.resolve(firstError === null ? null : `no JSON at line ${lineCounter(text)(firstError)}`)
  },
  resembles: (text) => Promise.resolve(/^\s*[{[]/.test(text) && parseJson(text).firstError === null ? 0.95 : 0),
  canonical: (file, text) => Promise.resolve(parseJson(wireAlike(file)(text)).roots.map(canonicalData).join('\n')),
}

function findMembers(text: string): SiteDraft[] {
  const { roots, comments, firstError } = parseJson(text)
  if (firstError !== null) return []
  return memberDrafts(text, commentGuard(text, comments), mapContainers(roots))
}
