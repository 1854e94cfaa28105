import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { branchDraft } from '../../internal/code/drafts.ts'
import type { Choice } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import type { Edit } from '../../site.ts'

/** Relations and their exact contraries, positive form first. */
const CONTRARY: Readonly<Record<string, string>> = { '===': '!==', '==': '!=' }
const POSITIVE: ReadonlyMap<string, string> = new Map(Object.entries(CONTRARY).map(([yes, no]) => [no, yes]))

/** The choice a node is: an `if` with `else`, or a conditional expression. */
export function choiceOf(node: SyntaxNode): Choice | null {
  const condition = childByField(node, 'condition')
  const first = childByField(node, 'consequence')
  const alternative = childByField(node, 'alternative')
  if (!condition || !first || !alternative) return null
  if (node.type === 'ternary_expression') return choice(node, 'expression', condition, first, alternative)
  const second = alternative.type === 'else_clause' ? namedChildren(alternative)[0] : undefined
  return node.type === 'if_statement' && second ? choice(node, 'statement', condition, first, second) : null
}

function choice(
  node: SyntaxNode,
  form: Choice['form'],
  head: SyntaxNode,
  first: SyntaxNode,
  second: SyntaxNode,
): Choice {
  const tested = bare(head)
  const argument = operatorOf(tested) === '!' ? childByField(tested, 'argument') : null
  const condition = argument ?? tested
  const written = argument === null && tested.type === 'binary_expression' ? operatorOf(tested) : ''
  const relation = POSITIVE.get(written) ?? (CONTRARY[written] === undefined ? null : written)
  const negated = argument !== null || POSITIVE.has(written)
  const [whenTrue, whenFalse] = negated ? [second, first] : [first, second]
  return { node, form, condition, relation, negated, whenTrue, whenFalse }
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
  if (!found) return null
  const negation = negationOf(text, found)
  if (!negation) return null
  const branches = [found.whenTrue, found.whenFalse]
  if (found.form === 'statement') {
    const blocks = branches.every((branch) => branch.type === 'statement_block')
    return blocks && isTidy(text, found) ? branchDraft(text, found, negation) : null
  }
  return found.relation !== null && branches.every((branch) => PLAIN.has(branch.type))
    ? branchDraft(text, found, negation)
    : null
}

/** What may be tested by its bare truth, with or without `!` in front. */
const BARE: ReadonlySet<string> = new Set([
  'identifier',
  'member_expression',
  'call_expression',
  'subscript_expression',
  'this',
])
/** Operands that need no parentheses on either side of a conditional expression. */
const PLAIN: ReadonlySet<string> = new Set([
  ...BARE,
  'string',
  'number',
  'template_string',
  'array',
  'object',
  'true',
  'false',
  'null',
  'undefined',
])

function negationOf(text: string, { condition, relation, negated }: Choice): Edit | null {
  if (relation !== null) {
    const operator = childByField(condition, 'operator')
    return operator && { span: operator, text: negated ? relation : (CONTRARY[relation] ?? relation) }
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
