import { childByField, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'
import {
  addList,
  type CodeModel,
  createBuilder,
  finishModel,
  type ModelBuilder,
  normaliseNumber,
  type UnitForm,
} from '../../internal/code/model.ts'
import { comparisonOf } from './comparisons.ts'
import { decodeExpandable } from './literals.ts'
import { argumentRuns, entrySpan } from './members.ts'
import { assignmentOf, hashEntries, isAutomatic, textOf } from './scope.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    for: 'loop',
    foreach: 'loop',
    while: 'loop',
    do: 'loop',
    until: 'loop',
    throw: 'throw',
    try: 'try',
    finally: 'finally',
    switch: 'switch',
    class: 'class',
    '|': 'pipe',
  }),
)

/** What the reader needs to know of a PowerShell text. */
export function powershellModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (node.type === 'comment') return false
  if (node.type.startsWith('expandable_')) visitExpandable(builder, text, node)
  else if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  if (node.type === 'function_statement') {
    builder.regions.push({ start: node.start, end: node.end })
    addMark(builder, 'fn', node.start)
  }
  const bound =
    assignmentOf(node)?.target ??
    (node.type === 'foreach_statement' ? node.children.find((child) => child.type === 'variable') : null)
  if (bound && bound.children.length > 0) bind(builder, textOf(text, bound).slice(1))
  const comparison = comparisonOf(node)
  if (comparison) builder.comparisons.push(comparison)
  addLists(builder, text, node)
  return true
}

function bind(builder: ModelBuilder, name: string): void {
  if (!isAutomatic(name)) builder.bound.add(name)
}

function addMark(builder: ModelBuilder, value: string, start: number): void {
  builder.tokens.push({ kind: 'mark', value, start, end: start })
}

/** Text between the variables of a string. */
function visitExpandable(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const quotes = /^@?["\u201c-\u201e]/.exec(textOf(text, node))?.[0].length ?? 0
  let start = node.start + quotes
  const close = (end: number): void => {
    if (end > start)
      builder.tokens.push({ kind: 'string', value: decodeExpandable(text.slice(start, end)), start, end })
  }
  for (const child of node.children) {
    close(child.start)
    start = child.end
  }
  close(node.end - quotes)
  if (node.end - node.start <= 2) addMark(builder, 'empty string', node.start)
}

const WORDS: ReadonlySet<string> = new Set([
  'command_name',
  'simple_name',
  'type_identifier',
  'braced_variable',
  'property_name',
])

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = textOf(text, node)
  const span = { start: node.start, end: node.end }
  if (node.type === 'variable_name') visitName(builder, node, value)
  else if (node.type === 'variable') visitAutomatic(builder, node, value)
  else if (node.type === 'function_name') {
    builder.bound.add(value)
    builder.tokens.push({ kind: 'name', value, ...span })
  } else if (node.type === 'command_name') builder.tokens.push({ kind: 'name', value, ...span })
  else if (WORDS.has(node.type)) builder.tokens.push({ kind: 'word', value, ...span })
  else if (node.type === 'command_parameter') builder.tokens.push({ kind: 'word', value: value.toLowerCase(), ...span })
  else if (node.type === 'generic_token') builder.tokens.push({ kind: 'string', value, ...span })
  else if (node.type.startsWith('verbatim_')) visitVerbatim(builder, node, value)
  else if (node.type.endsWith('_literal'))
    builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
  else if (!node.named) visitAnonymous(builder, node)
}

/** Parameters are named by callers: renaming leaves them alone. */
function visitName(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const span = { start: node.start, end: node.end }
  if (/^(?:true|false|null)$/i.test(value)) addMark(builder, value.toLowerCase(), node.start)
  else builder.tokens.push({ kind: isAutomatic(value) ? 'word' : 'name', value, ...span })
}

function visitAutomatic(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  builder.tokens.push({ kind: 'word', value, start: node.start, end: node.end })
}

function visitVerbatim(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const quotes = value.startsWith('@') ? 2 : 1
  const content = value.slice(quotes, -quotes).replaceAll("''", "'")
  if (content === '') addMark(builder, 'empty string', node.start)
  else builder.tokens.push({ kind: 'string', value: content, start: node.start + quotes, end: node.end - quotes })
}

/** Mirrored comparisons share one mark, so that flipping one changes no other reading. */
const MIRRORED: Readonly<Record<string, string>> = { '-gt': '-lt', '-ge': '-le' }
const OPERATOR_PARENT = /_expression$|^expression_with_unary_operator$/
const DROPPED: ReadonlySet<string> = new Set([
  '-and',
  '-or',
  '-not',
  '!',
  '(',
  ')',
  '[',
  ']',
  '@(',
  '@{',
  '{',
  '}',
  ',',
  '.',
  '::',
  '$(',
  '=',
])

function visitAnonymous(builder: ModelBuilder, node: SyntaxNode): void {
  const type = node.type.toLowerCase()
  const keyword = KEYWORDS.get(type)
  if (keyword) addMark(builder, keyword, node.start)
  else if (node.parent && OPERATOR_PARENT.test(node.parent.type) && !DROPPED.has(type))
    addMark(builder, MIRRORED[type] ?? (/^[+*/%-]=$/.test(type) ? type.charAt(0) : type), node.start)
}

function addLists(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  switch (node.type) {
    case 'statement_list':
      addList(
        builder,
        node.children
          .filter((child) => child.named && child.type !== 'comment')
          .map((child) => ({ start: child.start, end: child.end, form: formOf(child), shape: shapeOf(child) })),
      )
      return
    case 'hash_literal_expression':
      addMembers(builder, hashEntries(node).map(entrySpan))
      return
    case 'array_literal_expression':
    case 'switch_clauses':
      addMembers(
        builder,
        node.children.filter((child) => child.named && child.type !== 'comment'),
      )
      return
    case 'command':
      for (const run of argumentRuns(text, node)) addMembers(builder, run)
  }
}

function addMembers(builder: ModelBuilder, members: readonly { readonly start: number; readonly end: number }[]): void {
  addList(
    builder,
    members.map(({ start, end }) => ({ start, end, form: 'member', shape: '' })),
  )
}

function formOf(node: SyntaxNode): UnitForm {
  if (node.type === 'function_statement') return 'function'
  return node.type === 'assignment_expression' ? 'assign' : 'other'
}

function shapeOf(node: SyntaxNode): string {
  return node.type === 'assignment_expression' ? (childByField(node, 'value')?.type ?? '') : ''
}
