import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { operandSwaps, operatorOf } from '../../internal/code/operand-chains.ts'
import type { SiteDraft } from '../../language.ts'
import { standsFree } from './comparisons.ts'
import { isLiteral, isNumeric, isReadOnly, isTotal, namesIn } from './expressions.ts'
import type { FunctionScene } from './scene.ts'

/** Operators that bind as tightly: an operand of the same rank would change what it is an operand of. */
const RANK: Readonly<Record<string, readonly string[]>> = {
  '*': ['*', '/', '%'],
  '+': ['+', '-'],
  '&': ['&'],
  '|': ['|'],
  '^': ['^'],
}

/** Neighbouring operands of `&&`, `||` and commutative operators that may change places. */
export function cOperandSwaps(node: SyntaxNode, scene: FunctionScene): SiteDraft[] {
  const { text } = scene.file
  if (!standsFree(node, scene)) return []
  return operandSwaps(text, node, {
    isQuiet: (operand) => isTotal(operand, scene),
    namesIn: (operand) => namesIn(text, operand),
    commutes: (operator, left, right) =>
      [left, right].every(
        (side) =>
          !isConstant(side) &&
          isCertain(operator, side, scene) &&
          !(side.type === 'binary_expression' && RANK[operator]!.includes(operatorOf(side))),
      ),
  })
}

/** `1 + n` is rarer than `n + 1`. */
function isConstant(node: SyntaxNode): boolean {
  return isLiteral(node) || (node.type === 'unary_expression' && node.children.some(isLiteral))
}

/** A number that is only read. In C only numbers know these operators, but for `+`, which pointers know as well. */
function isCertain(operator: string, side: SyntaxNode, scene: FunctionScene): boolean {
  if (scene.file.cpp) return isNumeric(side, scene) && isNumber(side, scene)
  return isReadOnly(side, scene.file) && (operator !== '+' || isNumber(side, scene))
}

/** True for variables declared as numbers, sizes, and what is computed of them. */
function isNumber(node: SyntaxNode, scene: FunctionScene): boolean {
  const { text } = scene.file
  switch (node.type) {
    case 'number_literal':
    case 'sizeof_expression':
    case 'call_expression':
      return true
    case 'identifier':
      return scene.variables.get(text.slice(node.start, node.end))?.number === true
    case 'parenthesized_expression':
      return namedChildren(node).every((inner) => isNumber(inner, scene))
    case 'binary_expression': {
      const [left, right] = [childByField(node, 'left'), childByField(node, 'right')]
      if (['*', '/', '%'].includes(operatorOf(node))) return true
      return (
        ['+', '-'].includes(operatorOf(node)) && [left, right].every((side) => side !== null && isNumber(side, scene))
      )
    }
    default:
      return false
  }
}
