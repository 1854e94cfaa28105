import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import type { SiteDraft } from '../../language.ts'
import { boundIdentifiers } from './binding.ts'
import { isReadOnly, namesIn } from './expressions.ts'
import { isNumber, numericNames } from './numbers.ts'
import { enclosingFunction } from './scope.ts'

const LOGIC: ReadonlySet<string> = new Set(['&&', '||'])
/** Commutative operators and those that bind as tightly: an operand of the same rank would change what it is an operand of. */
const RANK: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', '-'],
  '*': ['*', '/', '%'],
  '&': ['&'],
  '|': ['|'],
  '^': ['^'],
}

/** Neighbouring operands that may change places without anybody noticing. */
export function operandSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const operands = operandsOf(node)
  const fn = operands && enclosingFunction(node)
  if (!operands || !fn) return []
  if (LOGIC.has(operatorOf(node))) return isOnlyTested(node) ? conditionSwaps(text, operands, fn) : []
  const [left, right] = operands
  if (!left || !right || !commutes(text, operatorOf(node), left, right, fn)) return []
  return draftsFor(text, 'operand-order', [[left, right]])
}

function draftsFor(text: string, kind: string, pairs: readonly (readonly [SyntaxNode, SyntaxNode])[]): SiteDraft[] {
  return pairs
    .filter(([a, b]) => text.slice(a.start, a.end) !== text.slice(b.start, b.end))
    .filter(([a, b]) => !/\/[/*]/.test(text.slice(a.end, b.start)))
    .map(([a, b]) => swapDraft(kind, [a, b], [shown(text, a), shown(text, b)]))
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

/**
 * Both sides are only read and certainly numbers, so that `+` joins no texts and nothing else is converted. A literal stays where its author
 * put it: `1 + n` is rarer than `n + 1`.
 */
function commutes(text: string, operator: string, left: SyntaxNode, right: SyntaxNode, fn: SyntaxNode): boolean {
  const names = numericNames(text, fn)
  return [left, right].every(
    (side) =>
      side.type !== 'number' &&
      side.type !== 'unary_expression' &&
      !(side.type === 'binary_expression' && RANK[operator]!.includes(operatorOf(side))) &&
      isReadOnly(side) &&
      isNumber(text, side, names),
  )
}

const TESTING: ReadonlySet<string> = new Set(['if_statement', 'while_statement', 'do_statement', 'ternary_expression'])

/** True when nothing but the truth of the expression is ever used. */
function isOnlyTested(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent) return false
  if (TESTING.has(parent.type)) return node.field === 'condition'
  if (parent.type === 'parenthesized_expression') return isOnlyTested(parent)
  if (parent.type === 'unary_expression') return operatorOf(parent) === '!'
  return parent.type === 'binary_expression' && LOGIC.has(operatorOf(parent)) && isOnlyTested(parent)
}

function conditionSwaps(text: string, operands: readonly SyntaxNode[], fn: SyntaxNode): SiteDraft[] {
  const bound = parametersOf(text, fn)
  const quiet = operands.map((operand) => isQuietTest(text, operand, bound))
  const pairs = operands.flatMap((second, at) => {
    const first = operands[at - 1]
    return first && quiet[at - 1] && quiet[at] && isFree(text, first, second) ? [[first, second] as const] : []
  })
  return draftsFor(text, 'condition-order', pairs)
}

/** Tests of different names, or both a plain equality: `x !== null && typeof x` in that order is so usual that the other would be noticed. */
function isFree(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const names = namesIn(text, second)
  const apart = [...namesIn(text, first)].every((name) => !names.has(name))
  return apart || (isPlainEquality(first) && isPlainEquality(second))
}

function isPlainEquality(node: SyntaxNode): boolean {
  return node.type === 'binary_expression' && childByField(node, 'left')?.type === 'identifier'
}

/** Parameters always have a value; other names may not have one yet. */
function parametersOf(text: string, fn: SyntaxNode): ReadonlySet<string> {
  const list = childByField(fn, 'parameters') ?? childByField(fn, 'parameter')
  return new Set(list ? boundIdentifiers(list).map((name) => text.slice(name.start, name.end)) : [])
}

const CONSTANTS: ReadonlySet<string> = new Set(['number', 'string', 'true', 'false', 'null', 'undefined'])
const EQUALITY: ReadonlySet<string> = new Set(['===', '!==', '==', '!='])

/** True when testing the operand cannot fail, run anybody's code or guard another operand: names, equality with a constant, `typeof`. */
function isQuietTest(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'identifier':
      return bound.has(text.slice(node.start, node.end))
    case 'parenthesized_expression':
      return namedChildren(node).every((child) => isQuietTest(text, child, bound))
    case 'unary_expression': {
      const argument = childByField(node, 'argument')
      return operatorOf(node) === '!' && argument !== null && isQuietTest(text, argument, bound)
    }
    default:
      return node.type === 'binary_expression' && isQuietEquality(text, node, bound)
  }
}

function isQuietEquality(text: string, node: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const [left, right] = [childByField(node, 'left'), childByField(node, 'right')]
  if (!left || !right || !EQUALITY.has(operatorOf(node)) || !CONSTANTS.has(right.type)) return false
  const strict = operatorOf(node).length === 3 || right.type === 'null' || right.type === 'undefined'
  return isTypeOf(left) || (strict && isQuietTest(text, left, bound))
}

/** `typeof name`, which never fails for a name without value. */
function isTypeOf(node: SyntaxNode): boolean {
  return (
    node.type === 'unary_expression' &&
    operatorOf(node) === 'typeof' &&
    childByField(node, 'argument')?.type === 'identifier'
  )
}
