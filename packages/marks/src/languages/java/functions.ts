import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isTotal } from './expressions.ts'

const TYPES: ReadonlySet<string> = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
])

/** Neighbours of a class body whose order the language gives no meaning: two methods, two nested types, two constants. */
export function memberDeclarationSwaps(text: string, body: SyntaxNode, imports: string): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(body)) {
    const kind = kindOf(text, pair.first, pair.second, imports)
    const shown = [nameOf(text, pair.first), nameOf(text, pair.second)] as const
    const parts = kind && partsOf(text, pair, true)
    if (kind && parts && text.slice(parts[0].end, parts[1].start).includes('\n'))
      drafts.push(swapDraft(kind, parts, shown))
  }
  return drafts
}

function kindOf(text: string, first: SyntaxNode, second: SyntaxNode, imports: string): string | null {
  if (first.type === 'method_declaration' && second.type === 'method_declaration')
    return isOverloaded(text, first, second) ? null : 'function-order'
  if (TYPES.has(first.type) && TYPES.has(second.type)) return 'function-order'
  return isConstant(text, first, imports) && isConstant(text, second, imports) ? 'statement-order' : null
}

/** Overloads stand from short to long by custom. */
function isOverloaded(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  return nameOf(text, first) === nameOf(text, second)
}

/** `static final` with a value that is computed without doing anything: nobody sees it before it is there. */
function isConstant(text: string, node: SyntaxNode, imports: string): boolean {
  if (node.type !== 'field_declaration') return false
  const modifiers = node.children.find((child) => child.type === 'modifiers')
  const words = modifiers ? modifiers.children.map((child) => child.type) : []
  const declarators = node.children.filter((child) => child.type === 'variable_declarator')
  const [only] = declarators
  const value = only && childByField(only, 'value')
  if (!value || declarators.length > 1 || !words.includes('static') || !words.includes('final')) return false
  return !words.some((word) => word.endsWith('annotation')) && isTotal(text, value, imports)
}

function nameOf(text: string, node: SyntaxNode): string {
  const declarator = childByField(node, 'declarator')
  const name = childByField(declarator ?? node, 'name')
  return name ? text.slice(name.start, name.end) : node.type
}
