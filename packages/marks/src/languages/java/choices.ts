import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { branchDraft } from '../../internal/code/drafts.ts'
import type { Choice } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import type { Edit } from '../../site.ts'
import { isLiteral } from './expressions.ts'

const FORMS: ReadonlyMap<string, Choice['form']> = new Map([
  ['if_statement', 'statement'],
  ['ternary_expression', 'expression'],
])

/** The choice a node is: an `if` with `else`, or a conditional expression. */
export function choiceOf(node: SyntaxNode): Choice | null {
  const form = FORMS.get(node.type)
  const head = childByField(node, 'condition')
  const first = childByField(node, 'consequence')
  const second = childByField(node, 'alternative')
  if (!form || !head || !first || !second) return null
  const { condition, relation, negated } = testOf(bare(head))
  const [whenTrue, whenFalse] = negated ? [second, first] : [first, second]
  return { node, form, condition, relation, negated, whenTrue, whenFalse }
}

function testOf(tested: SyntaxNode): Pick<Choice, 'condition' | 'relation' | 'negated'> {
  const operator = operatorOf(tested)
  const argument = operator === '!' ? childByField(tested, 'operand') : null
  if (argument) return { condition: argument, relation: null, negated: true }
  const relation = operator === '==' || operator === '!=' ? '==' : null
  return { condition: tested, relation, negated: operator === '!=' }
}

function bare(node: SyntaxNode): SyntaxNode {
  const inner = node.type === 'parenthesized_expression' ? namedChildren(node)[0] : undefined
  return inner ?? node
}

function operatorOf(node: SyntaxNode): string {
  return childByField(node, 'operator')?.type ?? ''
}

/** Both branches of a choice exchanged and its condition turned into the contrary; null where that looks odd or comments would lose their subject. */
export function branchFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const found = choiceOf(node)
  const negation = found && negationOf(text, found)
  if (!found || !negation) return null
  const branches = [found.whenTrue, found.whenFalse]
  if (found.form === 'statement') {
    const blocks = branches.every((branch) => branch.type === 'block')
    return blocks && node.field !== 'alternative' && isTidy(text, found) ? branchDraft(text, found, negation) : null
  }
  return found.relation !== null && branches.every(isPlain) ? branchDraft(text, found, negation) : null
}

/** What may be tested by its bare truth, with or without `!` in front. */
const BARE: ReadonlySet<string> = new Set(['identifier', 'method_invocation', 'field_access', 'array_access'])

/** Operands that need no parentheses on either side of a conditional expression. */
function isPlain(node: SyntaxNode): boolean {
  return BARE.has(node.type) || isLiteral(node)
}

function negationOf(text: string, { condition, relation, negated }: Choice): Edit | null {
  if (relation !== null) {
    const operator = childByField(condition, 'operator')
    return operator && { span: { start: operator.start, end: operator.end }, text: negated ? '==' : '!=' }
  }
  if (!BARE.has(condition.type)) return null
  if (!negated) return { span: { start: condition.start, end: condition.start }, text: '!' }
  const not = condition.parent
  if (!not || text.slice(not.start, condition.start) !== '!') return null
  return { span: { start: not.start, end: condition.start }, text: '' }
}

/** Nothing but `else` between the blocks, and no comment behind the second that would stay. */
function isTidy(text: string, { whenTrue, whenFalse }: Choice): boolean {
  const [first, second] = whenTrue.start < whenFalse.start ? [whenTrue, whenFalse] : [whenFalse, whenTrue]
  if (!/^\s*else\s*$/.test(text.slice(first.end, second.start))) return false
  const end = text.indexOf('\n', second.end)
  return !/\/[/*]/.test(text.slice(second.end, end < 0 ? text.length : end))
}
