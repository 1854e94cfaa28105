import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Reports every identifier that this node (not its descendants) binds. */
export function collectBound(node: SyntaxNode, report: (identifier: SyntaxNode) => void): void {
  for (const field of BINDERS[node.type] ?? []) {
    const target = childByField(node, field)
    if (target) for (const identifier of boundIdentifiers(target)) report(identifier)
  }
  if (node.type === 'import_specifier' || node.type === 'namespace_import' || node.type === 'import_clause')
    bindImport(node, report)
}

const BINDERS: Readonly<Record<string, readonly string[]>> = {
  variable_declarator: ['name'],
  function_declaration: ['name', 'parameters'],
  generator_function_declaration: ['name', 'parameters'],
  function_expression: ['name', 'parameters'],
  generator_function: ['name', 'parameters'],
  arrow_function: ['parameters', 'parameter'],
  method_definition: ['parameters'],
  class_declaration: ['name'],
  class: ['name'],
  catch_clause: ['parameter'],
  for_in_statement: ['left'],
}

function bindImport(node: SyntaxNode, report: (identifier: SyntaxNode) => void): void {
  if (node.type === 'import_specifier') {
    const name = childByField(node, 'alias') ?? childByField(node, 'name')
    if (name?.type === 'identifier') report(name)
    return
  }
  for (const child of node.children) if (child.type === 'identifier') report(child)
}

/** Identifiers that a pattern binds: not defaults, computed keys or property names. Shorthand patterns are included. */
export function boundIdentifiers(target: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = []
  walkTree(target, (node) => {
    if (node.type === 'member_expression' || node.type === 'subscript_expression') return false
    if (node.type === 'computed_property_name') return false
    if (node.field === 'right' && node.parent?.type.endsWith('assignment_pattern') && node !== target) return false
    if (node.type === 'identifier' || node.type === 'shorthand_property_identifier_pattern') out.push(node)
    return true
  })
  return out
}
