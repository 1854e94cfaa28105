import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { Binding } from '../../internal/code/scoped-names.ts'

/** Nodes that open a block: names declared in them end with them. */
const SCOPES: ReadonlySet<string> = new Set([
  'block',
  'if_statement',
  'for_statement',
  'expression_switch_statement',
  'type_switch_statement',
  'expression_case',
  'type_case',
  'default_case',
  'communication_case',
  'function_declaration',
  'method_declaration',
  'func_literal',
  'source_file',
])

/** Names this node (not its descendants) declares, with where they are seen. */
export function bindingsOf(node: SyntaxNode): Binding[] {
  switch (node.type) {
    case 'parameter_declaration':
    case 'variadic_parameter_declaration':
      return parameterBindings(node)
    case 'short_var_declaration':
    case 'receive_statement':
      return declared(node, node)
    case 'range_clause':
      return declared(node, node)
    case 'var_spec':
    case 'const_spec':
      return named(node, scopeOf(node), node.end)
    case 'type_switch_statement':
      return aliasBindings(node)
    case 'type_parameter_declaration':
      return named(node, scopeOf(node), node.start)
    default:
      return []
  }
}

/** Left sides of `:=`; with `=` nothing is declared. */
function declared(node: SyntaxNode, statement: SyntaxNode): Binding[] {
  const left = childByField(node, 'left')
  if (!left || !node.children.some((child) => child.type === ':=')) return []
  const scope = scopeOf(node)
  return namedChildren(left)
    .filter((child) => child.type === 'identifier')
    .map((name) => ({ name, scope, from: statement.end }))
}

function named(node: SyntaxNode, scope: SyntaxNode, from: number): Binding[] {
  return node.children
    .filter((child) => child.field === 'name' && child.type === 'identifier')
    .map((name) => ({ name, scope, from }))
}

/** Parameters and results are seen in the body; those of a function type or an interface method name nothing. */
function parameterBindings(node: SyntaxNode): Binding[] {
  const owner = node.parent?.parent
  if (!owner || !FUNCTIONS.has(owner.type)) return []
  const body = childByField(owner, 'body')
  return body ? named(node, body, body.start).map((binding) => ({ ...binding, parameter: true })) : []
}

function aliasBindings(node: SyntaxNode): Binding[] {
  const alias = childByField(node, 'alias')
  const opening = node.children.find((child) => child.type === '{')
  if (!alias || !opening) return []
  return namedChildren(alias).map((name) => ({ name, scope: node, from: opening.start }))
}

function scopeOf(node: SyntaxNode): SyntaxNode {
  let at = node
  while (at.parent && !(at !== node && SCOPES.has(at.type))) at = at.parent
  return at
}

export const FUNCTIONS: ReadonlySet<string> = new Set(['function_declaration', 'method_declaration', 'func_literal'])

/** The innermost function around a node, or null at package level. */
export function enclosingFunction(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (FUNCTIONS.has(at.type)) return at
  return null
}

/** Names of variables, parameters and constants declared anywhere inside a function. */
export function declaredIn(
  text: string,
  fn: SyntaxNode,
  keep: (binding: Binding) => boolean = () => true,
): Set<string> {
  const names = new Set<string>()
  walkTree(fn, (node) => {
    for (const binding of bindingsOf(node).filter(keep)) names.add(text.slice(binding.name.start, binding.name.end))
  })
  return names
}

/** Names under which packages are imported: the alias, or the last part of the path. */
export function importedNames(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'function_declaration' || node.type === 'method_declaration') return false
    if (node.type !== 'import_spec') return true
    const alias = childByField(node, 'name')
    const path = childByField(node, 'path')
    const last = path
      ? text
          .slice(path.start + 1, path.end - 1)
          .split('/')
          .at(-1)
      : undefined
    const name = alias ? text.slice(alias.start, alias.end) : last
    if (name !== undefined) names.add(name)
    return false
  })
  return names
}
