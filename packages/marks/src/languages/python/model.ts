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
  type UnitForm,
} from '../../internal/code/model.ts'
import { decodeEscapes } from '../../internal/code/string-literals.ts'
import { boundIdentifiers, isWord } from './binding.ts'
import { choiceOf } from './choices.ts'
import { idiomOf, isImpliedZero } from './idioms.ts'
import { operandsOf, operatorOf } from './operands.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    for: 'loop',
    while: 'loop',
    def: 'fn',
    lambda: 'fn',
    raise: 'throw',
    async: 'async',
    await: 'await',
  }).concat(['yield', 'try', 'class', 'with', 'assert', 'del', 'finally'].map((word) => [word, word])),
)
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', none: 'null', ellipsis: 'ellipsis' }
const EMPTY: ReadonlySet<string> = new Set(['list', 'dictionary', 'tuple', 'set'])
const MEMBERS: ReadonlySet<string> = new Set([
  'list',
  'dictionary',
  'tuple',
  'set',
  'argument_list',
  'import_from_statement',
])
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_operator',
  'comparison_operator',
  'unary_operator',
  'augmented_assignment',
])

/** What the reader needs to know of a Python text. */
export function pythonModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (node.type === 'comment' || isDocstring(node)) return false
  if (node.type === 'string') return visitString(builder, text, node)
  if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  if (EMPTY.has(node.type) && namedChildren(node).length === 0) addMark(builder, `empty ${node.type}`, node)
  addLists(builder, node)
  bind(builder, text, node)
  if (node.type === 'comparison_operator') addComparison(builder, node)
  addSpellings(builder, text, node)
  if (node.type === 'function_definition') builder.regions.push({ start: node.start, end: node.end })
  return true
}

/** What can be written in several ways, apart from lists and comparisons. */
function addSpellings(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
  const choice = choiceOf(node)
  if (choice) builder.choices.push(choice)
  const idiom = idiomOf(node, text)
  if (idiom) builder.idioms.push(idiom)
}

/** A string that stands alone as a statement says nothing to the program. */
export function isDocstring(node: SyntaxNode): boolean {
  if (node.type !== 'expression_statement') return false
  const only = namedChildren(node)
  return only.length === 1 && (only[0]?.type === 'string' || only[0]?.type === 'concatenated_string')
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitString(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  const opening = node.children[0]
  const raw = opening ? /r/i.test(text.slice(opening.start, opening.end)) : false
  let found = false
  for (const child of node.children) {
    if (child.type === 'interpolation') found = true
    if (child.type !== 'string_content') continue
    found = true
    const content = text.slice(child.start, child.end)
    const value = raw ? content : decodeEscapes(content)
    builder.tokens.push({ kind: 'string', value, start: child.start, end: child.end })
  }
  if (!found) addMark(builder, 'empty string', node)
  for (const child of node.children) {
    if (child.type === 'interpolation') walkTree(child, (inner) => visit(builder, text, inner))
  }
  return false
}

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  if (node.type === 'identifier') builder.tokens.push({ kind: isWord(node) ? 'word' : 'name', value, ...span })
  else if (isImpliedZero(node, text)) return
  else if (node.type === 'integer' || node.type === 'float')
    builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
  else if (CONSTANTS[node.type]) addMark(builder, CONSTANTS[node.type]!, node)
  else if (EMPTY.has(node.type)) addMark(builder, `empty ${node.type}`, node)
  else if (!node.named) visitAnonymous(builder, node)
}

function visitAnonymous(builder: ModelBuilder, node: SyntaxNode): void {
  const keyword = KEYWORDS.get(node.type)
  if (keyword) addMark(builder, keyword, node)
  else if (node.parent && OPERATOR_PARENTS.has(node.parent.type)) addMark(builder, operatorMark(node.type), node)
  else if (POSITIVE.has(node.type) && NEGATIVE_PARENTS.has(node.parent?.type ?? '')) addMark(builder, node.type, node)
}

/** `is not` and `not in` leave the marks that `is` and `in` leave. */
const POSITIVE: ReadonlySet<string> = new Set(['is', 'in'])
const NEGATIVE_PARENTS: ReadonlySet<string> = new Set(['is not', 'not in'])

/** Mirrored comparisons share one mark, and so do a relation and its contrary, so that turning one changes no other reading. */
export function operatorMark(operator: string): string {
  if (operator === '!=') return '=='
  if (operator === '>') return '<'
  if (operator === '>=') return '<='
  return operator.length > 1 && operator.endsWith('=') && !'<=>=!='.includes(operator)
    ? operator.slice(0, -1)
    : operator
}

function addLists(builder: ModelBuilder, node: SyntaxNode): void {
  if (node.type === 'module' || node.type === 'block') {
    const statements = namedChildren(node).filter((child) => !isDocstring(child))
    addList(
      builder,
      statements.map((child) => ({
        start: child.start,
        end: child.end,
        form: statementForm(child),
        shape: shapeOf(child),
      })),
    )
  } else if (MEMBERS.has(node.type)) {
    addList(
      builder,
      memberNodes(node).map((child) => ({ start: child.start, end: child.end, form: 'member', shape: '' })),
    )
  }
}

function statementForm(node: SyntaxNode): UnitForm {
  if (node.type === 'function_definition' || node.type === 'class_definition') return 'function'
  if (node.type === 'decorated_definition') return 'function'
  if (node.type !== 'expression_statement') return 'other'
  return node.children[0]?.type === 'assignment' ? 'assign' : 'other'
}

function shapeOf(node: SyntaxNode): string {
  const assignment = statementForm(node) === 'assign' ? node.children[0] : undefined
  return (assignment && childByField(assignment, 'right')?.type) ?? ''
}

function memberNodes(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === 'import_from_statement') return node.children.filter((child) => child.field === 'name')
  return namedChildren(node)
}

function addComparison(builder: ModelBuilder, node: SyntaxNode): void {
  const comparison = comparisonOf(node)
  if (comparison) builder.comparisons.push(comparison)
}

/** The comparison a node is, when it has one ordering operator and no chain. */
export function comparisonOf(node: SyntaxNode): Comparison | null {
  const [left, operator, right] = node.children
  if (node.children.length !== 3 || !left || !operator || !right) return null
  const type = operator.type
  if (type !== '<' && type !== '>' && type !== '<=' && type !== '>=') return null
  return { operator: type, left, right, node }
}

/** Node types whose child with this field binds names. */
const BINDERS: Readonly<Record<string, readonly string[]>> = {
  assignment: ['left'],
  augmented_assignment: ['left'],
  for_statement: ['left'],
  for_in_clause: ['left'],
  as_pattern: ['alias'],
  aliased_import: ['alias'],
  named_expression: ['name'],
  function_definition: ['name', 'parameters'],
  class_definition: ['name'],
  lambda: ['parameters'],
}

function bind(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  for (const field of BINDERS[node.type] ?? []) {
    const target = childByField(node, field)
    if (target) for (const name of boundIdentifiers(target)) builder.bound.add(text.slice(name.start, name.end))
  }
}
