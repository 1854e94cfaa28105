import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isNumeric, isReadOnly } from './expressions.ts'
import { comparisonOf } from './model.ts'

/** `a < b` as `b > a`: both operands only read, at least one is certainly a number. Loop heads, where one form is the rule, are left alone. */
export function comparisonFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator || node.parent?.type === 'for_statement') return null
  const { left, right } = comparison
  if (![left, right].every((operand) => isReadOnly(operand) && operand.type !== 'binary_expression')) return null
  if (!isNumeric(text, left) && !isNumeric(text, right)) return null
  if (isLiteral(left) || isLiteral(right)) return null
  return comparisonDraft(text, left, operator, right)
}

/** `0 < n` is rarer than `n > 0`: both variants must look equally ordinary (fingerprinting.md E4). */
function isLiteral(node: SyntaxNode): boolean {
  return node.type === 'number' || node.type === 'unary_expression'
}
