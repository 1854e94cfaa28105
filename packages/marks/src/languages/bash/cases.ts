import { type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { assignmentsOf, textOf } from './scope.ts'
import { isTotalBinding, type ScriptScene } from './statements.ts'

/** Items of a `case` whose patterns exclude each other, and alternatives of one item. */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type === 'case_item') return alternativeSwaps(text, node)
  if (node.type !== 'case_statement') return []
  const drafts: SiteDraft[] = []
  for (const { first, second, between } of neighbourPairs(node)) {
    const [a, b] = [literalPatterns(text, first), literalPatterns(text, second)]
    if (!a || !b || between.length > 0 || a.some((pattern) => b.includes(pattern))) continue
    if (!stopsHere(first) || !stopsHere(second) || endsWithComment(text, second)) continue
    if (/^\s*\n\s*$/.test(text.slice(first.end, second.start)))
      drafts.push(swapDraft('case-order', [first, second], [`${a.join('|')})`, `${b.join('|')})`]))
  }
  return drafts
}

function stopsHere(item: SyntaxNode): boolean {
  return item.children.at(-1)?.type === ';;'
}

function endsWithComment(text: string, span: Span): boolean {
  const end = text.indexOf('\n', span.end)
  return text.slice(span.end, end < 0 ? text.length : end).includes('#')
}

function patternsOf(item: SyntaxNode): readonly SyntaxNode[] {
  return item.children.filter((child) => child.field === 'value')
}

/** The words an item stands for, in lower case as a script may ignore case; null when it holds anything but plain words. */
function literalPatterns(text: string, item: SyntaxNode): string[] | null {
  if (item.type !== 'case_item') return null
  const words = patternsOf(item).map((pattern) => textOf(text, pattern).replace(/^(["'])(.*)\1$/s, '$2'))
  return words.every((word) => /^[\w./:=@%+,-]+$/.test(word)) ? words.map((word) => word.toLowerCase()) : null
}

function alternativeSwaps(text: string, item: SyntaxNode): SiteDraft[] {
  const words = literalPatterns(text, item)
  if (!words || new Set(words).size < words.length) return []
  return memberPairs(text, patternsOf(item), /^\s*\|\s*$/)
}

/** Names and literal values declared by one `local`, in any order. */
export function declarationSwaps(scene: ScriptScene, node: SyntaxNode): SiteDraft[] {
  const parts = node.type === 'declaration_command' ? assignmentsOf(node) : null
  if (!parts || parts.length < 2 || scene.reflective || !isTotalBinding(scene, node)) return []
  const names = parts.map((part) => textOf(scene.text, part).replace(/=.*/s, ''))
  return new Set(names).size < names.length ? [] : memberPairs(scene.text, parts, /^[ \t]+$/)
}

function memberPairs(text: string, members: readonly SyntaxNode[], gap: RegExp): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const [at, first] of members.entries()) {
    const second = members[at + 1]
    if (second && gap.test(text.slice(first.end, second.start)))
      drafts.push(swapDraft('member-order', [first, second], [shown(text, first), shown(text, second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(textOf(text, node)).slice(0, 36)
}
