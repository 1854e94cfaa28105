import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isTotal } from './expressions.ts'

/** Lists in which functions exist before anything runs. */
const HOISTING: ReadonlySet<string> = new Set(['program', 'declaration_list'])

/** Neighbours whose order the language gives no meaning: two functions or methods, two constants, two imports. */
export function declarationSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  if (!HOISTING.has(list.type) && list.parent?.type !== 'namespace_definition') return []
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const kind = kindOf(text, pair.first, pair.second)
    const shown = [shownName(text, pair.first), shownName(text, pair.second)] as const
    const parts = kind && shown[0] !== shown[1] ? partsOf(text, pair, true) : null
    if (kind && parts && text.slice(parts[0].end, parts[1].start).includes('\n'))
      drafts.push(swapDraft(kind, parts, shown))
  }
  return drafts
}

function kindOf(text: string, first: SyntaxNode, second: SyntaxNode): string | null {
  if (first.type !== second.type) return null
  switch (first.type) {
    case 'function_definition':
      return 'function-order'
    case 'method_declaration':
      return isTest(text, first) || isTest(text, second) ? null : 'function-order'
    case 'const_declaration':
      return isPlainConstant(text, first) && isPlainConstant(text, second) ? 'statement-order' : null
    case 'namespace_use_declaration':
      return 'import-order'
    default:
      return null
  }
}

/** Test methods run in the order in which they stand. */
function isTest(text: string, method: SyntaxNode): boolean {
  return /^test|^(?:set|data)/i.test(shownName(text, method)) && /\bTestCase\b/.test(text)
}

/** One constant with a literal value, in a file that does not list constants. */
function isPlainConstant(text: string, declaration: SyntaxNode): boolean {
  const elements = namedChildren(declaration).filter((child) => child.type === 'const_element')
  const [only] = elements
  const value = only && namedChildren(only)[1]
  return elements.length === 1 && value !== undefined && isTotal(value) && !/getConstants|Reflection/.test(text)
}

function shownName(text: string, node: SyntaxNode): string {
  const element = node.children.find((child) => child.type === 'const_element')
  const name = childByField(node, 'name') ?? (element && namedChildren(element)[0]) ?? node
  return oneLine(text.slice(name.start, name.end)).slice(0, 36)
}
