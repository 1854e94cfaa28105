import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import { namesUnordered } from '../../internal/code/member-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isLiteral, isReadOnly } from './expressions.ts'

/** Adjacent members of a call whose order cannot matter: sets, mappings, lists that are only searched. */
export function memberSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type !== 'argument_list') return []
  const callee = calleeOf(text, node)
  if (callee === 'Map.of') return mappingSwaps(text, node)
  const listed = callee === 'List.of' || callee === 'Arrays.asList'
  return callee === 'Set.of' || (listed && isSearched(text, node)) ? elementSwaps(text, node) : []
}

function calleeOf(text: string, list: SyntaxNode): string {
  const call = list.parent?.type === 'method_invocation' ? list.parent : null
  return call ? text.slice(call.start, list.start) : ''
}

/** `List.of(…).contains(x)` */
function isSearched(text: string, list: SyntaxNode): boolean {
  const outer = list.parent?.parent
  const name =
    outer?.type === 'method_invocation' && list.parent?.field === 'object' ? childByField(outer, 'name') : null
  return name !== null && text.slice(name.start, name.end) === 'contains'
}

function elementSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const items = namedChildren(list)
  return items.flatMap((second, at) => {
    const first = items[at - 1]
    return first && isLiteral(first) && isLiteral(second) ? swapOf(text, list, first, second) : []
  })
}

/** Key and value of every entry of a `Map.of`, as one span each; none for other lists of arguments. */
export function mappingPairs(text: string, list: SyntaxNode): Span[] {
  const items = namedChildren(list)
  if (calleeOf(text, list) !== 'Map.of' || items.length % 2 === 1) return []
  return items.flatMap((key, at) => (at % 2 === 0 ? [{ start: key.start, end: items[at + 1]!.end }] : []))
}

function mappingSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const items = namedChildren(list)
  const entries = mappingPairs(text, list)
  return entries.flatMap((second, at) => {
    const first = entries[at - 1]
    const four = items.slice(2 * at - 2, 2 * at + 2)
    const quiet = four.every((item, place) => (place % 2 === 0 ? isLiteral(item) : isReadOnly(item)))
    return first && quiet ? swapOf(text, list, first, second) : []
  })
}

/** A comment among the members, or behind the last, would seem to belong to another. */
function swapOf(text: string, list: SyntaxNode, first: Span, second: Span): SiteDraft[] {
  const shown = [first, second].map((part) => oneLine(text.slice(part.start, part.end)).slice(0, 36))
  const commented = list.children.some((child) => child.type === 'comment')
  if (commented || shown[0] === shown[1] || !/^\s*,\s*$/.test(text.slice(first.end, second.start))) return []
  return [swapDraft('member-order', [first, second], [shown[0]!, shown[1]!])]
}

/** Methods that file a value under a key and return nothing that is used. */
const FILING: ReadonlySet<string> = new Set(['put', 'setProperty', 'setRequestProperty', 'setHeader'])

/** Neighbouring statements `headers.put("A", x)` and `headers.put("B", y)`: entries of a mapping that is sent or looked up by key. */
export function entrySwaps(text: string, block: SyntaxNode): SiteDraft[] {
  return neighbourPairs(block).flatMap((pair) => {
    const [a, b] = [entryOf(text, pair.first), entryOf(text, pair.second)]
    if (!a || !b || a.target !== b.target || a.key === b.key) return []
    const parts = partsOf(text, pair, false)
    return parts ? [swapDraft('member-order', parts, [a.key, b.key])] : []
  })
}

interface Entry {
  readonly target: string
  readonly key: string
}

function entryOf(text: string, statement: SyntaxNode): Entry | null {
  const call = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  const target = call && filingTarget(text, call)
  const list = call && childByField(call, 'arguments')
  const [key, value, ...more] = list ? namedChildren(list) : []
  if (!target || key?.type !== 'string_literal' || !value || more.length > 0 || !isReadOnly(value)) return null
  return { target, key: oneLine(text.slice(key.start, key.end)).slice(0, 36) }
}

/** `headers.put` of a call, where that files something in what people call by a name for unordered mappings; else null. */
function filingTarget(text: string, call: SyntaxNode): string | null {
  const object = call.type === 'method_invocation' ? childByField(call, 'object') : null
  const name = childByField(call, 'name')
  if (object?.type !== 'identifier' || !name) return null
  const method = text.slice(name.start, name.end)
  const target = text.slice(object.start, object.end)
  const unordered = method === 'setRequestProperty' || namesUnordered(target)
  return FILING.has(method) && unordered ? `${target}.${method}` : null
}
