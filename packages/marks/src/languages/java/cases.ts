import { namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral } from './expressions.ts'

/**
 * Neighbouring cases of a `switch` over constants, none of which runs into the next or declares names the others see. The compiler refuses equal
 * constants.
 */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type !== 'switch_block') return []
  const cases = namedChildren(node)
  if (!cases.every((one) => isConstant(one) || isDefault(one)) || cases.some(declares)) return []
  return neighbourPairs(node).flatMap((pair) => {
    const before = cases[cases.indexOf(pair.first) - 1]
    const closed = [...(before ? [before] : []), pair.first, pair.second].every(isClosed)
    if (!closed || isDefault(pair.first) || isDefault(pair.second)) return []
    const parts = partsOf(text, pair, true)
    if (!parts || !text.slice(parts[0].end, parts[1].start).includes('\n')) return []
    return [swapDraft('case-order', parts, [labelOf(text, pair.first), labelOf(text, pair.second)])]
  })
}

function labelsOf(one: SyntaxNode): readonly SyntaxNode[] {
  return one.children.filter((child) => child.type === 'switch_label')
}

function labelOf(text: string, one: SyntaxNode): string {
  const [label] = labelsOf(one)
  return label ? oneLine(text.slice(label.start, label.end)).slice(0, 36) : ''
}

/** Literals or bare names, which are constants or members of an enum; no patterns, guards or `null`. */
function isConstant(one: SyntaxNode): boolean {
  const labels = labelsOf(one)
  return (
    labels.length > 0 &&
    labels.every((label) => {
      const values = namedChildren(label)
      return (
        values.length > 0 &&
        values.every((value) => value.type === 'identifier' || (isLiteral(value) && value.type !== 'null_literal'))
      )
    })
  )
}

function isDefault(one: SyntaxNode): boolean {
  return labelsOf(one).some((label) => label.children.some((child) => child.type === 'default'))
}

const JUMPS: ReadonlySet<string> = new Set([
  'break_statement',
  'return_statement',
  'throw_statement',
  'continue_statement',
  'yield_statement',
])

/** True when control never runs on into the next case: always so behind an arrow. */
function isClosed(one: SyntaxNode): boolean {
  if (one.type === 'switch_rule') return true
  const last = bodyOf(one).at(-1)
  const end = last?.type === 'block' ? namedChildren(last).at(-1) : last
  return end !== undefined && JUMPS.has(end.type)
}

function bodyOf(one: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(one).filter((child) => child.type !== 'switch_label')
}

/** Names declared straight in a case are seen by those that follow. */
function declares(one: SyntaxNode): boolean {
  return one.type !== 'switch_rule' && bodyOf(one).some((child) => child.type.endsWith('_declaration'))
}
