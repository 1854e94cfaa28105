import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isReadOnly } from './expressions.ts'
import { comparisonOf } from './model.ts'

/**
 * `$a < $b` as `$b > $a`, which the language defines by each other for all types; both operands only read. Heads of loops, where one form is
 * the rule, and literals, which nobody writes first, are left alone.
 */
export function comparisonFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator || node.parent?.type === 'for_statement') return null
  const sides = [comparison.left, comparison.right]
  if (sides.some((side) => isConstant(side) || side.type === 'binary_expression')) return null
  return sides.every((side) => isReadOnly(text, side))
    ? comparisonDraft(text, comparison.left, operator, comparison.right)
    : null
}

function isConstant(node: SyntaxNode): boolean {
  return isLiteral(node) || node.type === 'unary_op_expression'
}
