import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isConstant, isReadOnly, namesIn } from './expressions.ts'
import { isNumber, numericNames } from './numbers.ts'
import { enclosingFunction } from './scope.ts'

const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*', '&', '|', '^'])
/** Operators that bind as tightly: an operand of the same rank would change what it is an operand of. */
const RANK: Readonly<Record<string, string>> = { '+': '+-', '*': '*/ // % @', '&': '&', '|': '|', '^': '^' }

/** Operands that might change places: all of an `and` or `or`, both of a commutative operator; null for other nodes. */
export function operandsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  if (node.type === 'boolean_operator') {
    const parent = node.parent
    const inner =
      parent?.type === 'boolean_operator' && operatorOf(parent) === operatorOf(node) && node.field === 'left'
    return inner ? null : chainOf(node, operatorOf(node))
  }
  if (node.type !== 'binary_operator' || !COMMUTATIVE.has(operatorOf(node))) return null
  const sides = [childByField(node, 'left'), childByField(node, 'right')].filter((side) => side !== null)
  return sides.length === 2 ? sides : null
}

/** The operator of a node, spelled as in the text. */
export function operatorOf(node: SyntaxNode): string {
  return childByField(node, 'operator')?.type ?? ''
}

/** Operands of `a and b and c`, in order. */
function chainOf(node: SyntaxNode, operator: string): SyntaxNode[] {
  const out: SyntaxNode[] = []
  let at: SyntaxNode | null = node
  while (at?.type === 'boolean_operator' && operatorOf(at) === operator) {
    const right = childByField(at, 'right')
    if (right) out.push(right)
    at = childByField(at, 'left')
  }
  return at ? [...out, at].reverse() : out.reverse()
}

/** Neighbouring operands that may change places without anybody noticing. */
export function operandSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const operands = operandsOf(node)
  const fn = enclosingFunction(node)
  if (!operands || !fn || fn.type === 'lambda') return []
  if (node.type === 'boolean_operator') return isOnlyTested(node) ? conditionSwaps(text, operands, fn) : []
  const [left, right] = operands
  if (!left || !right || !commutes(text, node, left, right, fn)) return []
  return draftsFor(text, 'operand-order', [[left, right]])
}

function draftsFor(text: string, kind: string, pairs: readonly (readonly [SyntaxNode, SyntaxNode])[]): SiteDraft[] {
  return pairs
    .filter(([a, b]) => text.slice(a.start, a.end) !== text.slice(b.start, b.end))
    .filter(([a, b]) => !text.slice(a.end, b.start).includes('#'))
    .map(([a, b]) => swapDraft(kind, [a, b], [shown(text, a), shown(text, b)]))
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

/** Both sides are built-in numbers that are only read. A literal stays where its author put it: `1 + n` is rarer than `n + 1`. */
function commutes(text: string, node: SyntaxNode, left: SyntaxNode, right: SyntaxNode, fn: SyntaxNode): boolean {
  const rank = RANK[operatorOf(node)] ?? ''
  const names = numericNames(text, fn)
  return [left, right].every(
    (side) =>
      !isConstant(side) &&
      side.type !== 'unary_operator' &&
      !(side.type === 'binary_operator' && rank.includes(operatorOf(side))) &&
      isReadOnly(text, side) &&
      isNumber(text, side, names),
  )
}

/** True when nothing but the truth of the expression is ever used. */
function isOnlyTested(node: SyntaxNode): boolean {
  const parent = node.parent
  switch (parent?.type) {
    case 'parenthesized_expression':
    case 'not_operator':
    case 'boolean_operator':
      return isOnlyTested(parent)
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return node.field === 'condition'
    case 'if_clause':
      return true
    default:
      return false
  }
}

function conditionSwaps(text: string, operands: readonly SyntaxNode[], fn: SyntaxNode): SiteDraft[] {
  const bound = boundBefore(text, fn)
  const quiet = operands.map((operand) => isQuietTest(text, operand, bound))
  const pairs = operands.flatMap((second, at) => {
    const first = operands[at - 1]
    return first && quiet[at - 1] && quiet[at] && isFree(text, first, second) ? [[first, second] as const] : []
  })
  return draftsFor(text, 'condition-order', pairs)
}

/** Tests of different names, or both a plain equality: `x is not None and isinstance(x, str)` in that order is so usual that the other would be noticed. */
function isFree(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const names = namesIn(text, second)
  const apart = [...namesIn(text, first)].every((name) => !names.has(name))
  return apart || (isPlainEquality(first) && isPlainEquality(second))
}

function isPlainEquality(node: SyntaxNode): boolean {
  return node.type === 'comparison_operator' && node.children[0]?.type === 'identifier'
}

/** Parameters: the names that certainly have a value wherever the function uses them, unless it deletes them. */
function boundBefore(text: string, fn: SyntaxNode): ReadonlySet<string> {
  if (/\bdel\b/.test(text.slice(fn.start, fn.end))) return new Set()
  const parameters = childByField(fn, 'parameters')
  const names = (parameters ? namedChildren(parameters) : []).map((child) =>
    child.type === 'identifier' ? child : (childByField(child, 'name') ?? namedChildren(child)[0] ?? child),
  )
  return new Set(names.filter((name) => name.type === 'identifier').map((name) => text.slice(name.start, name.end)))
}

/** True when testing the operand cannot fail, call code of anybody or guard another operand: names, identity, equality with a literal. */
function isQuietTest(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'identifier':
      return bound.has(text.slice(node.start, node.end))
    case 'parenthesized_expression':
    case 'not_operator':
      return namedChildren(node).every((child) => isQuietTest(text, child, bound))
    case 'comparison_operator':
      return isQuietRelation(text, node, bound)
    default:
      return node.type === 'call' && isTypeTest(text, node, bound)
  }
}

const RELATIONS: ReadonlySet<string> = new Set(['is', 'is not', '==', '!='])

function isQuietRelation(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const [first, operator, last, ...more] = node.children
  if (!first || !operator || !last || more.length > 0 || !isQuietTest(text, first, bound)) return false
  if (operator.type === 'in' || operator.type === 'not in')
    return last.type === 'tuple' && namedChildren(last).every(isConstant)
  return RELATIONS.has(operator.type) && isConstant(last)
}

const TYPES: ReadonlySet<string> = new Set(['str', 'bytes', 'int', 'float', 'bool', 'list', 'dict', 'tuple', 'set'])

/** `isinstance(name, str)`. */
function isTypeTest(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  if (!callee || !list || text.slice(callee.start, callee.end) !== 'isinstance') return false
  const [value, type, ...more] = namedChildren(list)
  if (!value || !type || more.length > 0) return false
  return isQuietTest(text, value, bound) && TYPES.has(text.slice(type.start, type.end))
}
