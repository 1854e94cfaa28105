import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import type { SiteDraft } from '../../language.ts'
import type { Edit } from '../../site.ts'
import { branchDraft } from './drafts.ts'
import type { Choice } from './model.ts'
import { operatorOf } from './operand-chains.ts'

/** Node types of a grammar with `!`, `==` and `!=`. */
export interface ChoiceShape {
  /** The conditional expression, when the language has one. */
  readonly ternary: string | null
  /** A braced list of statements. */
  readonly block: string
}

/** The choice a node is: an `if` with `else`, or a conditional expression. */
export function choiceOf(node: SyntaxNode, shape: ChoiceShape): Choice | null {
  const statement = node.type === 'if_statement'
  const head = childByField(node, 'condition')
  const first = childByField(node, 'consequence')
  const second = elseOf(childByField(node, 'alternative'))
  if (!(statement || node.type === shape.ternary) || !head || !first || !second || hasMore(node, head)) return null
  const { condition, relation, negated } = testOf(bare(head))
  const [whenTrue, whenFalse] = negated ? [second, first] : [first, second]
  return { node, form: statement ? 'statement' : 'expression', condition, relation, negated, whenTrue, whenFalse }
}

/** A declaration before the test, or a test for the compiler. */
function hasMore(node: SyntaxNode, head: SyntaxNode): boolean {
  return [...node.children, ...head.children].some(
    (child) => child.field === 'initializer' || child.type === 'constexpr',
  )
}

function elseOf(node: SyntaxNode | null): SyntaxNode | null {
  return node?.type === 'else_clause' ? (namedChildren(node)[0] ?? null) : node
}

/** The tested expression without the brackets that the grammar asks for. */
function bare(node: SyntaxNode): SyntaxNode {
  const inner = node.type === 'parenthesized_expression' ? namedChildren(node)[0] : childByField(node, 'value')
  return node.type === 'parenthesized_expression' || node.type === 'condition_clause' ? (inner ?? node) : node
}

function testOf(tested: SyntaxNode): Pick<Choice, 'condition' | 'relation' | 'negated'> {
  const operator = operatorOf(tested)
  const argument = operator === '!' ? (childByField(tested, 'operand') ?? childByField(tested, 'argument')) : null
  if (argument) return { condition: argument, relation: null, negated: true }
  const relation = operator === '==' || operator === '!=' ? '==' : null
  return { condition: tested, relation, negated: operator === '!=' }
}

/** What a language knows of conditions. */
export interface BranchRules {
  readonly shape: ChoiceShape
  /** True when `!` before this condition gives its contrary. */
  mayNegate(condition: SyntaxNode): boolean
  /** True when `==` and `!=` between these operands are each other's contrary. */
  isRelation(condition: SyntaxNode): boolean
  /** Operands that need no brackets on either side of a conditional expression. */
  isPlain(branch: SyntaxNode): boolean
}

/** Both branches of a choice exchanged and its condition turned into the contrary; null where that looks odd or comments would lose their subject. */
export function branchFlip(text: string, node: SyntaxNode, rules: BranchRules): SiteDraft | null {
  const found = choiceOf(node, rules.shape)
  const negation = found && negationOf(text, found, rules)
  if (!found || !negation) return null
  const branches = [found.whenTrue, found.whenFalse]
  const fits =
    found.form === 'statement'
      ? branches.every((branch) => branch.type === rules.shape.block) && !isElse(node) && isTidy(text, found)
      : found.relation !== null && branches.every((branch) => rules.isPlain(branch))
  return fits ? branchDraft(text, found, negation) : null
}

/** Part of a chain of tests, where the order of the branches is the order of the tests. */
function isElse(node: SyntaxNode): boolean {
  return node.field === 'alternative' || node.parent?.type === 'else_clause'
}

function negationOf(text: string, { condition, relation, negated }: Choice, rules: BranchRules): Edit | null {
  if (relation !== null) {
    const operator = rules.isRelation(condition) ? childByField(condition, 'operator') : null
    return operator && { span: { start: operator.start, end: operator.end }, text: negated ? '==' : '!=' }
  }
  if (!rules.mayNegate(condition)) return null
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
