import { childByField, namedChildren, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'
import {
  addList,
  addOperands,
  type CodeModel,
  type Comparison,
  createBuilder,
  finishModel,
  type ModelBuilder,
  normaliseNumber,
  type Unit,
  type UnitForm,
} from '../../internal/code/model.ts'
import { bindingsOf, FUNCTIONS } from './bindings.ts'
import { choiceOf } from '../../internal/code/branch-swaps.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import { GO_CHOICES } from './choices.ts'
import { decodeGo } from './literals.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ for: 'loop', func: 'fn', struct: 'class' }).concat(
    ['go', 'defer', 'select', 'switch', 'range', 'chan', 'map', 'interface', 'fallthrough'].map((word) => [word, word]),
  ),
)
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', nil: 'null' }
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'assignment_statement',
  'inc_statement',
  'dec_statement',
  'pointer_type',
])
const STRINGS: ReadonlySet<string> = new Set(['interpreted_string_literal', 'raw_string_literal', 'rune_literal'])
const NUMBERS: ReadonlySet<string> = new Set(['int_literal', 'float_literal', 'imaginary_literal'])
const MEMBERS: ReadonlySet<string> = new Set(['literal_value', 'argument_list', 'interface_type', 'const_declaration'])
const CASES: ReadonlySet<string> = new Set(['expression_case', 'type_case', 'default_case'])

/** What the reader needs to know of a Go text. */
export function goModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (node.type === 'comment') return false
  if (STRINGS.has(node.type)) {
    visitString(builder, text, node)
    return false
  }
  if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  if (node.type === 'literal_value' && namedChildren(node).length === 0) addMark(builder, 'empty object', node)
  addLists(builder, text, node)
  bind(builder, text, node)
  const comparison = node.type === 'binary_expression' ? comparisonOf(node) : null
  if (comparison) builder.comparisons.push(comparison)
  const choice = choiceOf(node, GO_CHOICES)
  if (choice) builder.choices.push(choice)
  if (FUNCTIONS.has(node.type)) builder.regions.push({ start: node.start, end: node.end })
  return true
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitString(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const start = node.start + 1
  const end = node.end - 1
  const raw = node.type === 'raw_string_literal'
  if (end <= start) addMark(builder, 'empty string', node)
  else {
    const content = text.slice(start, end)
    builder.tokens.push({ kind: 'string', value: raw ? content : decodeGo(content), start, end })
  }
}

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  const constant = node.named ? CONSTANTS[node.type] : undefined
  const keyword = node.named ? undefined : KEYWORDS.get(node.type)
  if (constant) addMark(builder, constant, node)
  else if (keyword) addMark(builder, keyword, node)
  else if (NUMBERS.has(node.type)) builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
  else if (node.type === 'identifier' || node.type === 'type_identifier')
    builder.tokens.push({ kind: isFieldKey(node) ? 'word' : 'name', value, ...span })
  else if (node.named) visitWord(builder, value, node)
  else if (node.parent && OPERATOR_PARENTS.has(node.parent.type)) visitOperator(builder, node)
}

function visitWord(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  if (node.type === 'field_identifier' || node.type === 'package_identifier')
    builder.tokens.push({ kind: 'word', value, start: node.start, end: node.end })
  else if (node.type === 'literal_value') addMark(builder, 'empty object', node)
}

/** What turning a condition round adds or takes away, and punctuation. */
const UNSTEADY: ReadonlySet<string> = new Set(['!', '=', '(', ')', ','])

/** Mirrored comparisons share one mark, and so do contraries: turning one round changes no other reading. */
function visitOperator(builder: ModelBuilder, node: SyntaxNode): void {
  const operator = node.type
  if (UNSTEADY.has(operator)) return
  if (operator === '!=') return addMark(builder, '==', node)
  if (operator === '>') addMark(builder, '<', node)
  else if (operator === '>=') addMark(builder, '<=', node)
  else if (/^[^<>=!]+=$|^(?:<<|>>)=$/.test(operator)) addMark(builder, operator.slice(0, -1), node)
  else addMark(builder, operator, node)
}

/** `name:` in a literal is most often a field, which renaming leaves alone. */
export function isFieldKey(node: SyntaxNode): boolean {
  return node.parent?.type === 'literal_element' && node.parent.field === 'key' && node.parent.children.length === 1
}

function bind(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  for (const { name } of bindingsOf(node)) builder.bound.add(text.slice(name.start, name.end))
  if (node.type !== 'function_declaration' && node.type !== 'type_spec' && node.type !== 'type_alias') return
  const name = childByField(node, 'name')
  if (name) builder.bound.add(text.slice(name.start, name.end))
}

type Item = Pick<Unit, 'start' | 'end' | 'form' | 'shape'>

function addLists(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
  if (node.type === 'source_file' || node.type === 'statement_list')
    addList(builder, namedChildren(node).map(statement))
  else if (node.type.endsWith('_switch_statement'))
    addList(
      builder,
      casesOf(node).map((child) => member(text, child)),
    )
  else if (MEMBERS.has(node.type))
    addList(
      builder,
      namedChildren(node).map((child) => member(text, child)),
    )
  else if (node.type === 'var_declaration')
    addList(
      builder,
      specsOf(node).map((child) => member(text, child)),
    )
}

/** The specifications of a `var ( … )`. */
export function specsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const group = node.children.find((child) => child.type === 'var_spec_list') ?? node
  return namedChildren(group).filter((child) => child.type === 'var_spec')
}

/** The cases of a switch, in order. */
export function casesOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => CASES.has(child.type))
}

function member(text: string, node: SyntaxNode): Item {
  return { ...trimmed(text, node), form: 'member', shape: '' }
}

/** A node without the line end that the grammar counts to the last statement of a case. */
export function trimmed(text: string, node: SyntaxNode): { start: number; end: number } {
  return { start: node.start, end: node.start + text.slice(node.start, node.end).trimEnd().length }
}

const FORMS: Readonly<Record<string, UnitForm>> = {
  function_declaration: 'function',
  method_declaration: 'function',
  type_declaration: 'function',
  short_var_declaration: 'declare',
  var_declaration: 'declare',
  const_declaration: 'declare',
  assignment_statement: 'assign',
}

function statement(node: SyntaxNode): Item {
  const right = childByField(node, 'right')
  const shape = (right && namedChildren(right)[0]?.type) ?? ''
  return { start: node.start, end: node.end, form: FORMS[node.type] ?? 'other', shape }
}

/** The comparison a binary expression is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const type = childByField(node, 'operator')?.type
  if (!left || !right || (type !== '<' && type !== '>' && type !== '<=' && type !== '>=')) return null
  return { operator: type, left, right, node }
}
