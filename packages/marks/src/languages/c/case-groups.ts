import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import type { Span } from '../../site.ts'

/** Labels of a switch that share one body. */
export interface CaseGroup {
  readonly cases: readonly SyntaxNode[]
  readonly span: Span
  /** True when control cannot fall out of the end of the body. */
  readonly closed: boolean
}

/** The cases of a switch's body, labels without statements of their own together with the case they lead to. */
export function caseGroups(body: SyntaxNode): CaseGroup[] {
  const groups: CaseGroup[] = []
  let cases: SyntaxNode[] = []
  for (const child of namedChildren(body)) {
    if (child.type !== 'case_statement') continue
    cases.push(child)
    if (statementsOf(child).length === 0) continue
    groups.push(groupOf(cases))
    cases = []
  }
  return cases.length > 0 ? [...groups, groupOf(cases)] : groups
}

function groupOf(cases: readonly SyntaxNode[]): CaseGroup {
  const [first, last] = [cases[0]!, cases.at(-1)!]
  return { cases, span: { start: first.start, end: last.end }, closed: leaves(statementsOf(last).at(-1)) }
}

/** Statements of a case, without its label. */
export function statementsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(node).filter((child) => child !== childByField(node, 'value'))
}

const JUMPS: ReadonlySet<string> = new Set([
  'break_statement',
  'return_statement',
  'continue_statement',
  'goto_statement',
  'throw_statement',
])

function leaves(statement: SyntaxNode | undefined): boolean {
  if (!statement) return false
  if (statement.type === 'compound_statement') return leaves(namedChildren(statement).at(-1))
  return JUMPS.has(statement.type)
}
