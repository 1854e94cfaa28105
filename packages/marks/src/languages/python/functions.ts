import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { namesIn } from './expressions.ts'

/** Adjacent function definitions of a module, class or block that may change places. */
export function functionSwaps(text: string, block: SyntaxNode): SiteDraft[] {
  const names = new Map<string, number>()
  for (const child of namedChildren(block)) {
    const name = definedName(text, child)
    if (name) names.set(name, (names.get(name) ?? 0) + 1)
  }
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(block)) {
    const shown = exchangeable(text, pair, names)
    if (!shown) continue
    const parts = partsOf(text, pair, true)
    if (parts && separated(text, parts)) drafts.push(swapDraft('function-order', parts, shown))
  }
  return drafts
}

/** Names of two plain definitions that neither redefine anything nor need each other; null for all else. */
function exchangeable(
  text: string,
  { first, second }: Neighbours,
  names: ReadonlyMap<string, number>,
): [string, string] | null {
  if (first.type !== 'function_definition' || second.type !== 'function_definition') return null
  const [a, b] = [definedName(text, first), definedName(text, second)]
  if (!a || !b || names.get(a) !== 1 || names.get(b) !== 1) return null
  return headNames(text, first).has(b) || headNames(text, second).has(a) ? null : [a, b]
}

function definedName(text: string, node: SyntaxNode): string | null {
  const inner = node.type === 'decorated_definition' ? childByField(node, 'definition') : node
  const name =
    inner && (inner.type === 'function_definition' || inner.type === 'class_definition')
      ? childByField(inner, 'name')
      : null
  if (name) return text.slice(name.start, name.end)
  const assigned = node.type === 'expression_statement' ? childByField(namedChildren(node)[0] ?? node, 'left') : null
  return assigned?.type === 'identifier' ? text.slice(assigned.start, assigned.end) : null
}

/** Names that are looked up when the definition runs: defaults and annotations. */
function headNames(text: string, fn: SyntaxNode): Set<string> {
  const parameters = childByField(fn, 'parameters')
  const returned = childByField(fn, 'return_type')
  return new Set([...(parameters ? namesIn(text, parameters) : []), ...(returned ? namesIn(text, returned) : [])])
}

/** Both on lines of their own. */
function separated(text: string, parts: readonly { readonly start: number; readonly end: number }[]): boolean {
  const [first, second] = parts
  return first !== undefined && second !== undefined && text.slice(first.end, second.start).includes('\n')
}
