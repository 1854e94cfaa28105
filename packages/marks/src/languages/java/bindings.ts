import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import type { Binding } from '../../internal/code/scoped-names.ts'

/** A name with the type it was declared with, where one is written. */
export interface TypedBinding extends Binding {
  readonly type: SyntaxNode | null
}

const PARAMETERS: ReadonlySet<string> = new Set(['formal_parameter', 'catch_formal_parameter', 'resource'])
const SCOPES: ReadonlySet<string> = new Set([
  'block',
  'constructor_body',
  'switch_block',
  'switch_block_statement_group',
  'for_statement',
  'class_body',
  'interface_body',
  'enum_body_declarations',
])

/** Variables and parameters that this node (not its descendants) declares. Patterns of `instanceof` are left out: what they bind has no block. */
export function bindingsOf(node: SyntaxNode): TypedBinding[] {
  if (node.type === 'local_variable_declaration' || node.type === 'field_declaration') return declarators(node)
  const name = childByField(node, 'name')
  const type = childByField(node, 'type')
  if (PARAMETERS.has(node.type)) return name ? [{ name, type, ...seenIn(ownerOf(node), name) }] : []
  if (node.type === 'enhanced_for_statement') {
    const body = childByField(node, 'body')
    return name && body ? [{ name, type, ...seenIn(body, body) }] : []
  }
  if (node.type === 'spread_parameter') return spread(node)
  return node.type === 'lambda_expression' ? inferred(node) : []
}

function seenIn(scope: SyntaxNode, from: SyntaxNode): Pick<Binding, 'scope' | 'from'> {
  return { scope: { start: scope.start, end: scope.end }, from: from.start }
}

function declarators(node: SyntaxNode): TypedBinding[] {
  let scope: SyntaxNode = node
  while (scope.parent && (scope === node || !SCOPES.has(scope.type))) scope = scope.parent
  return node.children
    .filter((child) => child.type === 'variable_declarator')
    .flatMap((child) => {
      const name = childByField(child, 'name')
      return name ? [{ name, type: childByField(node, 'type'), ...seenIn(scope, name) }] : []
    })
}

/** The method, lambda, `catch` or `try` a parameter is seen in. */
function ownerOf(node: SyntaxNode): SyntaxNode {
  const parent = node.parent ?? node
  return parent.type === 'formal_parameters' || parent.type === 'resource_specification'
    ? (parent.parent ?? parent)
    : parent
}

function spread(node: SyntaxNode): TypedBinding[] {
  const declarator = node.children.find((child) => child.type === 'variable_declarator')
  const name = declarator && childByField(declarator, 'name')
  return name ? [{ name, type: null, ...seenIn(ownerOf(node), name) }] : []
}

/** `x -> …` and `(x, y) -> …`. */
function inferred(node: SyntaxNode): TypedBinding[] {
  const parameters = childByField(node, 'parameters')
  if (!parameters || parameters.type === 'formal_parameters') return []
  const names = parameters.type === 'identifier' ? [parameters] : namedChildren(parameters)
  return names.map((name) => ({ name, type: null, ...seenIn(node, name) }))
}
