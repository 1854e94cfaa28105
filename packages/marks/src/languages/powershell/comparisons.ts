import { namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft, oneLine } from '../../internal/code/drafts.ts'
import type { Comparison, Idiom } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import { isReadOnly, textOf } from './scope.ts'

const SIGNS: Readonly<Record<string, Comparison['operator']>> = { '-lt': '<', '-gt': '>', '-le': '<=', '-ge': '>=' }
const MIRROR: Readonly<Record<string, string>> = { '-lt': '-gt', '-gt': '-lt', '-le': '-ge', '-ge': '-le' }

/** The comparison a node is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const [left, operator, right] = node.children
  const sign = SIGNS[operator?.type.toLowerCase() ?? '']
  if (!node.type.startsWith('comparison_') || node.children.length !== 3 || !left || !right || !sign) return null
  return { operator: sign, left, right, node }
}

/** `a -lt b` as `b -gt a`: both operands only read and are certainly numbers, as the left one decides what is compared. */
export function comparisonFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const comparison = comparisonOf(node)
  const operator = node.children[1]
  const mirrored = MIRROR[textOf(text, operator)]
  if (!comparison || !operator || mirrored === undefined || node.field === 'for_condition') return null
  const { left, right } = comparison
  if (!isNumber(text, left) || !isNumber(text, right)) return null
  const draft = comparisonDraft(text, left, operator, right)
  const shown = oneLine(`${textOf(text, right)} ${mirrored} ${textOf(text, left)}`)
  return {
    ...draft,
    variants: [
      draft.variants[0]!,
      { order: [1, 0], edits: [{ span: { start: operator.start, end: operator.end }, text: mirrored }], shown },
    ],
    anchor: { read: 'comparison', forms: comparison.operator.startsWith('<') ? ['<', '>'] : ['>', '<'] },
  }
}

/** A length or a value cast to a whole number. */
function isNumber(text: string, node: SyntaxNode): boolean {
  const source = textOf(text, node)
  if (node.type === 'member_access') return /\.(?:Count|Length)$/i.test(source) && isReadOnly(text, node)
  if (node.type !== 'cast_expression') return false
  const [type, value] = namedChildren(node)
  return (
    /^\[(?:int|int32|int64|long|double)\]$/i.test(textOf(text, type)) && value !== undefined && isReadOnly(text, value)
  )
}

/** Constructs for the canonical form: both directions of a comparison alike, strings with the text between their variables. */
export function canonicalIdiom(node: SyntaxNode, text: string): Idiom | null {
  const comparison = comparisonOf(node)
  if (comparison) {
    const { operator, left, right } = comparison
    const essence = operator.startsWith('<') ? [left, right] : [right, left]
    return { node, family: operator.length === 1 ? 'less' : 'at most', form: operator, essence }
  }
  if (!node.type.startsWith('expandable_') || node.children.length === 0) return null
  const pieces = [{ end: node.start }, ...node.children].map(({ end }, at) =>
    text.slice(end, node.children[at]?.start ?? node.end),
  )
  return { node, family: JSON.stringify(pieces), form: 'string', essence: node.children }
}
