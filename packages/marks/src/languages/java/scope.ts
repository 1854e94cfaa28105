import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Methods and what else has statements of its own and stands in a class. */
export const METHODS: ReadonlySet<string> = new Set([
  'method_declaration',
  'constructor_declaration',
  'compact_constructor_declaration',
  'static_initializer',
])

/** The outermost method around a node, or null. */
export function outermostMethod(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (METHODS.has(at.type)) found = at
  return found
}

/** The innermost method or lambda around a node, or null. */
export function enclosingBody(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent)
    if (METHODS.has(at.type) || at.type === 'lambda_expression') return at
  return null
}

/** True when an exception raised at `node` may be handled, or seen, before it leaves `body`. */
export function insideTry(node: SyntaxNode, body: SyntaxNode): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent) if (at.type.startsWith('try_')) return true
  return false
}

/** Every identifier a node mentions, in whatever role. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type === 'identifier') names.add(text.slice(inner.start, inner.end))
  })
  return names
}
