import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs } from '../../internal/code/layout.ts'
import { namesUnordered } from '../../internal/code/member-names.ts'
import type { SiteDraft } from '../../language.ts'
import { isReadOnly } from './expressions.ts'

/** Adjacent members of a literal, a pattern or an import list whose order cannot matter. */
export function memberSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  switch (node.type) {
    case 'object':
      return isLookedUp(text, node) ? pairs(text, node, 'member-order', (member) => isQuietMember(member)) : []
    case 'object_pattern':
      return pairs(text, node, 'member-order', isPlainPattern)
    case 'array':
      return isSearched(text, node) ? pairs(text, node, 'member-order', isLiteral) : []
    case 'named_imports':
    case 'export_clause':
      return pairs(text, node, 'import-order', () => true)
    default:
      return []
  }
}

function pairs(text: string, list: SyntaxNode, kind: string, passes: (member: SyntaxNode) => boolean): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const { first, second, between } of neighbourPairs(list)) {
    if (between.length > 0 || !passes(first) || !passes(second) || endsWithComment(text, second)) continue
    if (!/^\s*,\s*$/.test(text.slice(first.end, second.start))) continue
    if (keyOf(text, first) === keyOf(text, second)) continue
    const parts = [first, second] as const
    drafts.push(swapDraft(kind, parts, [keyOf(text, first), keyOf(text, second)]))
  }
  return drafts
}

/** A comment at the end of the second member's line would then seem to belong to the first. */
function endsWithComment(text: string, node: SyntaxNode): boolean {
  const end = text.indexOf('\n', node.end)
  return /\/[/*]/.test(text.slice(node.end, end < 0 ? text.length : end))
}

function keyOf(text: string, node: SyntaxNode): string {
  const key = childByField(node, 'key') ?? childByField(node, 'name') ?? node
  return oneLine(text.slice(key.start, key.end)).slice(0, 36)
}

function isLiteral(node: SyntaxNode): boolean {
  return node.type === 'string' || node.type === 'number'
}

function isPlainPattern(node: SyntaxNode): boolean {
  if (node.type === 'shorthand_property_identifier_pattern') return true
  const value = node.type === 'pair_pattern' ? childByField(node, 'value') : null
  return value?.type === 'identifier' && childByField(node, 'key')?.type === 'property_identifier'
}

/** `key: value` where reading the value can do nothing. */
function isQuietMember(node: SyntaxNode): boolean {
  if (node.type === 'shorthand_property_identifier') return true
  const key = childByField(node, 'key')
  const value = childByField(node, 'value')
  if (node.type !== 'pair' || !key || !value || key.type === 'computed_property_name') return false
  if (key.type === 'number') return false
  return isReadOnly(value) || isQuietTemplate(value)
}

function isQuietTemplate(node: SyntaxNode): boolean {
  if (node.type !== 'template_string') return false
  return node.children.every(
    (child) => child.type !== 'template_substitution' || namedChildren(child).every((inner) => isReadOnly(inner)),
  )
}

/** `[…].includes(x)`. */
function isSearched(text: string, node: SyntaxNode): boolean {
  const member = node.parent
  const property = member?.type === 'member_expression' ? childByField(member, 'property') : null
  return (
    property !== null &&
    text.slice(property.start, property.end) === 'includes' &&
    member?.parent?.type === 'call_expression'
  )
}

const SENDERS = /^(?:JSON\.stringify|URLSearchParams|querystring\.stringify)$/

/** True when the object goes, by its place or its name, to something that looks keys up. */
function isLookedUp(text: string, node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent) return false
  const target = { variable_declarator: 'name', pair: 'key', assignment_expression: 'left' }[parent.type]
  if (target !== undefined) {
    const name = childByField(parent, target)
    const plain = name && (name.type === 'identifier' || name.type === 'property_identifier')
    if (!plain) return false
    const spelled = text.slice(name.start, name.end)
    return namesUnordered(spelled) || (parent.type === 'variable_declarator' && isSentLater(text, node, spelled))
  }
  if (parent.type === 'arguments') return SENDERS.test(calleeOf(text, parent))
  return (parent.type === 'return_statement' || isBody(parent)) && namesUnordered(functionName(text, node))
}

function isBody(node: SyntaxNode): boolean {
  return node.type === 'parenthesized_expression' && node.parent?.type === 'arrow_function'
}

function calleeOf(text: string, list: SyntaxNode): string {
  const call = list.parent
  const callee = call && (childByField(call, 'function') ?? childByField(call, 'constructor'))
  return callee ? text.slice(callee.start, callee.end) : ''
}

function functionName(text: string, node: SyntaxNode): string {
  for (let at = node.parent; at; at = at.parent) {
    const name = at.type === 'function_declaration' || at.type === 'method_definition' ? childByField(at, 'name') : null
    if (name) return text.slice(name.start, name.end)
    const owner =
      at.type === 'arrow_function' && at.parent?.type === 'variable_declarator' ? childByField(at.parent, 'name') : null
    if (owner) return text.slice(owner.start, owner.end)
  }
  return ''
}

/** True when the block that binds `name` later encodes it and never walks it. */
function isSentLater(text: string, node: SyntaxNode, name: string): boolean {
  let block: SyntaxNode | null = node
  while (block && block.type !== 'statement_block') block = block.parent
  if (!block || !/^\w+$/.test(name)) return false
  const rest = text.slice(node.end, block.end)
  if (!new RegExp(`\\b(?:JSON\\.stringify|URLSearchParams|querystring\\.stringify)\\(${name}\\b`).test(rest))
    return false
  return !new RegExp(`\\b(?:in|of) ${name}\\b|\\bObject\\.\\w+\\(${name}\\b`).test(rest)
}
