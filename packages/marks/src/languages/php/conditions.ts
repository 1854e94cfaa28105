import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral } from './expressions.ts'
import { enclosingFunction, parametersOf, variableName, variablesIn } from './scope.ts'

const LOGIC: ReadonlySet<string> = new Set(['&&', '||'])

/** All operands of an `&&` or `||`; null for other nodes. */
export function conditionsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  const operator = operatorOf(node)
  if (node.type !== 'binary_expression' || !LOGIC.has(operator)) return null
  const parent = node.parent
  if (parent?.type === 'binary_expression' && operatorOf(parent) === operator && node.field === 'left') return null
  const out: SyntaxNode[] = []
  let at: SyntaxNode | null = node
  while (at?.type === 'binary_expression' && operatorOf(at) === operator) {
    const right = childByField(at, 'right')
    if (right) out.push(right)
    at = childByField(at, 'left')
  }
  return at ? [...out, at].reverse() : out.reverse()
}

/** The operator of a node, spelled as in the text. */
export function operatorOf(node: SyntaxNode): string {
  return childByField(node, 'operator')?.type ?? ''
}

/** Neighbouring tests that may change places: neither can fail, runs anybody's code or speaks of a variable of the other. */
export function conditionSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const operands = conditionsOf(node)
  const fn = operands && enclosingFunction(node)
  if (!operands || !fn) return []
  const parameters = new Set(parametersOf(text, fn))
  return operands.flatMap((second, at) => {
    const first = operands[at - 1]
    if (!first || ![first, second].every((operand) => isQuietTest(text, operand, parameters))) return []
    const names = variablesIn(text, second)
    const shares = [...variablesIn(text, first)].some((name) => names.has(name))
    const shown = [first, second].map((side) => oneLine(text.slice(side.start, side.end)).slice(0, 36))
    const gap = text.slice(first.end, second.start)
    return shares || /[/#]/.test(gap) ? [] : [swapDraft('condition-order', [first, second], [shown[0]!, shown[1]!])]
  })
}

/** Tests of the language itself; those in the second row ask for a value. */
const ASKING = /^(?:isset|empty)$/
const TYPE_TESTS = /^is_(?:null|string|int|bool|array|float|numeric|object)$/

/** Parameters always have a value; `isset` and `empty` take variables that have none. */
function isQuietTest(text: string, node: SyntaxNode, parameters: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'variable_name':
      return parameters.has(variableName(text, node) ?? '')
    case 'parenthesized_expression':
      return namedChildren(node).every((child) => isQuietTest(text, child, parameters))
    case 'unary_op_expression': {
      const argument = childByField(node, 'argument')
      return operatorOf(node) === '!' && argument !== null && isQuietTest(text, argument, parameters)
    }
    case 'binary_expression':
      return isStrictTest(text, node, parameters)
    case 'function_call_expression':
      return isQuietCall(text, node, parameters)
    default:
      return false
  }
}

/** `===` or `!==` with a literal on its right. */
function isStrictTest(text: string, node: SyntaxNode, parameters: ReadonlySet<string>): boolean {
  const [left, right] = [childByField(node, 'left'), childByField(node, 'right')]
  if (!left || !right || !/^[!=]==$/.test(operatorOf(node))) return false
  return isLiteral(right) && isQuietTest(text, left, parameters)
}

function isQuietCall(text: string, node: SyntaxNode, parameters: ReadonlySet<string>): boolean {
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  const [only, ...more] = list ? namedChildren(list) : []
  const argument = only && namedChildren(only)[0]
  if (!callee || argument?.type !== 'variable_name' || more.length > 0) return false
  const name = text.slice(callee.start, callee.end)
  return ASKING.test(name) || (TYPE_TESTS.test(name) && isQuietTest(text, argument, parameters))
}
