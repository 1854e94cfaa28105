import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isQuiet, isReadOnly } from './expressions.ts'
import { NUMBERS } from './literals.ts'
import { comparisonOf } from './model.ts'
import type { MethodScene } from './scene.ts'

/**
 * `a < b` as `b > a`: operands are always numbers. Both only read; or one is a local variable, which no call can change, and the other changes
 * nothing by itself. Heads of loops, where one form is the rule, and literals, which nobody writes first, are left alone.
 */
export function comparisonFlip(text: string, node: SyntaxNode, scene: MethodScene): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator || node.parent?.type === 'for_statement') return null
  const sides = [comparison.left, comparison.right]
  if (sides.some((side) => isLiteral(side) || side.type === 'binary_expression' || side.type === 'cast_expression'))
    return null
  const local = sides.some((side) => side.type === 'identifier' && scene.types.has(text.slice(side.start, side.end)))
  const safe = sides.every((side) => isReadOnly(side)) || (local && sides.every((side) => isQuiet(side)))
  return safe ? comparisonDraft(text, comparison.left, operator, comparison.right) : null
}

function isLiteral(node: SyntaxNode): boolean {
  return NUMBERS.has(node.type) || node.type === 'unary_expression' || node.type === 'character_literal'
}
