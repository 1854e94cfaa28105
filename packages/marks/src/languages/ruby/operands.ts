import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isConstant, isNumeric, isReadOnly, methodName } from './expressions.ts'
import { namesIn } from './scope.ts'

const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*'])
const CHAINED: ReadonlySet<string> = new Set(['&&', '||'])

/** The operator of a binary expression, spelled as in the text. */
export function operatorOf(node: SyntaxNode): string {
  return node.type === 'binary' ? (childByField(node, 'operator')?.type ?? '') : ''
}

/** Operands that might change places: all of an `&&` or `||`, both of a sum or product; null for other nodes. */
export function operandsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  const operator = operatorOf(node)
  if (CHAINED.has(operator)) {
    const inner = node.parent !== null && operatorOf(node.parent) === operator && node.field === 'left'
    return inner ? null : chainOf(node, operator)
  }
  if (!COMMUTATIVE.has(operator)) return null
  const sides = [childByField(node, 'left'), childByField(node, 'right')].filter((side) => side !== null)
  return sides.length === 2 ? sides : null
}

function chainOf(node: SyntaxNode, operator: string): SyntaxNode[] {
  const out: SyntaxNode[] = []
  let at: SyntaxNode | null = node
  while (at && operatorOf(at) === operator) {
    const right = childByField(at, 'right')
    if (right) out.unshift(right)
    at = childByField(at, 'left')
  }
  return at ? [at, ...out] : out
}

/**
 * Neighbouring operands that may change places without anybody noticing.
 *
 * @param locals - that exist where the node stands
 */
export function operandSwaps(text: string, node: SyntaxNode, locals: ReadonlySet<string>): SiteDraft[] {
  const operands = operandsOf(node)
  if (!operands) return []
  const chained = CHAINED.has(operatorOf(node))
  if (chained && !isOnlyTested(node)) return []
  const fits = (operand: SyntaxNode): boolean =>
    chained ? isQuietTest(text, operand, locals) : isPlainNumber(text, operand, locals)
  return operands.flatMap((second, at) => {
    const first = operands[at - 1]
    if (!first || !fits(first) || !fits(second) || !areFree(text, first, second)) return []
    const shown = [first, second].map((side) => oneLine(text.slice(side.start, side.end)).slice(0, 36))
    return [swapDraft(chained ? 'condition-order' : 'operand-order', [first, second], [shown[0]!, shown[1]!])]
  })
}

/** Tests of different names: where both ask the same one, the first often guards the second. */
function areFree(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const names = namesIn(text, second)
  return (
    !text.slice(first.end, second.start).includes('#') && [...namesIn(text, first)].every((name) => !names.has(name))
  )
}

const TESTERS: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'elsif',
  'while',
  'until',
  'if_modifier',
  'unless_modifier',
  'conditional',
])

/** True when nothing but the truth of the expression is ever used. */
function isOnlyTested(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent) return false
  if (CHAINED.has(operatorOf(parent)) || parent.type === 'parenthesized_statements') return isOnlyTested(parent)
  return TESTERS.has(parent.type) && node.field === 'condition'
}

/** A variable, its being nil, or its equality with a literal: nothing that another operand could guard. */
function isQuietTest(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  if (node.type === 'instance_variable') return true
  if (node.type === 'identifier') return locals.has(text.slice(node.start, node.end))
  const asked = askedOf(text, node)
  return asked !== null && isQuietTest(text, asked, locals)
}

/** What `!x`, `x.nil?` and `x == 'literal'` ask about. */
function askedOf(text: string, node: SyntaxNode): SyntaxNode | null {
  if (node.type === 'unary') return text.charAt(node.start) === '!' ? (namedChildren(node)[0] ?? null) : null
  if (node.type === 'call') return methodName(text, node) === 'nil?' ? childByField(node, 'receiver') : null
  const right = childByField(node, 'right')
  return /^(?:==|!=)$/.test(operatorOf(node)) && right && isConstant(right) ? childByField(node, 'left') : null
}

/** Both sides are certainly numbers that are only read; a literal stays where its author put it, as `1 + n` is rarer than `n + 1`. */
function isPlainNumber(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  return node.type !== 'binary' && !isConstant(node) && isNumeric(text, node) && isReadOnly(text, node, locals)
}
