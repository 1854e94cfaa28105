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
import { choiceOf } from './choices.ts'
import { conditionsOf, operatorOf } from './conditions.ts'
import { decodeDouble, decodeSingle, NUMBERS } from './literals.ts'
import { FUNCTIONS, variableName } from './scope.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ for: 'loop', foreach: 'loop', while: 'loop', do: 'loop', function: 'fn', fn: 'fn' }).concat(
    ['throw', 'try', 'finally', 'new', 'switch', 'class', 'instanceof', 'yield', '??'].map((word) => [word, word]),
  ),
)
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_op_expression',
  'update_expression',
  'augmented_assignment_expression',
])
/** What inverting a condition adds or takes, what nearly every expression holds, and words for the same. */
const UNSTEADY: ReadonlySet<string> = new Set(['!', '=', '.', '.=', '&&', '||', 'and', 'or', '@', '(', ')'])
/** Equality and its contrary, strict or loose. */
const EQUALITY: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<>'])
const BODIES: ReadonlySet<string> = new Set([
  'program',
  'compound_statement',
  'declaration_list',
  'enum_declaration_list',
])
const MEMBERS: ReadonlySet<string> = new Set(['array_creation_expression', 'match_block', 'switch_block'])

/** What the reader needs to know of a PHP text. */
export function phpModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  const context = { builder, text: tree.text, functions: declaredFunctions(tree) }
  walkTree(tree.root, (node) => visit(context, node))
  return finishModel(builder, tree.text, tree.damage)
}

interface Context {
  readonly builder: ModelBuilder
  readonly text: string
  /** Functions and methods declared here, which renaming may change; none that share their name with a variable. */
  readonly functions: ReadonlySet<string>
}

function declaredFunctions({ root, text }: SyntaxTree): Set<string> {
  const names = new Set<string>()
  const variables = new Set<string>()
  walkTree(root, (node) => {
    const variable = variableName(text, node)
    if (variable !== null) variables.add(variable)
    const name =
      node.type === 'function_definition' || node.type === 'method_declaration' ? childByField(node, 'name') : null
    if (name && !text.startsWith('__', name.start)) names.add(text.slice(name.start, name.end))
  })
  return new Set([...names].filter((name) => !variables.has(name)))
}

/** Comments, and what tools put in order. */
const SKIPPED: ReadonlySet<string> = new Set([
  'comment',
  'namespace_use_declaration',
  'php_tag',
  'attribute_list',
  'heredoc_start',
  'heredoc_end',
])

function visit(context: Context, node: SyntaxNode): boolean {
  const { builder, text } = context
  if (SKIPPED.has(node.type)) return false
  if (node.type === 'string') {
    visitSingle(context, node)
    return false
  }
  if (node.type === 'encapsed_string' || node.type === 'heredoc_body') addFragments(context, node)
  const variable = variableName(text, node)
  if (variable !== null) {
    visitVariable(context, node, variable)
    return false
  }
  if (node.children.length === 0) {
    visitLeaf(context, node)
    return false
  }
  addLists(builder, node)
  const comparison = node.type === 'binary_expression' ? comparisonOf(node) : null
  if (comparison) builder.comparisons.push(comparison)
  const choice = choiceOf(node)
  if (choice) builder.choices.push(choice)
  if (FUNCTIONS.has(node.type)) builder.regions.push({ start: node.start, end: node.end })
  return true
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitSingle({ builder, text }: Context, node: SyntaxNode): void {
  const start = node.start + text.slice(node.start, node.end).indexOf("'") + 1
  const end = node.end - 1
  if (end <= start) addMark(builder, 'empty string', node)
  else builder.tokens.push({ kind: 'string', value: decodeSingle(text.slice(start, end)), start, end })
}

/** The text between the variables of a string, each stretch as one token. */
function addFragments({ builder, text }: Context, node: SyntaxNode): void {
  let start = -1
  let end = -1
  const close = (): void => {
    if (start >= 0) builder.tokens.push({ kind: 'string', value: decodeDouble(text.slice(start, end)), start, end })
    start = -1
  }
  for (const child of node.children) {
    if (child.type === 'string_content' || child.type === 'escape_sequence') {
      if (start < 0) start = child.start
      end = child.end
    } else close()
  }
  close()
  if (namedChildren(node).length === 0) addMark(builder, 'empty string', node)
}

/** Properties that are written with a `$` keep their names when variables are renamed. */
function visitVariable({ builder }: Context, node: SyntaxNode, value: string): void {
  if (value === 'this') return
  const property = node.parent?.type === 'property_element' || node.parent?.type === 'scoped_property_access_expression'
  if (!property && !/^_[A-Z]+$|^GLOBALS$/.test(value)) builder.bound.add(value)
  builder.tokens.push({ kind: property ? 'word' : 'name', value, start: node.start + 1, end: node.end })
}

function visitLeaf(context: Context, node: SyntaxNode): void {
  const { builder, text } = context
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  const keyword = node.named ? undefined : KEYWORDS.get(node.type)
  if (node.type === 'boolean' || node.type === 'null') addMark(builder, value.toLowerCase(), node)
  else if (keyword) addMark(builder, keyword, node)
  else if (NUMBERS.has(node.type)) builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
  else if (node.type === 'name') visitName(context, node, value)
  else if (VERBATIM.has(node.type)) builder.tokens.push({ kind: 'string', value, ...span })
  else if (!node.named && node.parent && OPERATOR_PARENTS.has(node.parent.type)) visitOperator(builder, node)
}

/** What a program shows as it stands. */
const VERBATIM: ReadonlySet<string> = new Set(['text', 'nowdoc_string'])

function visitName({ builder, functions }: Context, node: SyntaxNode, value: string): void {
  const own = functions.has(value) && NAMING.has(node.parent?.type ?? '')
  if (own) builder.bound.add(value)
  const type = /^(?:class|interface|trait|enum)_declaration$/.test(node.parent?.type ?? '')
  builder.tokens.push({ kind: own || type ? 'name' : 'word', value, start: node.start, end: node.end })
}

const NAMING: ReadonlySet<string> = new Set([
  'function_definition',
  'method_declaration',
  'function_call_expression',
  'member_call_expression',
  'scoped_call_expression',
])

/** Mirrored comparisons and contrary relations share one mark, so that no other reading depends on their form. */
function visitOperator(builder: ModelBuilder, node: SyntaxNode): void {
  const operator = node.type
  if (UNSTEADY.has(operator)) return
  if (operator === '>' || operator === '>=') addMark(builder, operator.replace('>', '<'), node)
  else if (EQUALITY.has(operator)) addMark(builder, '==', node)
  else addMark(builder, operator.length > 1 && /[^<=]=$/.test(operator) ? operator.slice(0, -1) : operator, node)
}

type Item = Pick<Unit, 'start' | 'end' | 'form' | 'shape'>

function addLists(builder: ModelBuilder, node: SyntaxNode): void {
  if (BODIES.has(node.type)) addList(builder, namedChildren(node).map(statement))
  else if (MEMBERS.has(node.type)) addList(builder, namedChildren(node).map(member))
  if (node.type === 'array_creation_expression' && namedChildren(node).length === 0)
    addMark(builder, 'empty array', node)
  const operands = conditionsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
}

function member({ start, end }: SyntaxNode): Item {
  return { start, end, form: 'member', shape: '' }
}

const FORMS: Readonly<Record<string, UnitForm>> = {
  function_definition: 'function',
  method_declaration: 'function',
  class_declaration: 'function',
  interface_declaration: 'function',
  trait_declaration: 'function',
  enum_declaration: 'function',
  const_declaration: 'declare',
  property_declaration: 'declare',
}

function statement(node: SyntaxNode): Item {
  const only = node.type === 'expression_statement' ? namedChildren(node)[0] : undefined
  const value = only?.type === 'assignment_expression' ? childByField(only, 'right') : null
  return {
    start: node.start,
    end: node.end,
    form: value ? 'assign' : (FORMS[node.type] ?? 'other'),
    shape: value?.type === 'encapsed_string' ? 'string' : (value?.type ?? ''),
  }
}

/** The comparison a binary expression is, when its operator orders. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const type = childByField(node, 'operator')?.type
  if (!left || !right || (type !== '<' && type !== '>' && type !== '<=' && type !== '>=')) return null
  return { operator: type, left, right, node }
}
