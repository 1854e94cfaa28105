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
import { bindingsOf } from './bindings.ts'
import { choiceOf } from './choices.ts'
import { decodeJava, isTextBlock, NUMBERS } from './literals.ts'
import { mappingPairs } from './members.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import { METHODS } from './scope.ts'
import { isOrdinary } from './words.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ for: 'loop', while: 'loop', do: 'loop', '->': 'fn', '::': 'fn' }).concat(
    ['throw', 'try', 'finally', 'new', 'switch', 'class', 'instanceof', 'assert', 'yield'].map((word) => [word, word]),
  ),
)
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', null_literal: 'null' }
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'update_expression',
  'assignment_expression',
])
/** What inverting a condition adds or takes, and what nearly every condition holds. */
const UNSTEADY: ReadonlySet<string> = new Set(['!', '=', '&&', '||'])
const BODIES: ReadonlySet<string> = new Set([
  'program',
  'block',
  'constructor_body',
  'class_body',
  'interface_body',
  'enum_body_declarations',
  'annotation_type_body',
  'switch_block_statement_group',
])
const MEMBERS: ReadonlySet<string> = new Set(['array_initializer', 'argument_list', 'switch_block'])

/** What the reader needs to know of a Java text. */
export function javaModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (SKIPPED.has(node.type)) return false
  if (node.type === 'string_literal' || node.type === 'character_literal') {
    visitString(builder, text, node)
    return false
  }
  if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  visitStructure(builder, text, node)
  return true
}

/** Comments, and what formatters and tools for imports and annotations put in order. */
const SKIPPED: ReadonlySet<string> = new Set(['comment', 'import_declaration', 'package_declaration', 'dimensions'])

function visitStructure(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  addLists(builder, text, node)
  for (const { name } of bindingsOf(node)) builder.bound.add(text.slice(name.start, name.end))
  const method = node.type === 'method_declaration' ? childByField(node, 'name') : null
  if (method) builder.bound.add(text.slice(method.start, method.end))
  const comparison = node.type === 'binary_expression' ? comparisonOf(node) : null
  if (comparison) builder.comparisons.push(comparison)
  const choice = choiceOf(node)
  if (choice) builder.choices.push(choice)
  if (METHODS.has(node.type)) builder.regions.push({ start: node.start, end: node.end })
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitString(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const quotes = isTextBlock(text, node) ? 3 : 1
  const start = node.start + quotes
  const end = node.end - quotes
  if (end <= start) addMark(builder, 'empty string', node)
  else builder.tokens.push({ kind: 'string', value: decodeJava(text.slice(start, end)), start, end })
}

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  const constant = CONSTANTS[node.type]
  const keyword = node.named ? undefined : KEYWORDS.get(node.type)
  if (constant) addMark(builder, constant, node)
  else if (keyword) addMark(builder, keyword, node)
  else if (NUMBERS.has(node.type))
    builder.tokens.push({ kind: 'number', value: normaliseNumber(withoutSuffix(value)), ...span })
  else if (node.type === 'identifier' || node.type === 'type_identifier') visitName(builder, value, node)
  else if (!node.named && node.parent && OPERATOR_PARENTS.has(node.parent.type)) visitOperator(builder, node)
}

function withoutSuffix(value: string): string {
  return value.replace(/^0x/i.test(value) ? /l$/i : /[lfd]$/i, '')
}

function visitName(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  const name = !isWord(node)
  if (!name && isOrdinary(value)) return
  builder.tokens.push({ kind: name ? 'name' : 'word', value, start: node.start, end: node.end })
}

/** Members of other objects, types, annotations and labels keep their names when variables are renamed. */
function isWord(node: SyntaxNode): boolean {
  const parent = node.parent
  if (node.type === 'type_identifier' || !parent) return true
  if (parent.type === 'field_access') return node.field === 'field'
  if (parent.type === 'method_invocation') {
    const object = childByField(parent, 'object')
    return node.field === 'name' && object !== null && object.type !== 'this'
  }
  return WORD_PARENTS.has(parent.type) || (parent.type === 'method_reference' && parent.children[0] !== node)
}

const WORD_PARENTS: ReadonlySet<string> = new Set([
  'marker_annotation',
  'annotation',
  'element_value_pair',
  'enum_constant',
  'labeled_statement',
  'scoped_identifier',
])

/** Mirrored comparisons and contrary relations share one mark, so that no other reading depends on their form. */
function visitOperator(builder: ModelBuilder, node: SyntaxNode): void {
  const operator = node.type
  if (UNSTEADY.has(operator) || '()'.includes(operator)) return
  if (operator === '>' || operator === '>=') addMark(builder, operator.replace('>', '<'), node)
  else if (operator === '!=') addMark(builder, '==', node)
  else if (/^[^<>=!]=$|^(?:<<|>>>?)=$/.test(operator)) addMark(builder, operator.slice(0, -1), node)
  else addMark(builder, operator, node)
}

type Item = Pick<Unit, 'start' | 'end' | 'form' | 'shape'>

function addLists(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  if (BODIES.has(node.type)) addList(builder, namedChildren(node).map(statement))
  else if (MEMBERS.has(node.type)) addList(builder, namedChildren(node).map(member))
  if (node.type === 'argument_list') addList(builder, mappingPairs(text, node).map(member))
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
}

function member({ start, end }: { readonly start: number; readonly end: number }): Item {
  return { start, end, form: 'member', shape: '' }
}

const FORMS: Readonly<Record<string, UnitForm>> = {
  method_declaration: 'function',
  constructor_declaration: 'function',
  class_declaration: 'function',
  interface_declaration: 'function',
  enum_declaration: 'function',
  record_declaration: 'function',
  local_variable_declaration: 'declare',
  field_declaration: 'declare',
}

function statement(node: SyntaxNode): Item {
  const form = FORMS[node.type] ?? 'other'
  const only = node.type === 'expression_statement' ? namedChildren(node)[0] : undefined
  const assigned = only?.type === 'assignment_expression' ? childByField(only, 'right') : null
  const declarator = form === 'declare' ? childByField(node, 'declarator') : null
  const value = assigned ?? (declarator && childByField(declarator, 'value'))
  return { start: node.start, end: node.end, form: assigned ? 'assign' : form, shape: value?.type ?? '' }
}

/** The comparison a binary expression is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const type = childByField(node, 'operator')?.type
  if (!left || !right || (type !== '<' && type !== '>' && type !== '<=' && type !== '>=')) return null
  return { operator: type, left, right, node }
}
