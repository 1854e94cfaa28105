import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isNumeric, isReadOnly } from './expressions.ts'
import { comparisonOf } from './model.ts'
import { type FunctionScene, isMacroLike } from './scene.ts'

/**
 * `a < b` as `b > a`, where both operands only read; in C++ only where both are certainly numbers, as classes give operators a meaning of their
 * own. Heads of loops, where one form is the rule, and what macros may look at as text are left alone.
 */
export function comparisonFlip(node: SyntaxNode, scene: FunctionScene): SiteDraft | null {
  const { file } = scene
  const comparison = comparisonOf(node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator || !standsFree(node, scene)) return null
  const operands = [comparison.left, comparison.right]
  if (operands.some(isConstant) || operands.some((operand) => /[<>]/.test(withoutArrows(file.text, operand))))
    return null
  const safe = operands.every((operand) => (file.cpp ? isNumeric(operand, scene) : isReadOnly(operand, file)))
  return safe ? comparisonDraft(file.text, comparison.left, operator, comparison.right) : null
}

function withoutArrows(text: string, node: SyntaxNode): string {
  return text.slice(node.start, node.end).replaceAll('->', '')
}

/** `0 < n` is rarer than `n > 0`: both variants must look equally ordinary (fingerprinting.md E4). */
function isConstant(node: SyntaxNode): boolean {
  return isLiteral(node) || (node.type === 'unary_expression' && node.children.some(isLiteral))
}

const BORDERS: ReadonlySet<string> = new Set([
  'preproc_if',
  'preproc_elif',
  'template_argument_list',
  'static_assert_declaration',
])

/** True outside loop heads, compile-time conditions and what macros may look at as text. */
export function standsFree(node: SyntaxNode, { file, fn }: FunctionScene): boolean {
  if (node.parent?.type === 'for_statement') return false
  for (let at: SyntaxNode | null = node; at && at !== fn; at = at.parent) {
    if (at !== node && BORDERS.has(at.type) && (at.type === 'template_argument_list' || isCondition(node, at)))
      return false
    if (at.type === 'call_expression' && isMacroCall(at, file)) return false
  }
  return true
}

function isCondition(node: SyntaxNode, directive: SyntaxNode): boolean {
  const condition = childByField(directive, 'condition')
  return condition !== null && condition.start <= node.start && node.end <= condition.end
}

/** A call whose brackets may hold text and not values. */
export function isMacroCall(call: SyntaxNode, { text, macros }: FunctionScene['file']): boolean {
  const callee = childByField(call, 'function')
  return callee?.type === 'identifier' && isMacroLike(text.slice(callee.start, callee.end), macros)
}
