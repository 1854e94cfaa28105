import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Functions with a scope of their own; arrow functions share that around them. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  'function_definition',
  'method_declaration',
  'anonymous_function',
])
const CLOSURES: ReadonlySet<string> = new Set(['anonymous_function', 'arrow_function'])

/** Functions that look variables up by their spelling, take them from elsewhere or make new ones. */
const LOOKUPS: ReadonlySet<string> = new Set(
  'compact extract get_defined_vars parse_str eval assert create_function func_get_args mb_parse_str'.split(' '),
)

/** True when code in this node could reach variables by their spelling: dynamic names, lookups, code that is read in. */
export function usesReflection(text: string, node: SyntaxNode): boolean {
  let found = false
  walkTree(node, (inner) => {
    if (inner.type === 'dynamic_variable_name' || inner.type === 'ERROR') found = true
    if (/^(?:include|require)(?:_once)?_expression$/.test(inner.type)) found = true
    const callee = inner.type === 'function_call_expression' ? childByField(inner, 'function') : null
    if (callee && LOOKUPS.has(text.slice(callee.start, callee.end).replace(/^\\/, '').toLowerCase())) found = true
    return !found
  })
  return found
}

/** The innermost function around a node that has a scope of its own, or null at the top level. */
export function enclosingFunction(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (FUNCTIONS.has(at.type)) return at
    if (at.type === 'declaration_list') return null
  }
  return null
}

/** True when an exception raised at `node` may be handled, or seen, before it leaves `fn`, or when `node` may run again. */
export function insideTryOrLoop(node: SyntaxNode, fn: SyntaxNode): boolean {
  for (let at = node.parent; at && at !== fn; at = at.parent)
    if (/^(?:try|for|foreach|while|do)_statement$|^(?:arrow_function|anonymous_function)$/.test(at.type)) return true
  return false
}

/** The name of a variable without its `$`; null for anything else. */
export function variableName(text: string, node: SyntaxNode | null | undefined): string | null {
  return node?.type === 'variable_name' ? text.slice(node.start + 1, node.end) : null
}

/** Every variable a node mentions, in strings and closures too. */
export function variablesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    const name = variableName(text, inner)
    if (name !== null) names.add(name)
  })
  return names
}

/** Variables of a function that other code may see or change: globals, statics, references, what closures take over by reference. */
export function sharedVariables(text: string, fn: SyntaxNode): Set<string> {
  const names = new Set(['this'])
  walkTree(fn, (node) => {
    const shares =
      SHARING.has(node.type) ||
      (node.type === 'simple_parameter' && node.children.some((child) => child.type === 'reference_modifier'))
    if (shares) for (const name of variablesIn(text, node)) names.add(name)
  })
  return names
}

const SHARING: ReadonlySet<string> = new Set([
  'global_declaration',
  'function_static_declaration',
  'reference_assignment_expression',
  'by_ref',
])

/** Names of the parameters of a function, in order. */
export function parametersOf(text: string, fn: SyntaxNode): string[] {
  const list = childByField(fn, 'parameters')
  return (list?.children ?? []).flatMap((parameter) => variableName(text, childByField(parameter, 'name')) ?? [])
}

/** True for a closure, which callers can hardly call with named arguments. */
export function isClosure(node: SyntaxNode): boolean {
  return CLOSURES.has(node.type)
}
