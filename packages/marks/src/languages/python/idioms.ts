import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { idiomDraft } from '../../internal/code/drafts.ts'
import type { Idiom } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'

/** `range(n)` or `range(0, n)` at the head of a loop. */
export function idiomOf(node: SyntaxNode, text: string): Idiom | null {
  if (node.type !== 'call' || !isLoopHead(node)) return null
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  if (!callee || !list || text.slice(callee.start, callee.end) !== 'range') return null
  const [first, second, ...more] = namedChildren(list)
  if (!first || more.length > 0 || [first, second].some((item) => item && !isPlain(item))) return null
  if (!second) return isZero(text, first) ? null : { node, family: 'count', form: 'from-nothing', essence: [first] }
  return isZero(text, first) ? { node, family: 'count', form: 'from-zero', essence: [second] } : null
}

function isLoopHead(node: SyntaxNode): boolean {
  return node.field === 'right' && (node.parent?.type === 'for_statement' || node.parent?.type === 'for_in_clause')
}

function isPlain(node: SyntaxNode): boolean {
  return node.type !== 'list_splat' && node.type !== 'keyword_argument' && node.type !== 'generator_expression'
}

/** True for the `0` in `range(0, n)`, which `range(n)` does not show. */
export function isImpliedZero(node: SyntaxNode, text: string): boolean {
  const call = node.parent?.type === 'argument_list' ? node.parent.parent : null
  return call !== null && isZero(text, node) && idiomOf(call, text)?.form === 'from-zero'
}

function isZero(text: string, node: SyntaxNode): boolean {
  return text.slice(node.start, node.end) === '0'
}

/** `range(n)` as `range(0, n)` and back; not where the file gives `range` a meaning of its own. */
export function loopForm(text: string, node: SyntaxNode): SiteDraft | null {
  const idiom = idiomOf(node, text)
  const [bound] = idiom?.essence ?? []
  if (!idiom || !bound || /\brange[ \t]*=[^=]|\bdef range\b|\bimport\b.*\brange\b/.test(text)) return null
  const opening = childByField(idiom.node, 'arguments')!.start + 1
  if (text.slice(opening, bound.end).includes('#') || text.slice(opening, bound.start).includes('\n')) return null
  const edit =
    idiom.form === 'from-nothing'
      ? { span: { start: bound.start, end: bound.start }, text: '0, ' }
      : { span: { start: opening, end: bound.start }, text: '' }
  const other = idiom.form === 'from-nothing' ? 'from-zero' : 'from-nothing'
  return idiomDraft('loop-form', idiom, { form: other, edits: [edit] })
}
