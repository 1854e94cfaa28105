import { namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Identifiers a node mentions, other than attribute and keyword-argument names. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type !== 'identifier') return
    const parent = inner.parent
    if (parent?.type === 'attribute' && inner.field === 'attribute') return
    if (parent?.type === 'keyword_argument' && inner.field === 'name') return
    names.add(text.slice(inner.start, inner.end))
  })
  return names
}

const LITERALS: ReadonlySet<string> = new Set(['integer', 'float', 'true', 'false', 'none', 'ellipsis'])
const DISPLAYS: ReadonlySet<string> = new Set(['list', 'tuple', 'expression_list', 'parenthesized_expression'])

/**
 * True when evaluating the expression cannot fail, call code or see a change: literals, displays of them, names in `bound`.
 *
 * @param bound - names that certainly have a value here
 */
export function isTotal(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  if (LITERALS.has(node.type)) return true
  if (node.type === 'identifier') return bound.has(text.slice(node.start, node.end))
  if (node.type === 'string') return node.children.every((child) => child.type !== 'interpolation')
  if (node.type === 'concatenated_string') return namedChildren(node).every((child) => isTotal(text, child, bound))
  if (DISPLAYS.has(node.type)) return namedChildren(node).every((child) => isTotal(text, child, bound))
  if (node.type === 'set') return namedChildren(node).every(isConstant)
  if (node.type === 'dictionary') return namedChildren(node).every((child) => isTotalPair(text, child, bound))
  if (node.type === 'unary_operator' || node.type === 'binary_operator') return isSmallArithmetic(text, node)
  return false
}

function isTotalPair(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const [key, value] = namedChildren(node)
  return (
    node.type === 'pair' && key !== undefined && value !== undefined && isConstant(key) && isTotal(text, value, bound)
  )
}

/** A number, constant or plain string. */
export function isConstant(node: SyntaxNode): boolean {
  if (LITERALS.has(node.type)) return true
  return node.type === 'string' && node.children.every((child) => child.type !== 'interpolation')
}

/** `-1`, `1 << 20`, `60 * 60`: literal operands of at most six digits, no power, no division, small shifts. */
function isSmallArithmetic(text: string, node: SyntaxNode): boolean {
  if (node.type === 'integer') return node.end - node.start <= 6
  if (node.type === 'unary_operator') return namedChildren(node).every((operand) => isSmallArithmetic(text, operand))
  if (node.type !== 'binary_operator') return false
  const [left, operator, right] = node.children
  if (!left || !operator || !right || ![left, right].every((operand) => isSmallArithmetic(text, operand))) return false
  if (operator.type === '<<') return /^\d{1,2}$/.test(text.slice(right.start, right.end))
  return ['+', '-', '*'].includes(operator.type)
}

/** True when the expression only reads: names, attributes, subscripts, literals and `len` of these. It may fail. */
export function isReadOnly(text: string, node: SyntaxNode): boolean {
  if (node.type === 'identifier' || isConstant(node)) return true
  if (node.type === 'attribute' || node.type === 'parenthesized_expression' || node.type === 'subscript')
    return namedChildren(node).every((child) => isReadOnly(text, child))
  if (node.type === 'unary_operator') return isSmallArithmetic(text, node)
  if (node.type === 'binary_operator') return namedChildren(node).every((child) => isReadOnly(text, child))
  return isLength(text, node)
}

/** `len(…)` of something that only reads. */
export function isLength(text: string, node: SyntaxNode): boolean {
  if (node.type !== 'call') return false
  const [callee, list] = node.children
  if (!callee || !list || text.slice(callee.start, callee.end) !== 'len') return false
  const [only, ...more] = namedChildren(list)
  return only !== undefined && more.length === 0 && isReadOnly(text, only)
}

/** True when the value is certainly a built-in number. */
export function isNumeric(text: string, node: SyntaxNode): boolean {
  return node.type === 'integer' || node.type === 'float' || isSmallArithmetic(text, node) || isLength(text, node)
}
