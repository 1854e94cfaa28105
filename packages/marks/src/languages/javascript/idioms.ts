import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { idiomDraft } from '../../internal/code/drafts.ts'
import type { Idiom } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'

/** A loop without end: `while (true)` or `for (;;)`. */
export function idiomOf(node: SyntaxNode): Idiom | null {
  const body = childByField(node, 'body')
  const condition = childByField(node, 'condition')
  if (!body || !condition) return null
  if (node.type === 'while_statement')
    return condition.children[1]?.type === 'true' && condition.children.length === 3
      ? { node, family: 'endless', form: 'while', essence: [body] }
      : null
  const bare = childByField(node, 'initializer')?.type === 'empty_statement' && condition.type === 'empty_statement'
  if (node.type !== 'for_statement' || !bare || childByField(node, 'increment')) return null
  return { node, family: 'endless', form: 'for', essence: [body] }
}

/** True for the `true` in `while (true)`, which `for (;;)` does not show. */
export function isImpliedTrue(node: SyntaxNode): boolean {
  const loop = node.parent?.type === 'parenthesized_expression' ? node.parent.parent : null
  return (
    loop !== null && loop.type === 'while_statement' && node.parent?.field === 'condition' && idiomOf(loop) !== null
  )
}

/** `while (true)` as `for (;;)` and back. */
export function loopForm(text: string, node: SyntaxNode): SiteDraft | null {
  const idiom = idiomOf(node)
  const [body] = idiom?.essence ?? []
  if (!idiom || !body) return null
  const written = text.slice(node.start, body.start)
  const head = /^(?:while \(true\)|for \(;;\))/.exec(written)?.[0]
  if (!head || written.trimEnd() !== head) return null
  const other = idiom.form === 'while' ? 'for (;;)' : 'while (true)'
  const edit = { span: { start: node.start, end: node.start + head.length }, text: other }
  return idiomDraft('loop-form', idiom, { form: idiom.form === 'while' ? 'for' : 'while', edits: [edit] })
}
