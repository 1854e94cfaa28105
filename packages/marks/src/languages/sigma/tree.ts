import {
  type Document,
  Parser,
  type YAMLMap,
  type YAMLSeq,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml'
import type { Span } from '../../site.ts'

/** A YAML node with the text it covers: from its first character to its last, without trailing comments and line ends. */
export type Node =
  | { readonly kind: 'map'; readonly span: Span; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly Node[] }
  | { readonly kind: 'scalar'; readonly span: Span; readonly value: string; readonly style: ScalarStyle }

/** How a scalar is written; `block` scalars and values that are simply left out cannot be moved as text. */
export type ScalarStyle = 'plain' | 'quoted' | 'block' | 'empty'

/** One `key: value`; the span covers both. */
export interface Entry {
  readonly key: string
  readonly span: Span
  readonly value: Node
}

/** One YAML document whose root is a mapping. `plain` is false when anchors, aliases, tags or merge keys make order matter. */
export interface YamlDocument {
  readonly entries: readonly Entry[]
  readonly plain: boolean
}

/** The mappings of a YAML stream, or what is wrong with it. */
export type YamlStream =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly at: number; readonly what: string }

const DEEPEST = 100

/** The root of one YAML document, whatever it is; `plain` as in `YamlDocument`. */
export interface YamlRoot {
  readonly node: Node
  readonly plain: boolean
}

/** Parses a YAML stream. Duplicate keys are kept when `lenient`, for texts that were pasted together. Never throws. */
export function parseYaml(text: string, lenient: boolean, base = 0): YamlStream {
  const parsed = parseRoots(text, lenient, base)
  if (!parsed.ok) return parsed
  const documents = parsed.roots.flatMap(({ node, plain }) =>
    node.kind === 'map' ? [{ entries: node.entries, plain }] : [],
  )
  return { ok: true, documents }
}

/** As `parseYaml`, for documents of any kind. */
export function parseRoots(
  text: string,
  lenient: boolean,
  base = 0,
): { readonly ok: true; readonly roots: readonly YamlRoot[] } | Extract<YamlStream, { ok: false }> {
  try {
    const parsed = parseAllDocuments(text, { uniqueKeys: !lenient, logLevel: 'silent', prettyErrors: false })
    const documents = Array.isArray(parsed) ? parsed : []
    const error = documents.flatMap((document) => document.errors)[0]
    if (error !== undefined)
      return { ok: false, at: error.pos[0] + base, what: error.message.split('\n')[0] ?? 'not YAML' }
    return { ok: true, roots: documents.flatMap((document) => rootOf(document, base) ?? []) }
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, at: base, what: 'nested too deeply' }
    throw error
  }
}

function rootOf(document: Document.Parsed, base: number): YamlRoot | null {
  const state = { plain: true, base }
  const node = nodeOf(document.contents, state, 0)
  return node && { node, plain: state.plain }
}

interface State {
  plain: boolean
  readonly base: number
}

function nodeOf(node: unknown, state: State, depth: number): Node | null {
  if (depth > DEEPEST || isAlias(node)) {
    state.plain = false
    return null
  }
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
  if (node.anchor !== undefined || node.tag !== undefined) state.plain = false
  if (isScalar(node)) return scalarOf(node, state)
  return isMap(node) ? mapOf(node, state, depth) : listOf(node, state, depth)
}

function mapOf(node: YAMLMap, state: State, depth: number): Node {
  const entries = node.items.flatMap((item) => entryOf(item.key, item.value, state, depth) ?? [])
  return { kind: 'map', entries, span: collectionSpan(node, entries, state) }
}

function listOf(node: YAMLSeq, state: State, depth: number): Node {
  const items = node.items.flatMap((item) => nodeOf(item, state, depth + 1) ?? [])
  return { kind: 'list', items, span: collectionSpan(node, items, state) }
}

/** The library's own end of a block collection takes in what follows it; the last child's end does not. */
function collectionSpan(node: YAMLMap | YAMLSeq, children: readonly { readonly span: Span }[], state: State): Span {
  const [start, end] = node.range ?? [0, 0]
  const last = children[children.length - 1]
  const flow = node.flow === true || last === undefined
  return { start: start + state.base, end: flow ? end + state.base : last.span.end }
}

function entryOf(key: unknown, value: unknown, state: State, depth: number): Entry | null {
  const name = nodeOf(key, state, depth + 1)
  if (name?.kind !== 'scalar' || name.value === '<<') {
    state.plain = false
    return null
  }
  const empty: Node = {
    kind: 'scalar',
    span: { start: name.span.end, end: name.span.end },
    value: 'null',
    style: 'empty',
  }
  const held = value === null || value === undefined ? empty : nodeOf(value, state, depth + 1)
  if (held === null) return null
  return { key: name.value, span: { start: name.span.start, end: Math.max(held.span.end, name.span.end) }, value: held }
}

function scalarOf(
  node: { value: unknown; type?: string | undefined; range?: readonly number[] | null | undefined },
  state: State,
): Node {
  const start = (node.range?.[0] ?? 0) + state.base
  const end = (node.range?.[1] ?? 0) + state.base
  const style = start === end ? 'empty' : styleOf(node.type)
  const { value } = node
  return { kind: 'scalar', span: { start, end }, value: typeof value === 'string' ? value : String(value), style }
}

function styleOf(type: string | undefined): ScalarStyle {
  if (type?.startsWith('BLOCK') === true) return 'block'
  return type?.startsWith('QUOTE') === true ? 'quoted' : 'plain'
}

/** True when a node can be cut out and put in another's place: it has text, and no block scalar whose line ends belong to it. */
export function isMovable(node: Node): boolean {
  if (node.kind === 'scalar') return node.style !== 'block' && node.style !== 'empty'
  return node.kind === 'map' ? node.entries.every((entry) => isMovable(entry.value)) : node.items.every(isMovable)
}

/** All scalar values below a node. */
export function scalarsOf(node: Node): readonly string[] {
  if (node.kind === 'scalar') return [node.value]
  return node.kind === 'map' ? node.entries.flatMap((entry) => scalarsOf(entry.value)) : node.items.flatMap(scalarsOf)
}

/** Where the comments of a YAML text stand. */
export function commentsOf(text: string): readonly Span[] {
  const comments: Span[] = []
  for (const token of new Parser().parse(text)) collectComments(token, comments, 0)
  return comments.sort((a, b) => a.start - b.start)
}

function collectComments(token: unknown, comments: Span[], depth: number): void {
  if (typeof token !== 'object' || token === null || depth > 4 * DEEPEST) return
  if ('type' in token && token.type === 'comment' && 'offset' in token && 'source' in token) {
    const start = Number(token.offset)
    comments.push({ start, end: start + String(token.source).trimEnd().length })
    return
  }
  for (const value of Object.values(token)) {
    if (Array.isArray(value)) for (const item of value) collectComments(item, comments, depth + 1)
    else collectComments(value, comments, depth + 1)
  }
}
