import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { branchFlip, type ChoiceShape } from '../../internal/code/branch-swaps.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isNumeric } from './expressions.ts'
import { type FunctionScene, isMacroLike } from './scene.ts'

export const C_CHOICES: ChoiceShape = { ternary: 'conditional_expression', block: 'compound_statement' }

/** `if (a == b) { … } else { … }` and `a == b ? x : y` turned round. */
export function cBranchFlip(node: SyntaxNode, scene: FunctionScene): SiteDraft | null {
  return branchFlip(scene.file.text, node, {
    shape: C_CHOICES,
    mayNegate: (condition) => mayNegate(condition, scene),
    isRelation: (condition) => isRelation(condition, scene),
    isPlain: (branch) => isLiteral(branch) || branch.type === 'identifier' || branch.type === 'field_expression',
  })
}

/** A name, field, element or call that binds tighter than `!`, and no macro that may hold an operator; in C++ a number or pointer. */
function mayNegate(condition: SyntaxNode, scene: FunctionScene): boolean {
  const { text, cpp, macros } = scene.file
  const word = (node: SyntaxNode | null): string => (node ? text.slice(node.start, node.end) : '')
  if (cpp) return condition.type === 'identifier' && isNumeric(condition, scene)
  switch (condition.type) {
    case 'identifier':
      return !isMacroLike(word(condition), macros)
    case 'call_expression': {
      const callee = childByField(condition, 'function')
      return callee?.type === 'identifier' && !isMacroLike(word(callee), macros)
    }
    case 'field_expression':
    case 'subscript_expression':
      return true
    default:
      return false
  }
}

/** In C `==` and `!=` are contraries; in C++ between numbers and pointers. */
function isRelation(condition: SyntaxNode, scene: FunctionScene): boolean {
  if (!scene.file.cpp) return true
  const sides = [childByField(condition, 'left'), childByField(condition, 'right')]
  return sides.every((side) => side !== null && (isLiteral(side) || isNumeric(side, scene)))
}
