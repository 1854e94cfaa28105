import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import type { SiteDraft } from '../../language.ts'
import { oneLine, swapDraft } from './drafts.ts'

const LOGIC: ReadonlySet<string> = new Set(['&&', '||'])
const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*', '&', '|', '^'])

/** The operator of a node, spelled as in the text; empty when it has none. */
export function operatorOf(node: SyntaxNode): string {
  return childByField(node, 'operator')?.type ?? ''
}

/**
 * Operands that might change places, in a grammar whose `binary_expression` has `left`, `operator` and `right`: all of an `&&` or `||`, both of a
 * commutative operator; null for other nodes.
 */
export function operandsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  if (node.type !== 'binary_expression') return null
  const operator = operatorOf(node)
  const [left, right] = [childByField(node, 'left'), childByField(node, 'right')]
  if (!left || !right) return null
  if (!LOGIC.has(operator)) return COMMUTATIVE.has(operator) ? [left, right] : null
  const inner =
    node.parent?.type === 'binary_expression' && node.field === 'left' && operatorOf(node.parent) === operator
  return inner ? null : chainOf(node, operator)
}

function chainOf(node: SyntaxNode, operator: string): SyntaxNode[] {
  const out: SyntaxNode[] = []
  let at: SyntaxNode | null = node
  while (at?.type === 'binary_expression' && operatorOf(at) === operator) {
    const right = childByField(at, 'right')
    if (right) out.push(right)
    at = childByField(at, 'left')
  }
  return at ? [...out, at].reverse() : out.reverse()
}

/** What a language knows of two operands. */
export interface OperandRules {
  /** True when testing the operand of `&&` or `||` cannot fail and does nothing. */
  isQuiet(operand: SyntaxNode): boolean
  /** True when the operator gives the same for its operands exchanged. */
  commutes(operator: string, left: SyntaxNode, right: SyntaxNode): boolean
  namesIn(operand: SyntaxNode): ReadonlySet<string>
}

/** Neighbouring operands that may change places without anybody noticing. */
export function operandSwaps(text: string, node: SyntaxNode, rules: OperandRules): SiteDraft[] {
  const operator = operatorOf(node)
  const logic = LOGIC.has(operator)
  return (operandsOf(node) ?? []).flatMap((second, at, operands) => {
    const first = operands[at - 1]
    if (!first || /\/[/*]/.test(text.slice(first.end, second.start))) return []
    const safe = logic ? areQuiet(first, second, rules) : rules.commutes(operator, first, second)
    const shown = [first, second].map((side) => oneLine(text.slice(side.start, side.end)).slice(0, 36))
    const kind = logic ? 'condition-order' : 'operand-order'
    return safe && shown[0] !== shown[1] ? [swapDraft(kind, [first, second], [shown[0]!, shown[1]!])] : []
  })
}

/** Neither guards the other: they speak of different things. */
function areQuiet(first: SyntaxNode, second: SyntaxNode, rules: OperandRules): boolean {
  const names = rules.namesIn(second)
  return rules.isQuiet(first) && rules.isQuiet(second) && [...rules.namesIn(first)].every((name) => !names.has(name))
}
