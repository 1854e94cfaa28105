import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { NUMBERS } from './literals.ts'

const LITERALS: ReadonlySet<string> = new Set([
  ...NUMBERS,
  'string_literal',
  'character_literal',
  'true',
  'false',
  'null_literal',
])

/** A constant that needs no name. */
export function isLiteral(node: SyntaxNode): boolean {
  return LITERALS.has(node.type)
}

/** Classes of the JDK that a constructor without arguments makes an empty one of. */
const EMPTY: ReadonlySet<string> = new Set(
  'ArrayList LinkedList ArrayDeque HashMap LinkedHashMap TreeMap HashSet LinkedHashSet TreeSet Properties'.split(' '),
)

/**
 * True when evaluating the expression cannot fail, call code that anybody here wrote, or see a change: literals, lambdas, new arrays of literals,
 * new empty collections.
 *
 * @param imports - text of the file's import declarations
 */
export function isTotal(text: string, node: SyntaxNode, imports: string): boolean {
  if (isLiteral(node) || node.type === 'lambda_expression') return true
  switch (node.type) {
    case 'parenthesized_expression':
    case 'array_initializer':
      return namedChildren(node).every((child) => isTotal(text, child, imports))
    case 'unary_expression': {
      const operand = childByField(node, 'operand')
      return childByField(node, 'operator')?.type === '-' && operand !== null && NUMBERS.has(operand.type)
    }
    case 'object_creation_expression':
      return isEmptyCollection(text, node, imports)
    default:
      return false
  }
}

function isEmptyCollection(text: string, node: SyntaxNode, imports: string): boolean {
  const type = childByField(node, 'type')
  const list = childByField(node, 'arguments')
  if (!type || !list || namedChildren(list).length > 0 || node.children.some((child) => child.type === 'class_body'))
    return false
  const name = text.slice(type.start, type.end).replace(/<[\s\S]*$/, '')
  if (name === 'StringBuilder') return true
  return EMPTY.has(name) && new RegExp(`\\bjava\\.util\\.(?:${name}|\\*);`).test(imports)
}

const READING: ReadonlySet<string> = new Set(['parenthesized_expression', 'field_access', 'array_access'])
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*'])

/** True when the expression only reads names, fields, elements and literals; sums of these included. It may fail. */
export function isReadOnly(node: SyntaxNode): boolean {
  if (isLiteral(node) || node.type === 'identifier' || node.type === 'this') return true
  if (READING.has(node.type)) return namedChildren(node).every(isReadOnly)
  if (node.type !== 'binary_expression') return false
  return ARITHMETIC.has(childByField(node, 'operator')?.type ?? '') && namedChildren(node).every(isReadOnly)
}

const CHANGING: ReadonlySet<string> = new Set([
  'assignment_expression',
  'update_expression',
  'lambda_expression',
  'switch_expression',
  'class_body',
])

/** True when the expression changes no local variable; it may call methods. */
export function isQuiet(node: SyntaxNode): boolean {
  let quiet = true
  walkTree(node, (inner) => {
    if (CHANGING.has(inner.type)) quiet = false
    return quiet
  })
  return quiet
}
