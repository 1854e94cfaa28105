import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import { namesUnordered } from '../../internal/code/member-names.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isReadOnly } from './expressions.ts'
import { variableName, variablesIn } from './scope.ts'

const SENDERS: ReadonlySet<string> = new Set(['json_encode', 'http_build_query'])

/** Adjacent members of an array whose order cannot matter: looked up by key or sent, or only searched. */
export function memberSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type !== 'array_creation_expression') return []
  const passes = isKeyedUse(text, node) ? isKeyed : isSearched(text, node) ? isElement : null
  if (!passes) return []
  return neighbourPairs(node).flatMap(({ first, second, between }) => {
    const shown = [first, second].map((member) => shownKey(text, member))
    if (between.length > 0 || shown[0] === shown[1] || isFollowedByComment(text, second)) return []
    if (!passes(text, first) || !passes(text, second)) return []
    if (!/^\s*,\s*$/.test(text.slice(first.end, second.start))) return []
    return [swapDraft('member-order', [first, second], [shown[0]!, shown[1]!])]
  })
}

function shownKey(text: string, member: SyntaxNode): string {
  const [key] = namedChildren(member)
  return key ? oneLine(text.slice(key.start, key.end)).slice(0, 36) : ''
}

/** A comment at the end of the second member's line would then seem to belong to the first. */
function isFollowedByComment(text: string, node: SyntaxNode): boolean {
  const end = text.indexOf('\n', node.end)
  return /\/[/*]|#/.test(text.slice(node.end, end < 0 ? text.length : end))
}

/** `'key' => value`, where reading the value does nothing. */
function isKeyed(text: string, member: SyntaxNode): boolean {
  const [key, value, ...more] = namedChildren(member)
  if (!key || !value || more.length > 0 || member.children.some((child) => child.type === '&')) return false
  return key.type === 'string' && !/^'-?\d+'$/.test(text.slice(key.start, key.end)) && isReadOnly(text, value)
}

function isElement(_: string, member: SyntaxNode): boolean {
  const [only, ...more] = namedChildren(member)
  return only !== undefined && more.length === 0 && isLiteral(only)
}

/** True when the array goes, by its place or its name, to something that looks keys up. */
function isKeyedUse(text: string, array: SyntaxNode): boolean {
  const parent = array.parent
  if (parent?.type === 'assignment_expression') {
    const target = childByField(parent, 'left')
    return target !== null && namesUnordered(lastName(text, target))
  }
  if (parent?.type === 'array_element_initializer') {
    const [key, value] = namedChildren(parent)
    return value === array && key?.type === 'string' && namesUnordered(text.slice(key.start + 1, key.end - 1))
  }
  return parent?.type === 'argument' && SENDERS.has(calleeOf(text, parent))
}

/** The variable, property or key that an assignment changes. */
function lastName(text: string, target: SyntaxNode): string {
  const variable = variableName(text, target)
  if (variable !== null) return variable
  const name = target.type === 'member_access_expression' ? childByField(target, 'name') : null
  return name ? text.slice(name.start, name.end) : ''
}

function calleeOf(text: string, argument: SyntaxNode): string {
  const call = argument.parent?.parent
  const callee = call?.type === 'function_call_expression' ? childByField(call, 'function') : null
  return callee ? text.slice(callee.start, callee.end).replace(/^\\/, '') : ''
}

/** `in_array($x, […])` */
function isSearched(text: string, array: SyntaxNode): boolean {
  const argument = array.parent
  if (argument?.type !== 'argument' || calleeOf(text, argument) !== 'in_array') return false
  return argument.parent !== null && namedChildren(argument.parent)[1] === argument
}

/** Neighbouring statements `$headers['A'] = $x;` and `$headers['B'] = $y;`. */
export function entrySwaps(text: string, block: SyntaxNode): SiteDraft[] {
  return neighbourPairs(block).flatMap((pair) => {
    const [a, b] = [entryOf(text, pair.first), entryOf(text, pair.second)]
    if (!a || !b || a.target !== b.target || a.key === b.key) return []
    const parts = partsOf(text, pair, false)
    return parts ? [swapDraft('member-order', parts, [a.key, b.key])] : []
  })
}

function entryOf(text: string, statement: SyntaxNode): { readonly target: string; readonly key: string } | null {
  const assignment = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  if (assignment?.type !== 'assignment_expression') return null
  const place = elementOf(text, childByField(assignment, 'left'))
  const value = childByField(assignment, 'right')
  if (!place || !value || !namesUnordered(place.target)) return null
  return isReadOnly(text, value) && !variablesIn(text, value).has(place.target) ? place : null
}

/** Variable and key of `$name['key']`. */
function elementOf(text: string, node: SyntaxNode | null): { readonly target: string; readonly key: string } | null {
  const [holder, key] = node?.type === 'subscript_expression' ? namedChildren(node) : []
  const target = variableName(text, holder)
  return target === null || key?.type !== 'string' ? null : { target, key: text.slice(key.start, key.end).slice(0, 36) }
}
