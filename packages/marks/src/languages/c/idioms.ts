import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { idiomDraft } from '../../internal/code/drafts.ts'
import type { Idiom } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'

/** A loop without end: `while (1)` or `for (;;)`. */
export function idiomOf(node: SyntaxNode, text: string): Idiom | null {
  const body = childByField(node, 'body')
  if (!body) return null
  const head = text.slice(node.start, body.start).replaceAll(/\s+/g, '')
  if (node.type === 'while_statement' && (head === 'while(1)' || head === 'while(true)'))
    return { node, family: 'endless', form: 'while', essence: [body] }
  if (node.type === 'for_statement' && head === 'for(;;)')
    return { node, family: 'endless', form: 'for', essence: [body] }
  return null
}

/** True for the `1` in `while (1)`, which `for (;;)` does not show. */
export function isImplied(node: SyntaxNode, text: string): boolean {
  const brackets = node.parent
  const loop = brackets?.field === 'condition' ? brackets.parent : null
  return loop?.type === 'while_statement' && idiomOf(loop, text) !== null
}

/** `while (1)` as `for (;;)` and back. */
export function loopForm(text: string, node: SyntaxNode, cpp: boolean): SiteDraft | null {
  const idiom = idiomOf(node, text)
  const [body] = idiom?.essence ?? []
  if (!idiom || !body) return null
  const written = text.slice(node.start, body.start)
  const head = /^(?:while \((?:1|true)\)|for \(;;\))/.exec(written)?.[0]
  if (!head || written.trimEnd() !== head) return null
  const other = idiom.form === 'while' ? 'for (;;)' : cpp ? 'while (true)' : 'while (1)'
  const edit = { span: { start: node.start, end: node.start + head.length }, text: other }
  return idiomDraft('loop-form', idiom, { form: idiom.form === 'while' ? 'for' : 'while', edits: [edit] })
}
