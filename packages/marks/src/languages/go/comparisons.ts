import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isReadOnly, type Names } from './expressions.ts'
import { comparisonOf } from './model.ts'

/**
 * `a < b` as `b > a`, where both operands only read: no type gives these operators a meaning of its own. Heads of loops, where one form is
 * the rule, are left alone.
 */
export function comparisonFlip(text: string, node: SyntaxNode, names: Names): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  const parent = node.parent?.type
  if (!comparison || !operator || parent === 'for_statement' || parent === 'for_clause') return null
  const { left, right } = comparison
  if (![left, right].every((operand) => isReadOnly(text, operand, names))) return null
  if (isConstant(left) || isConstant(right)) return null
  return comparisonDraft(text, left, operator, right)
}

/** `0 < n` is rarer than `n > 0`: both variants must look equally ordinary (fingerprinting.md E4). */
function isConstant(node: SyntaxNode): boolean {
  return isLiteral(node) || (node.type === 'unary_expression' && node.children.some(isLiteral))
}
