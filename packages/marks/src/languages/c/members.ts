import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs } from '../../internal/code/layout.ts'
import { normaliseNumber } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isReadOnly } from './expressions.ts'
import type { FileScene } from './scene.ts'

/** Adjacent members of an initialiser or an enumeration that say their own place, and adjacent macros. */
export function memberSwaps(node: SyntaxNode, file: FileScene): SiteDraft[] {
  if (
    node.type === 'initializer_list' &&
    !file.cpp &&
    namedChildren(node).every((member) => member.type === 'initializer_pair')
  )
    return pairs(node, file, (pair) => isDesignated(pair, file))
  if (node.type === 'enumerator_list' && namedChildren(node).every((member) => childByField(member, 'value')))
    return pairs(node, file, (pair) => isIndependentValue(pair, file) && !isCounted(pair, node, file))
  return []
}

function pairs(list: SyntaxNode, { text }: FileScene, passes: (pair: Neighbours) => boolean): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const { first, second, between } = pair
    if (between.length > 0 || commentNearby(text, first, second) || !passes(pair)) continue
    if (!/^\s*,\s*$/.test(text.slice(first.end, second.start))) continue
    drafts.push(swapDraft('member-order', [first, second], [shown(text, first), shown(text, second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  const key = childByField(node, 'designator') ?? childByField(node, 'name') ?? node
  return oneLine(text.slice(key.start, key.end)).slice(0, 36)
}

/** A comment above the first or behind the second member would seem to belong to the other. */
function commentNearby(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const lineEnd = text.indexOf('\n', second.end)
  const rest = text.slice(second.end, lineEnd < 0 ? text.length : lineEnd)
  const above = text.slice(0, first.start).trimEnd()
  return /\/[/*]/.test(rest) || above.endsWith('*/') || /\/\/[^\n]*$/.test(above)
}

/** `.a = …, .b = …` or `[1] = …, [2] = …` with values that only read. */
function isDesignated({ first, second }: Neighbours, file: FileScene): boolean {
  const [a, b] = [first, second].map((member) => designatorOf(member, file))
  if (a === null || b === null || a === b) return false
  return [first, second].every((member) => {
    const value = childByField(member, 'value')
    return value !== null && isQuiet(value, file)
  })
}

function isQuiet(value: SyntaxNode, file: FileScene): boolean {
  if (value.type !== 'initializer_list') return isReadOnly(value, file)
  return namedChildren(value).every((inner) =>
    isQuiet(inner.type === 'initializer_pair' ? (childByField(inner, 'value') ?? inner) : inner, file),
  )
}

/** What one designator says; null for chains, and for names as indices, which may be equal. */
function designatorOf(member: SyntaxNode, { text }: FileScene): string | null {
  const [only, ...more] = member.children.filter((child) => child.field === 'designator')
  if (!only || more.length > 0) return null
  if (only.type === 'field_designator') return text.slice(only.start, only.end)
  const index = namedChildren(only)[0]
  return index?.type === 'number_literal' ? normaliseNumber(text.slice(index.start, index.end)) : null
}

function isIndependentValue({ first, second }: Neighbours, { text }: FileScene): boolean {
  const words = (node: SyntaxNode): string[] => text.slice(node.start, node.end).match(/\w+/g) ?? []
  const [[a = '', ...ofA], [b = '', ...ofB]] = [words(first), words(second)]
  return !ofA.includes(b) && !ofB.includes(a)
}

/** Part of a row of rising numbers: out of its row, a member would look moved. */
function isCounted(
  { first, second }: Pick<Neighbours, 'first' | 'second'>,
  list: SyntaxNode,
  { text }: FileScene,
): boolean {
  const siblings = namedChildren(list)
  const at = siblings.indexOf(first)
  const [a, b] = [valueOf(text, first), valueOf(text, second)]
  return a < b && (valueOf(text, siblings[at - 1]) < a || b < valueOf(text, siblings[at + 2]))
}

function valueOf(text: string, node: SyntaxNode | undefined): number {
  const value = node && childByField(node, 'value')
  return value?.type === 'number_literal' ? Number(normaliseNumber(text.slice(value.start, value.end))) : Number.NaN
}

/** Adjacent definitions of different macros: what they stand for is looked up where they are used. */
export function macroSwaps(list: SyntaxNode, file: FileScene): SiteDraft[] {
  const { text } = file
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const { first, second, between } = pair
    const names = [first, second].map((node) => (isMacro(node) ? childByField(node, 'name') : null))
    const [a, b] = names.map((name) => (name ? text.slice(name.start, name.end) : ''))
    if (!a || !b || a === b || between.length > 0 || isCounted(pair, list, file)) continue
    const parts = [wholeLines(text, first), wholeLines(text, second)] as const
    if (text.slice(parts[0].end, parts[1].start) !== '\n' || commentAbove(text, first)) continue
    drafts.push(swapDraft('member-order', parts, [a, b]))
  }
  return drafts
}

function isMacro(node: SyntaxNode): boolean {
  return node.type === 'preproc_def' || node.type === 'preproc_function_def'
}

/** A directive with the comment behind it, without the line end that the grammar counts to it. */
function wholeLines(text: string, node: SyntaxNode): Span {
  const end = node.end > node.start && text.charAt(node.end - 1) === '\n' ? node.end - 1 : node.end
  return { start: node.start, end }
}

function commentAbove(text: string, node: SyntaxNode): boolean {
  const above = text.slice(0, node.start).trimEnd()
  return above.endsWith('*/') || /(?:^|\n)[ \t]*\/\/[^\n]*$/.test(above)
}
