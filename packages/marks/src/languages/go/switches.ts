import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral } from './expressions.ts'
import { casesOf, trimmed } from './model.ts'
import type { FileScene } from './scene.ts'

/**
 * Adjacent cases of a switch that can never both apply: the compiler refuses a constant, or a type that is no interface, in two cases of one
 * switch.
 */
export function caseSwaps(node: SyntaxNode, file: FileScene): SiteDraft[] {
  const disjoint = CASES.get(node.type)
  if (!disjoint || (node.type === 'expression_switch_statement' && !childByField(node, 'value'))) return []
  const { text } = file
  const cases = casesOf(node)
  const drafts: SiteDraft[] = []
  for (const [at, first] of cases.entries()) {
    const second = cases[at + 1]
    if (!second || cases.slice(Math.max(0, at - 1), at + 2).some(fallsThrough)) continue
    if (!disjoint(first, file) || !disjoint(second, file)) continue
    const parts = [trimmed(text, first), trimmed(text, second)] as const
    if (!/^\s*\n\s*$/.test(text.slice(parts[0].end, parts[1].start)) || isSpokenOf(text, node, first, second)) continue
    drafts.push(swapDraft('case-order', parts, [shown(text, first), shown(text, second)]))
  }
  return drafts
}

/** What makes a case of each kind of switch certainly different from its like. */
const CASES: ReadonlyMap<string, (node: SyntaxNode, file: FileScene) => boolean> = new Map([
  ['expression_switch_statement', hasConstants],
  ['type_switch_statement', hasConcreteTypes],
])

function shown(text: string, node: SyntaxNode): string {
  const colon = node.children.find((child) => child.type === ':')
  return oneLine(text.slice(node.start, colon?.start ?? node.end)).slice(0, 36)
}

function fallsThrough(node: SyntaxNode): boolean {
  let found = false
  walkTree(node, (inner) => {
    found ||= inner.type === 'fallthrough_statement'
    return !found
  })
  return found
}

function hasConstants(node: SyntaxNode, { text, constants, names }: FileScene): boolean {
  const values = node.type === 'expression_case' ? childByField(node, 'value') : null
  if (!values || namedChildren(values).length === 0) return false
  return namedChildren(values).every((value) => {
    if (isLiteral(value)) return value.type !== 'nil'
    const name = text.slice(value.start, value.end)
    // A variable of the same name elsewhere in the file may hide the constant.
    return value.type === 'identifier' && constants.has(name) && !names.variables.has(name)
  })
}

/** Predeclared types that are no interfaces. */
const BASIC: ReadonlySet<string> = new Set(
  (
    'bool string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64 ' +
    'complex64 complex128'
  ).split(' '),
)
const CONCRETE: ReadonlySet<string> = new Set([
  'pointer_type',
  'slice_type',
  'array_type',
  'map_type',
  'channel_type',
  'function_type',
  'struct_type',
])

function hasConcreteTypes(node: SyntaxNode, { text }: FileScene): boolean {
  if (node.type !== 'type_case') return false
  const types = node.children.filter((child) => child.field === 'type' && child.named)
  return (
    types.length > 0 && types.every((type) => CONCRETE.has(type.type) || BASIC.has(text.slice(type.start, type.end)))
  )
}

/** A comment at the border of two cases may speak of either. */
function isSpokenOf(text: string, node: SyntaxNode, first: SyntaxNode, second: SyntaxNode): boolean {
  const above = text.slice(node.start, first.start).trimEnd()
  const lastLine = above.slice(above.lastIndexOf('\n') + 1)
  const end = second.start + text.slice(second.start, second.end).trimEnd().length
  const next = text.slice(end, node.end).trimStart()
  return /^\s*\/\//.test(lastLine) || lastLine.endsWith('*/') || next.startsWith('//') || next.startsWith('/*')
}
