import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** True for identifiers that renaming leaves alone: attributes, keyword arguments, imports, methods and class attributes. */
export function isWord(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent) return false
  if (parent.type === 'attribute') return node.field === 'attribute'
  if (parent.type === 'keyword_argument') return node.field === 'name'
  if (parent.type === 'dotted_name') return true
  if (parent.type === 'function_definition' && node.field === 'name') return inClassBody(parent)
  return parent.type === 'assignment' && node.field === 'left' && parent.parent !== null && inClassBody(parent.parent)
}

function inClassBody(node: SyntaxNode): boolean {
  const outer = node.parent?.type === 'decorated_definition' ? node.parent.parent : node.parent
  return outer?.type === 'block' && outer.parent?.type === 'class_definition'
}

/** Identifiers that a target or a parameter list binds: not attributes, subscripts, defaults or annotations. */
export function boundIdentifiers(target: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = []
  walkTree(target, (node) => {
    if (node.type === 'attribute' || node.type === 'subscript' || node.type === 'type') return false
    if (node.field === 'value' && node !== target) return false
    if (node.type === 'identifier' && !isWord(node)) out.push(node)
    return true
  })
  return out
}
