import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { isPlain, NUMBERS } from './literals.ts'

/** A constant that needs no name. */
export function isLiteral(node: SyntaxNode): boolean {
  return (
    NUMBERS.has(node.type) || node.type === 'string' || node.type === 'boolean' || node.type === 'null' || isPlain(node)
  )
}

/** True when evaluating the expression cannot fail, call code or see a change: literals, arrays of them, closures that take nothing over. */
export function isTotal(node: SyntaxNode): boolean {
  if (isLiteral(node) || node.type === 'arrow_function') return true
  switch (node.type) {
    case 'anonymous_function':
      return !node.children.some((child) => child.type === 'anonymous_function_use_clause')
    case 'parenthesized_expression':
    case 'array_creation_expression':
      return namedChildren(node).every(isTotal)
    case 'array_element_initializer':
      return namedChildren(node).every(isTotal) && !node.children.some((child) => child.type === '&')
    case 'unary_op_expression': {
      const argument = childByField(node, 'argument')
      return childByField(node, 'operator')?.type === '-' && argument !== null && NUMBERS.has(argument.type)
    }
    default:
      return false
  }
}

const READING: ReadonlySet<string> = new Set([
  'variable_name',
  'name',
  '$',
  'relative_scope',
  'parenthesized_expression',
  'member_access_expression',
  'nullsafe_member_access_expression',
  'subscript_expression',
  'class_constant_access_expression',
  'scoped_property_access_expression',
  'encapsed_string',
  'string_content',
  'escape_sequence',
])
const MEASURES: ReadonlySet<string> = new Set(['count', 'strlen', 'sizeof', 'mb_strlen', 'time'])
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '.'])

/** True when the expression only reads variables, properties, elements and literals, or measures them. It may fail. */
export function isReadOnly(text: string, node: SyntaxNode): boolean {
  if (isLiteral(node)) return true
  if (READING.has(node.type)) return namedChildren(node).every((child) => isReadOnly(text, child))
  if (node.type === 'binary_expression')
    return (
      ARITHMETIC.has(childByField(node, 'operator')?.type ?? '') &&
      namedChildren(node).every((child) => isReadOnly(text, child))
    )
  return node.type === 'function_call_expression' && isMeasure(text, node)
}

/** `count($x)` and its like, where the file does not define functions of these names. */
function isMeasure(text: string, node: SyntaxNode): boolean {
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  if (callee?.type !== 'name' || !list) return false
  const name = text.slice(callee.start, callee.end)
  if (!MEASURES.has(name) || new RegExp(`\\bfunction\\s+&?\\s*${name}\\b`, 'i').test(text)) return false
  return namedChildren(list).every((argument) => namedChildren(argument).every((child) => isReadOnly(text, child)))
}
