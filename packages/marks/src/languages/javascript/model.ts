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
} from '../../internal/code/model.ts'
import { decodeEscapes } from '../../internal/code/string-literals.ts'
import { collectBound } from './binding.ts'
import { choiceOf } from './choices.ts'
import { idiomOf, isImpliedTrue } from './idioms.ts'
import { operandsOf, operatorOf } from '../../internal/code/operand-chains.ts'
import { flattenStatements, sequenceItems } from './statements.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ for: 'loop', while: 'loop', do: 'loop', function: 'fn', '=>': 'fn' }).concat(
    ['throw', 'async', 'await', 'yield', 'try', 'class', 'finally', 'delete', 'new', 'typeof', 'switch'].map((word) => [
      word,
      word,
    ]),
  ),
)
const CONSTANTS: Readonly<Record<string, string>> = {
  true: 'true',
  false: 'false',
  null: 'null',
  undefined: 'undefined',
}
const OPERATOR_PARENTS: ReadonlySet<string> = new Set([
  'binary_expression',
  'unary_expression',
  'update_expression',
  'augmented_assignment_expression',
])
/** Minifiers trade these for each other. */
const DROPPED_OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '!', 'void'])
const MEMBERS: ReadonlySet<string> = new Set([
  'object',
  'array',
  'object_pattern',
  'named_imports',
  'export_clause',
  'switch_body',
])
const FUNCTIONS: ReadonlySet<string> = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
])

/** What the reader needs to know of a JavaScript text, whether a person or a minifier wrote it. */
export function javascriptModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  const context = { builder, text: tree.text }
  walkTree(tree.root, (node) => visit(context, node))
  return finishModel(builder, tree.text, tree.damage)
}

interface Context {
  readonly builder: ModelBuilder
  readonly text: string
}

function visit(context: Context, node: SyntaxNode): boolean {
  if (node.type === 'comment' || isDirective(node)) return false
  const literal = LITERALS.get(node.type)
  if (literal) return literal(context, node)
  if (node.type === 'unary_expression' && visitFolded(context, node)) return false
  if (node.children.length === 0) {
    visitLeaf(context, node)
    return false
  }
  visitStructure(context, node)
  return true
}

function visitStructure({ builder, text }: Context, node: SyntaxNode): void {
  if ((node.type === 'array' || node.type === 'object') && namedChildren(node).length === 0)
    addMark(builder, `empty ${node.type}`, node)
  addLists(builder, node)
  collectBound(node, (name) => builder.bound.add(text.slice(name.start, name.end)))
  const comparison = node.type === 'binary_expression' ? comparisonOf(node) : null
  if (comparison) builder.comparisons.push(comparison)
  addSpellings(builder, node)
  if (FUNCTIONS.has(node.type)) builder.regions.push({ start: node.start, end: node.end })
}

/** What can be written in several ways, apart from lists and comparisons. */
function addSpellings(builder: ModelBuilder, node: SyntaxNode): void {
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
  const choice = choiceOf(node)
  if (choice) builder.choices.push(choice)
  const idiom = idiomOf(node)
  if (idiom) builder.idioms.push(idiom)
}

/** Nodes that become tokens as a whole. */
const LITERALS: ReadonlyMap<string, (context: Context, node: SyntaxNode) => boolean> = new Map([
  ['string', visitString],
  ['template_string', visitTemplate],
  ['regex', visitRegex],
])

/** `'use strict'` and its like. */
export function isDirective(node: SyntaxNode): boolean {
  if (node.type !== 'expression_statement') return false
  const only = namedChildren(node)
  return only.length === 1 && only[0]?.type === 'string'
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

function visitString({ builder, text }: Context, node: SyntaxNode): boolean {
  if (node.end - node.start <= 2) addMark(builder, 'empty string', node)
  else {
    const start = node.start + 1
    const end = node.end - 1
    builder.tokens.push({ kind: 'string', value: decodeEscapes(text.slice(start, end)), start, end })
  }
  return false
}

function visitTemplate(context: Context, node: SyntaxNode): boolean {
  const { builder, text } = context
  let start = node.start + 1
  const close = (end: number): void => {
    if (end > start) builder.tokens.push({ kind: 'string', value: decodeEscapes(text.slice(start, end)), start, end })
  }
  for (const child of node.children) {
    if (child.type !== 'template_substitution') continue
    close(child.start)
    start = child.end
    walkTree(child, (inner) => visit(context, inner))
  }
  close(node.end - 1)
  if (node.end - node.start <= 2) addMark(builder, 'empty string', node)
  return false
}

function visitRegex({ builder, text }: Context, node: SyntaxNode): boolean {
  const pattern = childByField(node, 'pattern')
  if (pattern)
    builder.tokens.push({
      kind: 'string',
      value: text.slice(pattern.start, pattern.end),
      start: pattern.start,
      end: pattern.end,
    })
  return false
}

/** `!0`, `!1` and `void 0` are how minifiers write `true`, `false` and `undefined`. */
function visitFolded({ builder, text }: Context, node: SyntaxNode): boolean {
  const [operator, argument] = node.children
  if (argument?.type !== 'number') return false
  const number = text.slice(argument.start, argument.end)
  if (operator?.type === 'void') addMark(builder, 'undefined', node)
  else if (operator?.type === '!' && (number === '0' || number === '1'))
    addMark(builder, number === '0' ? 'true' : 'false', node)
  else return false
  return true
}

function visitLeaf({ builder, text }: Context, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  switch (node.type) {
    case 'identifier':
      visitIdentifier(builder, node, value)
      return
    case 'property_identifier':
    case 'private_property_identifier':
    case 'statement_identifier':
      if (node.type !== 'statement_identifier') builder.tokens.push({ kind: 'word', value, ...span })
      return
    case 'shorthand_property_identifier':
    case 'shorthand_property_identifier_pattern':
      builder.tokens.push({ kind: 'word', value, ...span }, { kind: 'name', value, ...span })
      if (node.type === 'shorthand_property_identifier_pattern') builder.bound.add(value)
      return
    case 'number':
      builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
      return
    default:
      visitOther(builder, node)
  }
}

function visitIdentifier(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const span = { start: node.start, end: node.end }
  const specifier = node.parent?.type === 'import_specifier' || node.parent?.type === 'export_specifier'
  if (!specifier) {
    builder.tokens.push({ kind: 'name', value, ...span })
    return
  }
  const alias = node.parent?.children.some((child) => child.field === 'alias') ?? false
  const outside = (node.field === 'alias') === (node.parent?.type === 'export_specifier')
  if (outside || !alias) builder.tokens.push({ kind: 'word', value, ...span })
  if (!outside || !alias) builder.tokens.push({ kind: 'name', value, ...span })
}

function visitOther(builder: ModelBuilder, node: SyntaxNode): void {
  const constant = node.named ? CONSTANTS[node.type] : undefined
  const keyword = node.named ? undefined : KEYWORDS.get(node.type)
  if (isImpliedTrue(node)) return
  if (constant) addMark(builder, constant, node)
  else if (keyword) addMark(builder, keyword, node)
  else if (node.type === 'array' || node.type === 'object') addMark(builder, `empty ${node.type}`, node)
  else if (!node.named && node.parent && OPERATOR_PARENTS.has(node.parent.type) && !DROPPED_OPERATORS.has(node.type))
    addMark(builder, operatorMark(node.type), node)
}

/** Mirrored comparisons share one mark, and so do equality, strict or loose, and its contrary, which minifiers and marks trade. */
function operatorMark(operator: string): string {
  if (operator === '>') return '<'
  if (operator === '>=') return '<='
  if (EQUALITIES.has(operator)) return '=='
  return operator.length > 1 && operator.endsWith('=') && operator !== '<=' ? operator.slice(0, -1) : operator
}

const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=', '===', '!=='])

function addLists(builder: ModelBuilder, node: SyntaxNode): void {
  if (node.type === 'program' || node.type === 'statement_block' || node.type === 'class_body') {
    addList(builder, flattenStatements(namedChildren(node).filter((child) => !isDirective(child))))
  } else if (node.type === 'sequence_expression') {
    addList(builder, sequenceItems(node))
  } else if (MEMBERS.has(node.type)) {
    const members = namedChildren(node).map((child) => ({
      start: child.start,
      end: child.end,
      form: 'member' as const,
      shape: '',
    }))
    addList(builder, members)
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
