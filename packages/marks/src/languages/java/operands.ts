import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral } from './expressions.ts'
import type { MethodScene } from './scene.ts'
import { namesIn } from './scope.ts'

const LOGIC: ReadonlySet<string> = new Set(['&&', '||'])
/** Commutative operators and those that bind as tightly: an operand of the same rank would change what it is an operand of. */
const RANK: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', '-'],
  '*': ['*', '/', '%'],
  '&': ['&'],
  '|': ['|'],
  '^': ['^'],
}

/** Neighbouring operands that may change places without anybody noticing. */
export function operandSwaps(text: string, node: SyntaxNode, scene: MethodScene): SiteDraft[] {
  const operands = operandsOf(node)
  if (!operands) return []
  const logic = LOGIC.has(operatorOf(node))
  return operands.flatMap((second, at) => {
    const first = operands[at - 1]
    if (!first || text.slice(first.end, second.start).includes('/')) return []
    const safe = logic
      ? isQuietTest(text, first, scene) && isQuietTest(text, second, scene) && !shareName(text, first, second)
      : commutes(text, operatorOf(node), [first, second], scene)
    const shown = [first, second].map((side) => oneLine(text.slice(side.start, side.end)).slice(0, 36))
    const kind = logic ? 'condition-order' : 'operand-order'
    return safe && shown[0] !== shown[1] ? [swapDraft(kind, [first, second], [shown[0]!, shown[1]!])] : []
  })
}

/** One may guard the other. */
function shareName(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const names = namesIn(text, second)
  return [...namesIn(text, first)].some((name) => names.has(name))
}

const NUMERIC: ReadonlySet<string> = new Set(['int', 'long', 'double', 'float', 'short', 'byte'])

/** Both sides are local variables of primitive number types. A literal stays where its author put it: `1 + n` is rarer than `n + 1`. */
function commutes(text: string, operator: string, sides: readonly SyntaxNode[], scene: MethodScene): boolean {
  return sides.every(
    (side) =>
      isNumber(text, side, scene) && !(side.type === 'binary_expression' && RANK[operator]!.includes(operatorOf(side))),
  )
}

function isNumber(text: string, node: SyntaxNode, scene: MethodScene): boolean {
  if (node.type === 'identifier') return NUMERIC.has(typeOf(text, node, scene))
  if (node.type === 'parenthesized_expression')
    return namedChildren(node).every((inner) => isNumber(text, inner, scene))
  if (node.type !== 'binary_expression' || !['+', '-', '*'].includes(operatorOf(node))) return false
  return namedChildren(node).every((side) => isLiteral(side) || isNumber(text, side, scene))
}

function typeOf(text: string, node: SyntaxNode, scene: MethodScene): string {
  return scene.types.get(text.slice(node.start, node.end)) ?? ''
}

const PRIMITIVE: ReadonlySet<string> = new Set([...NUMERIC, 'boolean', 'char'])

/** True when testing the operand cannot fail and runs nobody's code: local variables of primitive types, and whether a local is `null`. */
function isQuietTest(text: string, node: SyntaxNode, scene: MethodScene): boolean {
  switch (node.type) {
    case 'identifier':
      return PRIMITIVE.has(typeOf(text, node, scene))
    case 'parenthesized_expression':
    case 'unary_expression':
      return namedChildren(node).every((child) => isQuietTest(text, child, scene))
    case 'binary_expression': {
      const [left, right] = [childByField(node, 'left'), childByField(node, 'right')]
      if (!left || !right || !/^(?:[<>]=?|[!=]=)$/.test(operatorOf(node))) return false
      if (right.type === 'null_literal') return left.type === 'identifier' && typeOf(text, left, scene) !== ''
      return [left, right].every((side) => isLiteral(side) || isQuietTest(text, side, scene))
    }
    default:
      return false
  }
}
