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
import { choiceOf } from '../../internal/code/branch-swaps.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import { C_CHOICES } from './choices.ts'
import { idiomOf, isImplied } from './idioms.ts'
import { caseGroups } from './case-groups.ts'
import { declaratorsOf, declaredNames } from './declarators.ts'
import { contentOf, decodeC } from './literals.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ for: 'loop', while: 'loop', do: 'loop', struct: 'class', class: 'class' }).concat(
    (
      'goto switch union enum sizeof throw try delete new namespace template operator virtual static_assert typedef ' +
      'co_await co_yield #define #include #if #ifdef #ifndef #elif #else'
    )
      .split(' ')
      .map((word) => [word, word]),
  ),
)
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', null: 'null', this: 'this' }
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'update_expression',
  'assignment_expression',
  'pointer_expression',
])
const STRINGS: ReadonlySet<string> = new Set(['string_literal', 'char_literal'])
const WORDS: ReadonlySet<string> = new Set(['field_identifier', 'primitive_type', 'namespace_identifier'])
const NAMES: ReadonlySet<string> = new Set(['identifier', 'type_identifier'])
const TEXTS: ReadonlySet<string> = new Set(['system_lib_string', 'raw_string_content', 'preproc_arg'])
const LISTS: ReadonlySet<string> = new Set([
  'translation_unit',
  'declaration_list',
  'compound_statement',
  'field_declaration_list',
  'preproc_if',
  'preproc_ifdef',
  'preproc_else',
  'preproc_elif',
])
const MEMBERS: ReadonlySet<string> = new Set(['initializer_list', 'argument_list', 'enumerator_list'])

/** What the reader needs to know of a C or C++ text. */
export function cModel(tree: SyntaxTree): CodeModel {
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
    if (!isImplied(node, text)) visitLeaf(builder, text, node)
    return false
  }
  if (node.type === 'initializer_list' && namedChildren(node).length === 0) addMark(builder, 'empty object', node)
  addLists(builder, node)
  bind(builder, text, node)
  const comparison = node.type === 'binary_expression' ? comparisonOf(node) : null
  if (comparison) builder.comparisons.push(comparison)
  const choice = choiceOf(node, C_CHOICES)
  if (choice) builder.choices.push(choice)
  const idiom = idiomOf(node, text)
  if (idiom) builder.idioms.push(idiom)
  if (node.type === 'function_definition') builder.regions.push({ start: node.start, end: node.end })
  return true
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitString(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const span = contentOf(text, node)
  if (!span || span.end <= span.start) addMark(builder, 'empty string', node)
  else builder.tokens.push({ kind: 'string', value: decodeC(text.slice(span.start, span.end)), ...span })
}

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  const constant = node.named ? CONSTANTS[node.type] : undefined
  const keyword = node.named ? undefined : KEYWORDS.get(node.type)
  if (constant) addMark(builder, constant, node)
  else if (keyword) addMark(builder, keyword, node)
  else if (NAMES.has(node.type)) builder.tokens.push({ kind: 'name', value, ...span })
  else if (WORDS.has(node.type)) builder.tokens.push({ kind: 'word', value, ...span })
  else if (TEXTS.has(node.type)) builder.tokens.push({ kind: 'string', value, ...span })
  else if (node.type === 'number_literal') builder.tokens.push({ kind: 'number', value: plainNumber(value), ...span })
  else if (!node.named && node.parent && OPERATOR_PARENTS.has(node.parent.type)) visitOperator(builder, node)
}

/** Without digit separators and suffixes, which say how a number is stored and not which it is. */
function plainNumber(value: string): string {
  const bare = value.replaceAll("'", '')
  return normaliseNumber(/^0[xX]/.test(bare) ? bare.replace(/[uUlL]+$/, '') : bare.replace(/[uUlLfF]+$/, ''))
}

/** Mirrored comparisons share one mark, and so do contraries: turning one round changes no other reading. */
function visitOperator(builder: ModelBuilder, node: SyntaxNode): void {
  const operator = node.type
  if (operator === '=' || operator === '!') return
  if (operator === '!=') return addMark(builder, '==', node)
  if (operator === '>') addMark(builder, '<', node)
  else if (operator === '>=') addMark(builder, '<=', node)
  else if (/^[^<>=!]+=$|^(?:<<|>>)=$/.test(operator)) addMark(builder, operator.slice(0, -1), node)
  else addMark(builder, operator, node)
}

const BINDERS: ReadonlySet<string> = new Set([
  'declaration',
  'function_definition',
  'parameter_declaration',
  'optional_parameter_declaration',
  'for_range_loop',
  'type_definition',
])
const NAMED: ReadonlySet<string> = new Set([
  'preproc_def',
  'preproc_function_def',
  'enumerator',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'class_specifier',
])

function bind(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const bound = BINDERS.has(node.type)
    ? declaratorsOf(node).flatMap(declaredNames)
    : NAMED.has(node.type)
      ? [childByField(node, 'name')]
      : []
  for (const name of bound) if (name && NAMES.has(name.type)) builder.bound.add(text.slice(name.start, name.end))
}

type Item = Pick<Unit, 'start' | 'end' | 'form' | 'shape'>

function addLists(builder: ModelBuilder, node: SyntaxNode): void {
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
  if (node.type === 'compound_statement' && node.parent?.type === 'switch_statement')
    addList(
      builder,
      caseGroups(node).map((group) => ({ ...group.span, form: 'member', shape: '' })),
    )
  else if (LISTS.has(node.type) || node.type === 'case_statement')
    addList(
      builder,
      namedChildren(node)
        .filter((child) => child.field !== 'value' && child.field !== 'condition' && child.field !== 'name')
        .map(statement),
    )
  else if (MEMBERS.has(node.type)) addList(builder, namedChildren(node).map(member))
}

function member(node: SyntaxNode): Item {
  return { start: node.start, end: node.end, form: 'member', shape: '' }
}

const FORMS: Readonly<Record<string, UnitForm>> = {
  function_definition: 'function',
  template_declaration: 'function',
  declaration: 'declare',
  field_declaration: 'declare',
}

function statement(node: SyntaxNode): Item {
  const expression = node.type === 'expression_statement' ? namedChildren(node)[0] : undefined
  const assigned = expression?.type === 'assignment_expression' ? childByField(expression, 'right') : null
  const form = assigned ? 'assign' : (FORMS[node.type] ?? 'other')
  const declarator = node.type === 'declaration' ? declaratorsOf(node)[0] : undefined
  const value = assigned ?? (declarator?.type === 'init_declarator' ? childByField(declarator, 'value') : null)
  return { start: node.start, end: node.end, form, shape: value?.type ?? '' }
}

/** The comparison a binary expression is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const type = childByField(node, 'operator')?.type
  if (!left || !right || (type !== '<' && type !== '>' && type !== '<=' && type !== '>=')) return null
  return { operator: type, left, right, node }
}
