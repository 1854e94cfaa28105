import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

const NAMES: ReadonlySet<string> = new Set([
  'identifier',
  'shorthand_property_identifier',
  'shorthand_property_identifier_pattern',
])

/** Identifiers a node mentions, other than property names. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (NAMES.has(inner.type)) names.add(text.slice(inner.start, inner.end))
  })
  return names
}

const LITERALS: ReadonlySet<string> = new Set(['number', 'string', 'true', 'false', 'null', 'undefined', 'regex'])
const FUNCTIONS: ReadonlySet<string> = new Set(['arrow_function', 'function_expression', 'generator_function'])
const EMPTY_COLLECTIONS: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet'])

/**
 * True when evaluating the expression cannot fail, call code or see a change: literals, displays of them, function expressions, new empty
 * collections, names in `bound`.
 *
 * @param bound - names that certainly have a value here
 */
export function isTotal(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  if (LITERALS.has(node.type) || FUNCTIONS.has(node.type)) return true
  if (node.type === 'identifier') return bound.has(text.slice(node.start, node.end))
  if (node.type === 'template_string') return node.children.every((child) => child.type !== 'template_substitution')
  if (node.type === 'array' || node.type === 'parenthesized_expression')
    return namedChildren(node).every((child) => isTotal(text, child, bound))
  if (node.type === 'object') return namedChildren(node).every((child) => isTotalMember(text, child, bound))
  if (node.type === 'new_expression') return isEmptyCollection(text, node)
  if (node.type === 'unary_expression' || node.type === 'binary_expression') return isArithmetic(node)
  return false
}

function isTotalMember(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  if (node.type === 'shorthand_property_identifier') return bound.has(text.slice(node.start, node.end))
  const key = childByField(node, 'key')
  const value = childByField(node, 'value')
  if (node.type !== 'pair' || !key || !value || key.type === 'computed_property_name') return false
  return isTotal(text, value, bound)
}

function isEmptyCollection(text: string, node: SyntaxNode): boolean {
  const callee = childByField(node, 'constructor')
  const list = childByField(node, 'arguments')
  if (!callee || !EMPTY_COLLECTIONS.has(text.slice(callee.start, callee.end))) return false
  return !list || namedChildren(list).length === 0
}

/** Arithmetic on number literals. */
function isArithmetic(node: SyntaxNode): boolean {
  if (node.type === 'number') return true
  if (node.type === 'unary_expression') {
    const argument = childByField(node, 'argument')
    return childByField(node, 'operator')?.type === '-' && argument !== null && isArithmetic(argument)
  }
  if (node.type !== 'binary_expression') return false
  const operator = childByField(node, 'operator')?.type ?? ''
  return ['+', '-', '*', '<<', '|'].includes(operator) && namedChildren(node).every(isArithmetic)
}

const READING: ReadonlySet<string> = new Set(['member_expression', 'parenthesized_expression', 'subscript_expression'])

/** True when the expression only reads names, properties and literals; arithmetic on these included. It may fail. */
export function isReadOnly(node: SyntaxNode): boolean {
  if (NAMES.has(node.type) || LITERALS.has(node.type) || node.type === 'this' || node.type === 'property_identifier')
    return true
  if (READING.has(node.type) || node.type === 'optional_chain') return namedChildren(node).every(isReadOnly)
  if (node.type !== 'binary_expression') return isArithmetic(node)
  const operator = childByField(node, 'operator')?.type ?? ''
  return ['+', '-', '*', '/', '%'].includes(operator) && namedChildren(node).every(isReadOnly)
}

/** True when the value is a number: a literal, a length or size, arithmetic with one of these that is no concatenation. */
export function isNumeric(text: string, node: SyntaxNode): boolean {
  if (isArithmetic(node)) return true
  if (node.type === 'member_expression') {
    const property = childByField(node, 'property')
    return (
      property !== null &&
      /^(?:length|size|byteLength|status|statusCode)$/.test(text.slice(property.start, property.end))
    )
  }
  if (node.type !== 'binary_expression') return false
  const operator = childByField(node, 'operator')?.type ?? ''
  return ['-', '*', '/', '%'].includes(operator) && namedChildren(node).every(isReadOnly)
}
