import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { branchDraft } from '../../internal/code/drafts.ts'
import type { Choice } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import type { Edit } from '../../site.ts'
import { isLiteral } from './expressions.ts'

/** Relations and their exact contraries, positive form first. */
const CONTRARY: Readonly<Record<string, string>> = { '===': '!==', '==': '!=' }
const POSITIVE: ReadonlyMap<string, string> = new Map(Object.entries(CONTRARY).map(([yes, no]) => [no, yes]))

/** The choice a node is: an `if` with one `else`, or a conditional expression. */
export function choiceOf(node: SyntaxNode): Choice | null {
  const alternatives = node.children.filter((child) => child.field === 'alternative')
  const [alternative, ...more] = alternatives
  const head = childByField(node, 'condition')
  const first = childByField(node, 'body')
  if (!head || !first || !alternative || more.length > 0) return null
  if (node.type === 'conditional_expression') return choice(node, 'expression', head, first, alternative)
  const second = alternative.type === 'else_clause' ? childByField(alternative, 'body') : null
  return node.type === 'if_statement' && second ? choice(node, 'statement', head, first, second) : null
}

function choice(
  node: SyntaxNode,
  form: Choice['form'],
  head: SyntaxNode,
  first: SyntaxNode,
  second: SyntaxNode,
): Choice {
  const { condition, relation, negated } = testOf(bare(head))
  const [whenTrue, whenFalse] = negated ? [second, first] : [first, second]
  return { node, form, condition, relation, negated, whenTrue, whenFalse }
}

function testOf(tested: SyntaxNode): Pick<Choice, 'condition' | 'relation' | 'negated'> {
  const operator = childByField(tested, 'operator')?.type ?? ''
  const argument = operator === '!' ? childByField(tested, 'argument') : null
  if (argument) return { condition: argument, relation: null, negated: true }
  const positive = POSITIVE.get(operator)
  const relation = positive ?? (CONTRARY[operator] === undefined ? null : operator)
  return { condition: tested, relation, negated: positive !== undefined }
}

function bare(node: SyntaxNode): SyntaxNode {
  const inner = node.type === 'parenthesized_expression' ? namedChildren(node)[0] : undefined
  return inner ?? node
}

/** Both branches of a choice exchanged and its condition turned into the contrary; null where that looks odd or comments would lose their subject. */
export function branchFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const found = choiceOf(node)
  const negation = found && negationOf(text, found)
  if (!found || !negation) return null
  const branches = [found.whenTrue, found.whenFalse]
  if (found.form === 'expression')
    return found.relation !== null && branches.every(isPlainOperand) ? branchDraft(text, found, negation) : null
  const blocks = branches.every((branch) => branch.type === 'compound_statement')
  return blocks && node.parent?.type !== 'else_clause' && isTidy(text, found)
    ? branchDraft(text, found, negation)
    : null
}

/** What may be tested by its bare truth, with or without `!` in front. */
const BARE: ReadonlySet<string> = new Set([
  'variable_name',
  'member_access_expression',
  'member_call_expression',
  'function_call_expression',
  'scoped_call_expression',
  'subscript_expression',
])

/** Operands that need no parentheses on either side of a conditional expression. */
function isPlainOperand(node: SyntaxNode): boolean {
  return BARE.has(node.type) || isLiteral(node)
}

function negationOf(text: string, { condition, relation, negated }: Choice): Edit | null {
  if (relation !== null) {
    const operator = childByField(condition, 'operator')
    const put = negated ? relation : (CONTRARY[relation] ?? relation)
    return operator && { span: { start: operator.start, end: operator.end }, text: put }
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
  return !/\/[/*]|#/.test(text.slice(second.end, end < 0 ? text.length : end))
}
