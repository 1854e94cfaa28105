import type { Container, Piece } from '../../internal/piece-order.ts'
import type { Span } from '../../site.ts'
import { canonicalCondition, chainsOf } from './condition.ts'
import { documentsIn } from './excerpts.ts'
import { type Entry, type Node, type YamlDocument, scalarsOf } from './tree.ts'

/** A container with the node it was made of, for the finder; `node` is null for a chain of the condition. */
export interface SigmaContainer extends Container {
  readonly node: Node | null
  readonly words: readonly (readonly string[])[]
}

/** Every container of a text: root mapping, mappings and lists of each document, chains of its conditions. */
export function containersOf(text: string): readonly SigmaContainer[] {
  return documentsIn(text).flatMap((document) => documentContainers(text, document))
}

/** The containers of one document, in text order of their parents. */
export function documentContainers(text: string, document: YamlDocument): readonly SigmaContainer[] {
  const scope = scopeOf(document)
  const first = document.entries[0]
  const last = document.entries[document.entries.length - 1]
  const span = { start: first?.span.start ?? 0, end: last?.span.end ?? 0 }
  const containers: SigmaContainer[] = []
  visit({ kind: 'map', span, entries: document.entries }, [], { text, scope, containers })
  return containers
}

interface Walk {
  readonly text: string
  readonly scope: ReadonlySet<string>
  readonly containers: SigmaContainer[]
}

function visit(node: Node, path: readonly string[], walk: Walk): void {
  if (node.kind === 'scalar') {
    if (path.length === 2 && path[1] === 'condition') conditionContainers(node, path, walk)
    return
  }
  const children = node.kind === 'map' ? node.entries.map((entry) => entry.value) : node.items
  const pieces = node.kind === 'map' ? node.entries.map(entryPiece) : node.items.map(itemPiece)
  const local = new Set([...pieces.map((piece) => piece.key), ...scalarsOf(node)])
  walk.containers.push({ kind: node.kind, path: path.join('/'), pieces, local, scope: walk.scope, node, words: [] })
  for (const [i, child] of children.entries()) {
    const name = node.kind === 'map' ? (node.entries[i]?.key ?? '') : '*'
    visit(child, [...path, name], walk)
  }
}

function entryPiece(entry: Entry): Piece {
  return { key: entry.key, span: entry.span }
}

function itemPiece(item: Node): Piece {
  return { key: item.kind === 'scalar' ? item.value : canonicalNode(item, []), span: item.span }
}

function conditionContainers(node: Node & { readonly kind: 'scalar' }, path: readonly string[], walk: Walk): void {
  const inner = innerSpan(walk.text, node)
  for (const chain of chainsOf(node.value)) {
    const pieces = chain.operands.map((operand) => ({ key: operand.key, span: shift(operand.span, inner) }))
    const local = new Set(pieces.map((piece) => piece.key))
    const place = [...path, chain.operator, chain.depth].join('/')
    const words = chain.operands.map((operand) => operand.words)
    walk.containers.push({ kind: 'condition', path: place, pieces, local, scope: walk.scope, node: null, words })
  }
}

/** Offsets inside a condition that is folded or escaped are not those of the text; then every piece stands at the value's start. */
function shift(span: Span, inner: Span | number): Span {
  if (typeof inner === 'number') return { start: inner, end: inner }
  return { start: inner.start + span.start, end: inner.start + span.end }
}

function innerSpan(text: string, node: Node & { readonly kind: 'scalar' }): Span | number {
  const quote = node.style === 'quoted' ? 1 : 0
  const span = { start: node.span.start + quote, end: node.span.end - quote }
  return text.slice(span.start, span.end) === node.value ? span : node.span.start
}

const TELLING: ReadonlySet<string> = new Set(['title', 'id', 'description', 'detection', 'references', 'correlation'])
const COMMON_VALUE = 4

function scopeOf(document: YamlDocument): ReadonlySet<string> {
  const telling = document.entries.filter((entry) => TELLING.has(entry.key))
  const entries = telling.length > 0 ? telling : document.entries
  const values = entries.flatMap((entry) => scalarsOf(entry.value))
  return new Set(
    values.map((value) => value.replace(/\s+/g, ' ').trim()).filter((value) => value.length >= COMMON_VALUE),
  )
}

/** A spelling of a node in which order does not count, except in correlations, where it may. */
export function canonicalNode(node: Node, path: readonly string[]): string {
  if (node.kind === 'scalar')
    return JSON.stringify(path.length === 2 && path[1] === 'condition' ? canonicalCondition(node.value) : node.value)
  if (node.kind === 'list') {
    const items = node.items.map((item) => canonicalNode(item, [...path, '*']))
    return `[${(path[0] === 'correlation' ? items : items.sort()).join(',')}]`
  }
  const entries = node.entries.map(
    (entry) => `${JSON.stringify(entry.key)}:${canonicalNode(entry.value, [...path, entry.key])}`,
  )
  return `{${entries.sort().join(',')}}`
}
