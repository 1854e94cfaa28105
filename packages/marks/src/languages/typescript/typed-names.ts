import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { TYPE_ONLY } from './erase.ts'

/**
 * Names that types, elements and classes look up by their spelling: `typeof x` and `x is T` in a type, `<x>` in JSX, and parameters that become
 * fields. No local of such a name, and none that would get it, may be renamed.
 */
export function namesInTypes(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  const add = (node: SyntaxNode): void => {
    names.add(text.slice(node.start, node.end))
  }
  walkTree(root, (node) => {
    if (TYPE_ONLY.has(node.type)) {
      identifiersOf(node).forEach(add)
      return false
    }
    if (isTypeOperand(node)) identifiersOf(node).forEach(add)
    const element = node.type.startsWith('jsx_') ? childByField(node, 'name') : null
    if (element?.type === 'identifier') add(element)
    if (becomesField(node)) identifiersOf(node).forEach(add)
    return true
  })
  return names
}

/** Parameters of function types name nothing. */
function identifiersOf(type: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = []
  walkTree(type, (node) => {
    const named = node.field === 'pattern' && node.parent !== type && node.parent?.type.endsWith('_parameter') === true
    if (node.type === 'identifier' && !named) out.push(node)
  })
  return out
}

/** The type in `x as T`, `x satisfies T`. */
function isTypeOperand(node: SyntaxNode): boolean {
  const parent = node.parent?.type
  if (parent !== 'as_expression' && parent !== 'satisfies_expression') return false
  return node.parent?.children.indexOf(node) !== 0
}

function becomesField(node: SyntaxNode): boolean {
  if (node.type !== 'required_parameter' && node.type !== 'optional_parameter') return false
  return node.children.some((child) => child.type === 'accessibility_modifier' || child.type === 'readonly')
}
