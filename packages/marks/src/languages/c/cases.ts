import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { type CaseGroup, caseGroups, statementsOf } from './case-groups.ts'
import { hasErrors } from './scene.ts'

/**
 * Adjacent cases of a switch, each with the labels that share its body, when control falls neither into nor out of them. The compiler sees to
 * it that no value stands in two labels.
 */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const body = node.type === 'switch_statement' ? childByField(node, 'body') : null
  const clean = body && namedChildren(body).every((child) => child.type === 'case_statement')
  if (!clean || hasErrors(body) || hasDirectives(body)) return []
  const groups = caseGroups(body)
  const drafts: SiteDraft[] = []
  for (const [at, first] of groups.entries()) {
    const second = groups[at + 1]
    if (!second || groups.slice(Math.max(0, at - 1), at + 2).some((group) => !group.closed)) continue
    if (![first, second].every(isMovable) || isSpokenOf(text, first, second)) continue
    if (!/^\s*\n\s*$/.test(text.slice(first.span.end, second.span.start))) continue
    drafts.push(swapDraft('case-order', [first.span, second.span], [shown(text, first), shown(text, second)]))
  }
  return drafts
}

function shown(text: string, { span }: CaseGroup): string {
  return oneLine(text.slice(span.start, span.end)).split(':')[0]!.slice(0, 36)
}

/** What a directive stands in may mean something else elsewhere. */
function hasDirectives(body: SyntaxNode): boolean {
  let found = false
  walkTree(body, (node) => {
    found ||= node.type.startsWith('preproc_')
    return !found
  })
  return found
}

/** No default, and no declaration that the cases after it could see. */
function isMovable({ cases }: CaseGroup): boolean {
  return cases.every(
    (one) => childByField(one, 'value') && statementsOf(one).every((statement) => statement.type !== 'declaration'),
  )
}

/** A comment at the border of two cases may speak of either. */
function isSpokenOf(text: string, first: CaseGroup, second: CaseGroup): boolean {
  const above = text.slice(0, first.span.start).trimEnd()
  const lineEnd = text.indexOf('\n', second.span.end)
  const behind = text.slice(second.span.end, lineEnd < 0 ? text.length : lineEnd)
  const below = text.slice(second.span.end).trimStart()
  return above.endsWith('*/') || /\/\/[^\n]*$/.test(above) || /\/[/*]/.test(behind) || /^\/[/*]/.test(below)
}
