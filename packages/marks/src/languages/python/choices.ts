import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { branchDraft } from '../../internal/code/drafts.ts'
import type { Choice } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import type { Edit } from '../../site.ts'
import { isConstant, isLength } from './expressions.ts'

/** Relations and their exact contraries, positive form first. */
const CONTRARY: Readonly<Record<string, string>> = { '==': '!=', is: 'is not', in: 'not in' }
const POSITIVE: ReadonlyMap<string, string> = new Map(Object.entries(CONTRARY).map(([yes, no]) => [no, yes]))

/** The choice a node is: an `if` with `else` and no `elif`, or a conditional expression. */
export function choiceOf(node: SyntaxNode): Choice | null {
  if (node.type === 'if_statement') return statementChoice(node)
  if (node.type !== 'conditional_expression') return null
  const [first, condition, second, ...more] = namedChildren(node)
  if (!first || !condition || !second || more.length > 0) return null
  return choice(node, 'expression', condition, first, second)
}

function statementChoice(node: SyntaxNode): Choice | null {
  const alternatives = node.children.filter((child) => child.field === 'alternative')
  const [only] = alternatives
  const condition = childByField(node, 'condition')
  const first = childByField(node, 'consequence')
  const second = only?.type === 'else_clause' && alternatives.length === 1 ? childByField(only, 'body') : null
  return condition && first && second ? choice(node, 'statement', condition, first, second) : null
}

function choice(
  node: SyntaxNode,
  form: Choice['form'],
  tested: SyntaxNode,
  first: SyntaxNode,
  second: SyntaxNode,
): Choice {
  const argument = tested.type === 'not_operator' ? childByField(tested, 'argument') : null
  const condition = argument ?? tested
  const operator = argument === null && tested.type === 'comparison_operator' ? tested.children[1] : undefined
  const written = tested.children.length === 3 ? (operator?.type ?? '') : ''
  const relation = POSITIVE.get(written) ?? (CONTRARY[written] === undefined ? null : written)
  const negated = argument !== null || POSITIVE.has(written)
  const [whenTrue, whenFalse] = negated ? [second, first] : [first, second]
  return { node, form, condition, relation, negated, whenTrue, whenFalse }
}

/** Both branches of a choice exchanged and its condition turned into the contrary; null where that is not certain to be the same, or looks odd. */
export function branchFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const found = choiceOf(node)
  if (!found) return null
  const negation = negationOf(text, found)
  if (!negation) return null
  if (found.form === 'statement') return isTidy(text, found) ? branchDraft(text, found, negation) : null
  if (found.relation === null || ![found.whenTrue, found.whenFalse].every(isPlainOperand)) return null
  return branchDraft(text, found, negation)
}

/** What may be tested by its bare truth, with or without `not` in front. */
const BARE: ReadonlySet<string> = new Set(['identifier', 'attribute', 'call', 'subscript'])

function negationOf(text: string, { node, condition, relation, negated }: Choice): Edit | null {
  if (relation !== null) {
    const operator = condition.children[1]
    if (!operator || (relation === '==' && !comparesPlainly(text, condition))) return null
    return { span: operator, text: negated ? relation : (CONTRARY[relation] ?? relation) }
  }
  if (!BARE.has(condition.type)) return null
  if (!negated) return { span: { start: condition.start, end: condition.start }, text: 'not ' }
  const not = condition.parent
  if (!not || not === node || !/^not\s+$/.test(text.slice(not.start, condition.start))) return null
  return { span: { start: not.start, end: condition.start }, text: '' }
}

/** `==` with a literal or a length: no class gives `==` and `!=` meanings of their own there. */
function comparesPlainly(text: string, condition: SyntaxNode): boolean {
  return [condition.children[0], condition.children[2]].some(
    (side) => side !== undefined && (isConstant(side) || isLength(text, side)),
  )
}

/** Operands that need no parentheses on either side of a conditional expression. */
function isPlainOperand(node: SyntaxNode): boolean {
  return (
    BARE.has(node.type) || isConstant(node) || ['list', 'tuple', 'dictionary', 'binary_operator'].includes(node.type)
  )
}

/** Branches on lines of their own, equally indented, with nothing but `else:` between them and no comment behind them. */
function isTidy(text: string, { node, condition, whenTrue, whenFalse }: Choice): boolean {
  const [first, second] = whenTrue.start < whenFalse.start ? [whenTrue, whenFalse] : [whenFalse, whenTrue]
  if (!/^\s*:[ \t]*\n\s*$/.test(text.slice(condition.end, first.start))) return false
  if (!/^[ \t]*\n[ \t]*else[ \t]*:[ \t]*\n[ \t]*$/.test(text.slice(first.end, second.start))) return false
  if (indentOf(text, first) !== indentOf(text, second)) return false
  return !followedByComment(text, second, indentOf(text, node).length)
}

function indentOf(text: string, node: SyntaxNode): string {
  return text.slice(text.lastIndexOf('\n', node.start - 1) + 1, node.start)
}

/** A comment on the last line, or below and further in than the `if`, belongs to the branch but not to its node. */
function followedByComment(text: string, node: SyntaxNode, depth: number): boolean {
  const [same = '', ...below] = text.slice(node.end).split('\n', 40)
  if (same.includes('#')) return true
  const next = below.find((line) => line.trim() !== '') ?? ''
  return next.trimStart().startsWith('#') && next.length - next.trimStart().length > depth
}
