import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isTotalSpec } from './declarations.ts'
import { isLiteral, isReadOnly, isTotal } from './expressions.ts'
import type { FileScene } from './scene.ts'

/** Adjacent members of a keyed literal, an interface or a group of constants or variables: their order has no meaning. */
export function memberSwaps(node: SyntaxNode, file: FileScene): SiteDraft[] {
  const { text } = file
  switch (node.type) {
    case 'literal_value':
      return pairs(file, node, (pair) => (isKeyed(node, pair, file) ? literalParts(text, pair) : null))
    case 'interface_type':
      return pairs(file, node, (pair) =>
        [pair.first, pair.second].every((member) => member.type === 'method_elem') ? lineParts(text, pair) : null,
      )
    case 'const_declaration':
      return isPlainConst(text, node) ? pairs(file, node, (pair) => columnParts(text, pair)) : []
    case 'var_spec_list':
      return pairs(file, node, (pair) =>
        [pair.first, pair.second].every((spec) => isTotalSpec(text, spec, file.names)) ? columnParts(text, pair) : null,
      )
    default:
      return []
  }
}

function pairs(
  { text }: FileScene,
  list: SyntaxNode,
  partsIn: (pair: Neighbours) => readonly [Span, Span] | null,
): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const shown = [shownName(text, pair.first), shownName(text, pair.second)] as const
    const parts = shown[0] === shown[1] ? null : partsIn(pair)
    if (parts) drafts.push(swapDraft('member-order', parts, shown))
  }
  return drafts
}

function shownName(text: string, node: SyntaxNode): string {
  const key = childByField(node, 'key') ?? childByField(node, 'name') ?? node
  return oneLine(text.slice(key.start, key.end)).slice(0, 36)
}

/** Members on lines of their own, each with the comments above; one behind a member would fall out of line with those around it. */
function lineParts(text: string, pair: Neighbours): readonly [Span, Span] | null {
  const parts = partsOf(text, pair, true)
  if (!parts || parts[0].end > pair.first.end || parts[1].end > pair.second.end) return null
  return text.slice(parts[0].end, parts[1].start).includes('\n') ? parts : null
}

/** The same without comments above, as they end the groups in which gofmt lines values up. */
function columnParts(text: string, pair: Neighbours): readonly [Span, Span] | null {
  const parts = lineParts(text, pair)
  return parts && parts[0].start === pair.first.start && parts[1].start === pair.second.start ? parts : null
}

/** Members without the comma between them; none when a comment stands where it would seem to belong to the other. */
function literalParts(text: string, { first, second, between }: Neighbours): readonly [Span, Span] | null {
  const lineEnd = text.indexOf('\n', second.end)
  const rest = text.slice(second.end, lineEnd < 0 ? text.length : lineEnd)
  const above = text.slice(0, first.start).trimEnd()
  if (between.length > 0 || /\/[/*]/.test(rest) || /(?:^|\n)[ \t]*\/\/[^\n]*$|\*\/$/.test(above)) return null
  return /^\s*,\s*$/.test(text.slice(first.end, second.start)) ? [first, second] : null
}

/** `key: value` twice, keys certainly different, values that only read. */
function isKeyed(list: SyntaxNode, { first, second }: Neighbours, file: FileScene): boolean {
  const members = [first, second]
  if (!namedChildren(list).every((member) => member.type === 'keyed_element')) return false
  const fields = hasFields(list, file)
  return members.every((member) => {
    const key = bare(childByField(member, 'key'))
    const value = bare(childByField(member, 'value'))
    if (!key || !value) return false
    const fixed = isLiteral(key) || (key.type === 'identifier' && (fields || isConstant(key, file)))
    return fixed && isQuiet(value, file)
  })
}

function bare(node: SyntaxNode | null): SyntaxNode | null {
  return node?.type === 'literal_element' && node.children.length === 1 ? (node.children[0] ?? null) : node
}

function isQuiet(value: SyntaxNode, file: FileScene): boolean {
  return isReadOnly(file.text, value, file.names) || isTotal(file.text, value, file.names)
}

/** Equal constants as keys of one literal are refused by the compiler, equal variables are not. */
function isConstant(key: SyntaxNode, { text, constants }: FileScene): boolean {
  return constants.has(text.slice(key.start, key.end))
}

/** True when the literal is a struct, so that its keys are fields. */
function hasFields(list: SyntaxNode, { text, structs }: FileScene): boolean {
  const type = typeOf(list)
  if (type?.type === 'struct_type') return true
  if (type?.type === 'type_identifier') return structs.has(text.slice(type.start, type.end))
  return type?.type === 'qualified_type' && namedChildren(list).every((member) => isExported(text, member))
}

/** Keys of another package's struct are exported fields; variables of this one that look so would be exported as well, and are rare. */
function isExported(text: string, member: SyntaxNode): boolean {
  const key = bare(childByField(member, 'key'))
  return key?.type === 'identifier' && /^[A-Z]/.test(text.slice(key.start, key.end))
}

/** The type of a literal, also where an outer literal says it. */
function typeOf(list: SyntaxNode): SyntaxNode | null {
  if (list.parent?.type === 'composite_literal') return childByField(list.parent, 'type')
  const outer = outerLiteral(list)
  const whole = outer && typeOf(outer)
  const element = whole && (childByField(whole, 'element') ?? childByField(whole, 'value'))
  return element?.type === 'pointer_type' ? (namedChildren(element)[0] ?? null) : element
}

/** The literal that a literal is an element of, not one of its keys. */
function outerLiteral(list: SyntaxNode): SyntaxNode | null {
  const element = list.parent
  if (element?.type !== 'literal_element' || element.field === 'key') return null
  const outer = element.parent?.type === 'keyed_element' ? element.parent.parent : element.parent
  return outer?.type === 'literal_value' ? outer : null
}

/** Every constant of the group says its own value: neither `iota` nor the value of the line before. */
function isPlainConst(text: string, node: SyntaxNode): boolean {
  const specs = namedChildren(node)
  return (
    specs.every((spec) => childByField(spec, 'value') !== null) && !/\biota\b/.test(text.slice(node.start, node.end))
  )
}
