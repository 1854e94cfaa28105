import { childByField, namedChildren, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'
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
import { decodeAnsi, decodeDouble } from './literals.ts'
import { optionRuns } from './options.ts'
import { assignmentsOf, commandName, statementRuns, textOf } from './scope.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    for: 'loop',
    while: 'loop',
    until: 'loop',
    case: 'switch',
    local: 'local',
    readonly: 'readonly',
    export: 'export',
    '|': 'pipe',
  }),
)

/** What the reader needs to know of a Bash text. */
export function bashModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (node.type === 'comment') return false
  if (node.type === 'heredoc_body') visitHeredoc(builder, text, node)
  if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  if (node.type === 'function_definition') {
    builder.regions.push({ start: node.start, end: node.end })
    builder.bound.add(textOf(text, childByField(node, 'name')))
    addMark(builder, 'fn', node.start)
  }
  if (node.type === 'string' && node.end - node.start === 2) addMark(builder, 'empty string', node.start)
  bindNames(builder, text, node)
  const comparison = comparisonOf(text, node)
  if (comparison) builder.comparisons.push(comparison)
  addLists(builder, text, node)
  return true
}

function addMark(builder: ModelBuilder, value: string, start: number): void {
  builder.tokens.push({ kind: 'mark', value, start, end: start })
}

/** Content of a heredoc between its expansions; the grammar has no node for its first piece. */
function visitHeredoc(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  let start = node.start
  const close = (end: number): void => {
    if (end > start) builder.tokens.push({ kind: 'string', value: text.slice(start, end), start, end })
  }
  for (const child of namedChildren(node)) {
    if (child.type === 'heredoc_content') continue
    close(child.start)
    start = child.end
  }
  close(node.end)
}

function bindNames(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const name =
    node.type === 'variable_assignment'
      ? childByField(node, 'name')
      : node.type === 'for_statement'
        ? childByField(node, 'variable')
        : null
  if (name) builder.bound.add(textOf(text, name).replace(/\[.*/s, ''))
  if (node.type === 'declaration_command')
    for (const child of node.children) if (child.type === 'variable_name') builder.bound.add(textOf(text, child))
  if (commandName(text, node) === 'read')
    for (const child of node.children)
      if (child.type === 'word' && child.field === 'argument' && /^[A-Za-z_]\w*$/.test(textOf(text, child)))
        builder.bound.add(textOf(text, child))
}

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = textOf(text, node)
  const span = { start: node.start, end: node.end }
  switch (node.type) {
    case 'variable_name':
      builder.tokens.push({ kind: /^\d/.test(value) ? 'word' : 'name', value, ...span })
      return
    case 'special_variable_name':
      builder.tokens.push({ kind: 'word', value: `$${value}`, ...span })
      return
    case 'word':
    case 'extglob_pattern':
    case 'regex':
      visitWord(builder, text, node, value)
      return
    case 'number':
      builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
      return
    case 'string_content':
      builder.tokens.push({ kind: 'string', value: decodeDouble(value), ...span })
      return
    case 'raw_string':
    case 'ansi_c_string':
      visitQuoted(builder, node, value)
      return
    default:
      visitOther(builder, node, value)
  }
}

/** A command's name may be that of a function; other words are values. */
function visitWord(builder: ModelBuilder, text: string, node: SyntaxNode, value: string): void {
  const span = { start: node.start, end: node.end }
  const parent = node.parent
  const reads =
    parent?.type === 'command' &&
    node.field === 'argument' &&
    commandName(text, parent) === 'read' &&
    /^[A-Za-z_]/.test(value)
  if (parent?.type === 'command_name' || (parent?.type === 'function_definition' && node.field === 'name') || reads)
    builder.tokens.push({ kind: 'name', value, ...span })
  else builder.tokens.push({ kind: 'string', value, ...span })
}

function visitQuoted(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const ansi = node.type === 'ansi_c_string'
  const start = node.start + (ansi ? 2 : 1)
  const end = node.end - 1
  if (end <= start) addMark(builder, 'empty string', node.start)
  else {
    const content = value.slice(start - node.start, -1)
    builder.tokens.push({ kind: 'string', value: ansi ? decodeAnsi(content) : content, start, end })
  }
}

/** Mirrored comparisons share one mark, so that flipping one changes no other reading. */
const MIRRORED: Readonly<Record<string, string>> = { '-gt': '-lt', '-ge': '-le', '>': '<', '>=': '<=' }

function visitOther(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const keyword = KEYWORDS.get(node.type)
  if (node.type === 'test_operator' || (!node.named && node.field === 'operator'))
    addMark(builder, MIRRORED[value] ?? value, node.start)
  else if (keyword) addMark(builder, keyword, node.start)
  else if (node.parent?.type === 'file_redirect' && !node.named) addMark(builder, `to ${value}`, node.start)
}

function addLists(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  for (const run of statementRuns(node))
    addList(
      builder,
      run.map((child) => ({ start: child.start, end: child.end, form: formOf(child), shape: shapeOf(child) })),
    )
  if (node.type === 'case_statement')
    addMembers(
      builder,
      node.children.filter((child) => child.type === 'case_item'),
    )
  else if (node.type === 'case_item')
    addMembers(
      builder,
      node.children.filter((child) => child.field === 'value'),
    )
  else if (node.type === 'declaration_command') addMembers(builder, assignmentsOf(node) ?? [])
  else if (node.type === 'command') for (const run of optionRuns(text, node)) addMembers(builder, run)
}

function addMembers(builder: ModelBuilder, members: readonly { readonly start: number; readonly end: number }[]): void {
  addList(
    builder,
    members.map(({ start, end }) => ({ start, end, form: 'member', shape: '' })),
  )
}

function formOf(node: SyntaxNode): UnitForm {
  if (node.type === 'function_definition') return 'function'
  return assignmentsOf(node) ? 'assign' : 'other'
}

function shapeOf(node: SyntaxNode): string {
  const [only, ...more] = assignmentsOf(node) ?? []
  return only && more.length === 0 ? (childByField(only, 'value')?.type ?? '') : ''
}
