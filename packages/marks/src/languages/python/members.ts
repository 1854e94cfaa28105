import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs } from '../../internal/code/layout.ts'
import { namesUnordered } from '../../internal/code/member-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isConstant, isReadOnly, isTotal } from './expressions.ts'

/** Adjacent members of a literal, an import or a call whose order cannot matter. */
export function memberSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type === 'import_from_statement') return importSwaps(text, node)
  if (node.type === 'argument_list') return keywordSwaps(text, node)
  if (node.type === 'dictionary') return isLookedUp(text, node) ? pairs(text, node, isQuietPair) : []
  if (node.type !== 'list' && node.type !== 'tuple' && node.type !== 'set') return []
  return isContainer(node) ? pairs(text, node, (_, member) => isConstant(member)) : []
}

/** Drafts for adjacent members that both pass. */
function pairs(text: string, list: SyntaxNode, passes: (text: string, member: SyntaxNode) => boolean): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const { first, second, between } = pair
    if (!passes(text, first) || !passes(text, second)) continue
    if (text.slice(first.start, first.end) === text.slice(second.start, second.end)) continue
    const parts = between.length === 0 ? memberParts(text, first, second) : null
    if (parts) drafts.push(swapDraft('member-order', parts, [shown(text, first), shown(text, second)]))
  }
  return drafts
}

/** Members without the comma between them; none when a comment ends the second one's line, as it would then belong to the first. */
function memberParts(text: string, first: SyntaxNode, second: SyntaxNode): [Span, Span] | null {
  const rest = text.slice(second.end, text.indexOf('\n', second.end) < 0 ? text.length : text.indexOf('\n', second.end))
  if (rest.includes('#') || !/^\s*,\s*$/.test(text.slice(first.end, second.start))) return null
  return [
    { start: first.start, end: first.end },
    { start: second.start, end: second.end },
  ]
}

function shown(text: string, node: SyntaxNode): string {
  const key = childByField(node, 'key') ?? childByField(node, 'name') ?? node
  return oneLine(text.slice(key.start, key.end)).slice(0, 36)
}

function importSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const names = node.children.filter((child) => child.field === 'name')
  const drafts: SiteDraft[] = []
  for (const [at, first] of names.entries()) {
    const second = names[at + 1]
    const parts = second && memberParts(text, first, second)
    if (second && parts) drafts.push(swapDraft('import-order', parts, [shown(text, first), shown(text, second)]))
  }
  return drafts
}

/** Functions whose keyword arguments have no order: of the standard library and of clients for HTTP. */
const KEYWORDS_UNORDERED: ReadonlySet<string> = new Set(
  (
    'print open dumps loads sorted max min add_argument ArgumentParser HTTPConnection HTTPSConnection urlopen Request request run Popen ' +
    'get post put delete head create_connection basicConfig encode decode split Thread Timer socket wrap_socket check_output check_call'
  ).split(' '),
)

function keywordSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const callee = list.parent && childByField(list.parent, 'function')
  const name = callee?.type === 'attribute' ? childByField(callee, 'attribute') : callee
  if (!name || !KEYWORDS_UNORDERED.has(text.slice(name.start, name.end))) return []
  if (namedChildren(list).some((child) => child.type === 'dictionary_splat')) return []
  return pairs(text, list, (_, member) => {
    const value = member.type === 'keyword_argument' ? childByField(member, 'value') : null
    return value !== null && (value.type === 'identifier' || isTotal(text, value, new Set()))
  })
}

/** `"key": value` where reading the value can do nothing. */
function isQuietPair(text: string, member: SyntaxNode): boolean {
  const key = childByField(member, 'key')
  const value = childByField(member, 'value')
  if (member.type !== 'pair' || key?.type !== 'string' || !isConstant(key) || !value) return false
  return isConstant(value) || value.type === 'identifier' || isReadOnly(text, value) || isFormatted(text, value)
}

function isFormatted(text: string, value: SyntaxNode): boolean {
  if (value.type !== 'string') return false
  return value.children.every(
    (child) => child.type !== 'interpolation' || namedChildren(child).every((inner) => isReadOnly(text, inner)),
  )
}

/** The right side of `in`, where order only decides which comparison comes first. */
function isContainer(node: SyntaxNode): boolean {
  const parent = node.parent
  if (parent?.type !== 'comparison_operator' || parent.children.length !== 3) return false
  const operator = parent.children[1]?.type
  return parent.children[2] === node && (operator === 'in' || operator === 'not in')
}

const SENDERS: ReadonlySet<string> = new Set(['urlencode', 'dumps'])

/** True when the dictionary goes, by its place or its name, to something that looks keys up. */
function isLookedUp(text: string, node: SyntaxNode): boolean {
  const parent = node.parent
  switch (parent?.type) {
    case 'keyword_argument':
      return namesUnordered(identifierIn(text, parent, 'name'))
    case 'assignment': {
      const name = identifierIn(text, parent, 'left')
      return namesUnordered(name) || isSentLater(text, node, name)
    }
    case 'argument_list':
      return parent.parent !== null && SENDERS.has(calleeName(text, parent.parent))
    case 'return_statement':
      return namesUnordered(functionName(text, node))
    default:
      return false
  }
}

function identifierIn(text: string, node: SyntaxNode, field: string): string {
  const target = childByField(node, field)
  return target?.type === 'identifier' ? text.slice(target.start, target.end) : ''
}

function calleeName(text: string, call: SyntaxNode): string {
  const callee = childByField(call, 'function')
  const name = callee?.type === 'attribute' ? childByField(callee, 'attribute') : callee
  return name ? text.slice(name.start, name.end) : ''
}

function functionName(text: string, node: SyntaxNode): string {
  for (let at = node.parent; at; at = at.parent) {
    const name = at.type === 'function_definition' ? childByField(at, 'name') : null
    if (name) return text.slice(name.start, name.end)
  }
  return ''
}

/** True when the block that binds `name` later encodes it and never walks it. */
function isSentLater(text: string, node: SyntaxNode, name: string): boolean {
  let block: SyntaxNode | null = node
  while (block && block.type !== 'block') block = block.parent
  if (!block || !/^\w+$/.test(name)) return false
  const rest = text.slice(node.end, block.end)
  const sent = new RegExp(`\\b(?:urlencode|json\\.dumps)\\(${name}\\b`).test(rest)
  return (
    sent &&
    !new RegExp(`\\bin ${name}\\b|\\b${name}\\.(?:items|keys|values)\\b|\\b(?:list|tuple|iter)\\(${name}\\b`).test(rest)
  )
}
