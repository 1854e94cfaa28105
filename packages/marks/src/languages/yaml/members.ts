import type { CommentGuard } from '../../internal/comment-guard.ts'
import { type Container, looksSorted, type OrderKind, orderDrafts } from '../../internal/piece-order.ts'
import type { SiteDraft } from '../../language.ts'
import { survivalOf } from '../../survival.ts'
import { isMovable, type Node } from '../sigma/tree.ts'

type MapNode = Node & { readonly kind: 'map' }

/** A mapping as a container, with what its finder needs to know of the place. */
export interface MapContainer extends Container {
  readonly node: MapNode
  /** Keys and `*` for list items, from the root. */
  readonly steps: readonly string[]
  /** True for a mapping in a list whose other items are written alike. */
  readonly inTable: boolean
}

/** Values longer than this say as much as their beginning. */
const MAX_VALUE = 200

/** Every mapping below the roots, parents first. */
export function mapContainers(roots: readonly Node[]): MapContainer[] {
  const out: MapContainer[] = []
  for (const root of roots) visit(root, { steps: [], around: contentOf(root), inTable: false }, out)
  return out
}

interface Place {
  readonly steps: readonly string[]
  readonly around: ReadonlySet<string>
  readonly inTable: boolean
}

function visit(node: Node, place: Place, out: MapContainer[]): void {
  if (node.kind === 'scalar') return
  const own = contentOf(node)
  if (node.kind === 'list') {
    const tables = rowsAlike(node.items)
    for (const item of node.items)
      visit(item, { steps: [...place.steps, '*'], around: own, inTable: tables.has(rowOf(item)) }, out)
    return
  }
  const pieces = node.entries.map((entry) => ({ key: entry.key, span: entry.span }))
  const { steps, around, inTable } = place
  out.push({ kind: 'map', path: steps.join('/'), pieces, local: own, scope: around, node, steps, inTable })
  for (const entry of node.entries)
    visit(entry.value, { steps: [...steps, entry.key], around: own, inTable: false }, out)
}

/** Keys and values of a node and its children's children; deeper ones belong to containers of their own. */
function contentOf(node: Node, depth = 0): Set<string> {
  if (node.kind === 'scalar') return new Set([node.value.slice(0, MAX_VALUE)])
  if (depth > 2) return new Set()
  const inner = node.kind === 'map' ? node.entries.map((entry) => entry.value) : node.items
  const keys = node.kind === 'map' ? node.entries.map((entry) => `${entry.key}:`) : []
  return new Set([...keys, ...inner.flatMap((child) => [...contentOf(child, depth + 1)])])
}

function rowOf(node: Node): string {
  return node.kind === 'map' ? node.entries.map((entry) => entry.key).join('\n') : ''
}

/** Key sequences that two or more items of a list share: among such rows another order would show. */
function rowsAlike(items: readonly Node[]): Set<string> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(rowOf(item), (counts.get(rowOf(item)) ?? 0) + 1)
  return new Set([...counts].filter(([, count]) => count > 1).map(([row]) => row))
}

const KIND: OrderKind = { kind: 'member-order', pool: 'structural', survival: survivalOf('member-order') }

/** Sites of all mappings whose order can mean nothing; `base` is the index of the first container among those the reader will see. */
export function memberDrafts(text: string, guard: CommentGuard, containers: readonly MapContainer[]): SiteDraft[] {
  return containers.flatMap((container, index) => {
    if (container.inTable || isOrdered(container)) return []
    const pieces = container.pieces.map((piece) => ({ ...piece, span: guard.extend(piece.span) }))
    const entries = container.node.entries
    const keys = entries.map((entry) => entry.key)
    const mayTrade = (a: number, b: number): boolean =>
      [a, b].every((at) => isMovable(entries[at]!.value) && !LEADING.test(keys[at]!)) &&
      (b - a > 1 || guard.mayTrade(pieces[a]!.span, pieces[b]!.span))
    return orderDrafts(text, { ...container, pieces }, index, KIND, mayTrade).map(withForms)
  })
}

/** Which orders a tool that sorts keys would make. */
function withForms(draft: SiteDraft): SiteDraft {
  const keys = Array.isArray(draft.anchor['keys']) ? draft.anchor['keys'].map(String) : []
  const forms = draft.variants.map(({ order }) => {
    const shown = (order ?? keys.map((_, at) => at)).map((at) => keys[at] ?? '')
    return shown.every((key, at) => at === 0 || shown[at - 1]! <= key) ? 'sorted' : 'unsorted'
  })
  return { ...draft, anchor: { ...draft.anchor, forms } }
}

/** What people put first, whatever the order of the rest. */
const LEADING = /^(?:apiVersion|kind|metadata|name|id|title|type|version|description|summary|\$?schema|spec|on|hosts)$/
/** Mappings that somebody walks in order, shows in order or takes the first match from; all that is below them too. */
const WALKED =
  /^(?:exports|imports|conditions?|overrides?|rules?|routes?|routing|redirects?|rewrites|paths|pipelines?|steps|stages?|order(?:_?by)?|sort|columns|properties|aliases|alias|handlers?|middlewares?|plugins|presets|projection|aggregate|aggs|aggregations|enum|menus?|nav|navigation|toc|sections|matrix|jobs|tasks|migrations|queries|sequence|commands|hooks|transform|patterns?|mappings?|scripts|files|actions?|workflows?|phases?|sources|repos|loaders?|volumes|layers?|query|where|filters?|definitions|components)$/i
const CONDITION_NAMES = /^(?:import|require|default|node|browser|types|development|production)$/

function isOrdered({ steps, node }: MapContainer): boolean {
  const keys = node.entries.map((entry) => entry.key)
  if (steps.some((step) => WALKED.test(step)) || looksSorted(keys)) return true
  if (new Set(keys).size < keys.length || keys.some((key) => /^[$@]|^\d+$|^\.|\*/.test(key))) return true
  return keys.filter((key) => CONDITION_NAMES.test(key)).length > 1
}

/** A spelling of a node in which the order of members does not count. */
export function canonicalData(node: Node): string {
  if (node.kind === 'scalar') return `${node.style === 'quoted' ? 's' : 'p'}${JSON.stringify(node.value)}`
  if (node.kind === 'list') return `[${node.items.map(canonicalData).join(',')}]`
  const entries = node.entries.map((entry) => `${JSON.stringify(entry.key)}:${canonicalData(entry.value)}`)
  return `{${entries.sort().join(',')}}`
}
