import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'

/** Neighbouring cases of a `switch` over constants, all different, none of which runs into the next or declares names the others see. */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type !== 'switch_body') return []
  const clauses = namedChildren(node)
  const values = clauses.map((clause) => constantOf(text, clause))
  if (clauses.some((clause, at) => clause.type === 'switch_case' && values[at] === null)) return []
  if (new Set(values).size < values.length || clauses.some(declares)) return []
  return neighbourPairs(node).flatMap((pair) => {
    const at = clauses.indexOf(pair.first)
    const before = clauses[at - 1]
    const closed = [...(before ? [before] : []), pair.first, pair.second].every(isClosed)
    const [a, b] = [values[at], values[at + 1]]
    if (!closed || !a || !b) return []
    const parts = partsOf(text, pair, true)
    if (!parts || !text.slice(parts[0].end, parts[1].start).includes('\n')) return []
    return [swapDraft('case-order', parts, [a, b])]
  })
}

/** The constant of a case; empty for `default`; null for anything that is computed. */
function constantOf(text: string, clause: SyntaxNode): string | null {
  if (clause.type === 'switch_default') return ''
  const value = childByField(clause, 'value')
  if (!value || (value.type !== 'string' && value.type !== 'number')) return null
  const written = text.slice(value.start, value.end)
  if (value.type === 'number') return /^\d{1,9}$/.test(written) ? String(Number(written)) : null
  return /^(['"])[^'"\\]*\1$/.test(written) ? oneLine(`"${written.slice(1, -1)}"`) : null
}

const JUMPS: ReadonlySet<string> = new Set([
  'break_statement',
  'return_statement',
  'throw_statement',
  'continue_statement',
])

/** True when control never runs on into the next case. */
function isClosed(clause: SyntaxNode): boolean {
  const last = bodyOf(clause).at(-1)
  const end = last?.type === 'statement_block' ? namedChildren(last).at(-1) : last
  return end !== undefined && JUMPS.has(end.type)
}

function bodyOf(clause: SyntaxNode): readonly SyntaxNode[] {
  return clause.children.filter((child) => child.field === 'body' && child.type !== 'comment')
}

/** Names declared straight in a case belong to the whole `switch`. */
function declares(clause: SyntaxNode): boolean {
  return bodyOf(clause).some((child) => child.type.endsWith('_declaration'))
}
