import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isConstant } from './expressions.ts'

/** Neighbouring cases of a `match` that no subject can reach both of: string or whole-number patterns without guards, all different. */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const body = node.type === 'match_statement' ? childByField(node, 'body') : null
  if (!body) return []
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(body)) {
    const [a, b] = [constantsOf(text, pair.first), constantsOf(text, pair.second)]
    if (!a || !b || a.some((value) => b.includes(value)) || a[0]?.charAt(0) !== b[0]?.charAt(0)) continue
    const parts = partsOf(text, pair, true)
    if (!parts || !text.slice(parts[0].end, parts[1].start).includes('\n')) continue
    drafts.push(swapDraft('case-order', parts, [oneLine(a.join(' | ')), oneLine(b.join(' | '))]))
  }
  return drafts
}

/** The constants a case stands for, told apart by `s` and `n` in front; null for any other pattern. */
function constantsOf(text: string, clause: SyntaxNode): string[] | null {
  if (clause.type !== 'case_clause' || childByField(clause, 'guard')) return null
  const patterns = namedChildren(clause).filter((child) => child.type === 'case_pattern')
  const [only] = patterns
  if (!only || patterns.length > 1) return null
  const inner = namedChildren(only)[0]
  const items = inner?.type === 'union_pattern' ? namedChildren(inner) : [inner]
  const values = items.map((item) => constantOf(text, item))
  return values.every((value) => value !== null) ? values : null
}

function constantOf(text: string, node: SyntaxNode | undefined): string | null {
  if (!node) return null
  const value = text.slice(node.start, node.end)
  if (node.type === 'integer') return /^\d{1,9}$/.test(value) ? `n${Number(value)}` : null
  return node.type === 'string' && isConstant(node) && /^(['"])[^'"\\]*\1$/.test(value)
    ? `s${value.slice(1, -1)}`
    : null
}
