import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { Comparison } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import { isNumeric, isReadOnly } from './expressions.ts'

/** The comparison a binary expression is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const type = childByField(node, 'operator')?.type
  if (node.type !== 'binary' || !left || !right) return null
  if (type !== '<' && type !== '>' && type !== '<=' && type !== '>=') return null
  return { operator: type, left, right, node }
}

/** `a < b` as `b > a`: both operands only read, at least one is certainly a number, none is a literal (a yoda condition is rare). */
export function comparisonFlip(text: string, node: SyntaxNode, locals: ReadonlySet<string>): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator) return null
  const { left, right } = comparison
  if (isLiteral(left) || isLiteral(right) || (!isNumeric(text, left) && !isNumeric(text, right))) return null
  if (!isReadOnly(text, left, locals) || !isReadOnly(text, right, locals)) return null
  return comparisonDraft(text, left, operator, right)
}

function isLiteral(node: SyntaxNode): boolean {
  return node.type === 'integer' || node.type === 'float' || node.type === 'unary' || node.type === 'string'
}
