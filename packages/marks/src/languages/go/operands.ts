import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { operandSwaps, operatorOf } from '../../internal/code/operand-chains.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isReadOnly, isTotal, namesIn } from './expressions.ts'
import type { FileScene } from './scene.ts'

/** Operators that bind as tightly: an operand of the same rank would change what it is an operand of. */
const PRODUCT = ['*', '/', '%', '<<', '>>', '&', '&^']
const SUM = ['+', '-', '|', '^']
const RANK: Readonly<Record<string, readonly string[]>> = { '*': PRODUCT, '&': PRODUCT, '+': SUM, '|': SUM, '^': SUM }

/** Neighbouring operands of `&&`, `||` and commutative operators that may change places. */
export function goOperandSwaps(node: SyntaxNode, fn: SyntaxNode, { text, names }: FileScene): SiteDraft[] {
  return operandSwaps(text, node, {
    isQuiet: (operand) => isTotal(text, operand, names),
    namesIn: (operand) => namesIn(text, operand),
    commutes: (operator, left, right) =>
      [left, right].every(
        (side) =>
          !isConstant(side) &&
          isReadOnly(text, side, names) &&
          !(side.type === 'binary_expression' && RANK[operator]!.includes(operatorOf(side))),
      ) &&
      // Strings know `+` as well, and there order matters.
      (operator !== '+' || isNumber(text, left, fn) || isNumber(text, right, fn)),
  })
}

/** `1 + n` is rarer than `n + 1`. */
function isConstant(node: SyntaxNode): boolean {
  return isLiteral(node) || (node.type === 'unary_expression' && node.children.some(isLiteral))
}

const NUMBER = /^(?:u?int(?:8|16|32|64|ptr)?|byte|rune|float(?:32|64))$/

/** True for lengths, conversions to numbers, products and differences, and variables whose declaration says that they are numbers. */
function isNumber(text: string, node: SyntaxNode, fn: SyntaxNode): boolean {
  switch (node.type) {
    case 'int_literal':
    case 'float_literal':
      return true
    case 'identifier':
      return isDeclaredNumber(text, text.slice(node.start, node.end), fn)
    case 'parenthesized_expression':
      return namedChildren(node).every((inner) => isNumber(text, inner, fn))
    case 'call_expression': {
      const callee = childByField(node, 'function')
      const name = callee ? text.slice(callee.start, callee.end) : ''
      return name === 'len' || name === 'cap' || NUMBER.test(name)
    }
    case 'binary_expression':
      return PRODUCT.includes(operatorOf(node)) || operatorOf(node) === '-'
    default:
      return false
  }
}

/** Every declaration of the name in the function gives it a number type. */
function isDeclaredNumber(text: string, name: string, fn: SyntaxNode): boolean {
  let [numbers, others] = [0, 0]
  walkTree(fn, (node) => {
    if (node.type === 'short_var_declaration' || node.type === 'range_clause') {
      const left = childByField(node, 'left')
      if (left && namesIn(text, left).has(name)) others++
    }
    const type = childByField(node, 'type')
    if (!type || !node.children.some((child) => child.field === 'name' && text.slice(child.start, child.end) === name))
      return
    if (NUMBER.test(text.slice(type.start, type.end))) numbers++
    else others++
  })
  return numbers > 0 && others === 0
}
