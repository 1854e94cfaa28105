import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { namesIn } from './expressions.ts'

export const FUNCTIONS: ReadonlySet<string> = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
])

/** Ways to look names up by their spelling, or to see the text of a function. */
const REFLECTION: ReadonlySet<string> = new Set(['eval', 'Function', 'arguments'])

/** True when code inside this node could look local names up by their spelling. */
export function usesReflection(text: string, node: SyntaxNode): boolean {
  let found = false
  walkTree(node, (inner) => {
    if (inner.type === 'with_statement') found = true
    if (inner.type === 'identifier' && REFLECTION.has(text.slice(inner.start, inner.end))) found = true
    return !found
  })
  return found
}

/** The innermost function around a node, or null at the top level and in class bodies. */
export function enclosingFunction(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (FUNCTIONS.has(at.type)) return at
    if (at.type === 'class_body') return null
  }
  return null
}

/** Names mentioned in functions and classes inside `fn`, which may run at another time than where they stand. */
export function capturedNames(text: string, fn: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(fn, (node) => {
    if (node === fn || !(FUNCTIONS.has(node.type) || node.type === 'class_body')) return true
    for (const name of namesIn(text, node)) names.add(name)
    return false
  })
  return names
}

/** True when an exception raised at `node` may be handled, or seen, before it leaves `fn`. */
export function insideTry(node: SyntaxNode, fn: SyntaxNode): boolean {
  for (let at = node.parent; at && at !== fn; at = at.parent) if (at.type === 'try_statement') return true
  return false
}
