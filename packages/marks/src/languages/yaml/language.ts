import { commentGuard } from '../../internal/comment-guard.ts'
import { lineCounter } from '../../internal/line-of.ts'
import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { commentsOf, type Node, parseRoots } from '../sigma/tree.ts'
import { canonicalData, mapContainers, memberDrafts } from './members.ts'

/** YAML that is no Sigma: settings and other data. Sites are members of mappings; none where anchors, aliases or tags are. */
export const yaml: Language = {
  id: 'yaml',
  matches: (path) => /\.ya?ml$/i.test(path),
  comment: { open: '#', close: '' },
  find: (text) => Promise.resolve(findMembers(text)),
  read: (plan, sample) => Promise.resolve(readSites(plan, sample, (text) => mapContainers(rootsIn(text)))),
  parseError: (text) => {
    const parsed = parseRoots(text, false)
    return Promise.resolve(parsed.ok ? null : `line ${lineCounter(text)(parsed.at)}: ${parsed.what}`)
  },
  resembles: (text) => Promise.resolve(resemblance(text)),
  canonical: (file, text) => Promise.resolve(rootsIn(wireAlike(file)(text)).map(canonicalData).join('\n')),
}

/** The documents of any text: as a whole where it is YAML, else its blocks at the left margin one by one. */
function rootsIn(text: string): Node[] {
  const whole = parseRoots(text, true)
  if (whole.ok) return whole.roots.map(({ node }) => node)
  return blocksOf(text).flatMap(({ start, end }) => {
    const block = parseRoots(text.slice(start, end), true, start)
    return block.ok ? block.roots.map(({ node }) => node) : []
  })
}

const MAX_BLOCKS = 2000

/** Stretches that start at the left margin with a key or a list item and go on to the next such line. */
function blocksOf(text: string): { start: number; end: number }[] {
  const starts = [...text.matchAll(/^(?:[\w"'][^\n:]*:(?=\s)|- )/gm)].slice(0, MAX_BLOCKS).map((found) => found.index)
  return starts.map((start, at) => ({ start, end: starts[at + 1] ?? text.length }))
}

function findMembers(text: string): SiteDraft[] {
  const parsed = parseRoots(text, false)
  if (!parsed.ok || parsed.roots.some(({ plain }) => !plain)) return []
  const containers = mapContainers(parsed.roots.map(({ node }) => node))
  return memberDrafts(text, commentGuard(text, commentsOf(text)), containers)
}

const MIN_KEYS = 3

/** Mappings or lists of mappings with a few keys on lines of their own; prose with a colon is no YAML, and JSON has a language of its own. */
function resemblance(text: string): number {
  if (/^\s*[{[]/.test(text)) return 0
  const parsed = parseRoots(text, true)
  if (!parsed.ok) return 0
  const keys = mapContainers(parsed.roots.map(({ node }) => node)).flatMap((container) => container.pieces)
  const plain = keys.filter((piece) => /^[\w.$/-]{1,60}$/.test(piece.key)).length
  return plain >= MIN_KEYS && plain >= 0.8 * keys.length ? 0.6 : 0
}
