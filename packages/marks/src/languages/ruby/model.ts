import { childByField, namedChildren, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'
import {
  addList,
  addOperands,
  type CodeModel,
  createBuilder,
  finishModel,
  type ModelBuilder,
  normaliseNumber,
  type UnitForm,
} from '../../internal/code/model.ts'
import { comparisonOf } from './comparisons.ts'
import { decodeString } from './literals.ts'
import { clauseSpan } from './members.ts'
import { operandsOf, operatorOf } from './operands.ts'
import { bindingsIn, HARD_SCOPES } from './scope.ts'
import { LISTS, statementsOf } from './statements.ts'

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    for: 'loop',
    while: 'loop',
    until: 'loop',
    def: 'fn',
    '->': 'fn',
    class: 'class',
    module: 'class',
    rescue: 'try',
    ensure: 'finally',
    yield: 'yield',
  }),
)
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', nil: 'null' }
const OPERATOR_PARENTS: ReadonlySet<string> = new Set(['binary', 'unary', 'operator_assignment'])
/** People and formatters trade these for other words. */
const DROPPED_OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '!', 'and', 'or', 'not', 'defined?'])
const MEMBERS: ReadonlySet<string> = new Set([
  'hash',
  'array',
  'string_array',
  'symbol_array',
  'argument_list',
  'exceptions',
  'when',
])
const METHODS: ReadonlySet<string> = new Set(['method', 'singleton_method'])

/** What the reader needs to know of a Ruby text. */
export function rubyModel(tree: SyntaxTree): CodeModel {
  const builder = createBuilder()
  walkTree(tree.root, (node) => visit(builder, tree.text, node))
  return finishModel(builder, tree.text, tree.damage)
}

function visit(builder: ModelBuilder, text: string, node: SyntaxNode): boolean {
  if (node.type === 'comment' || node.type === 'uninterpreted') return false
  if (node.children.length === 0) {
    visitLeaf(builder, text, node)
    return false
  }
  visitStructure(builder, text, node)
  return true
}

function visitStructure(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  if ((node.type === 'array' || node.type === 'hash') && namedChildren(node).length === 0)
    addMark(builder, node.type === 'array' ? 'empty array' : 'empty object', node)
  if (node.type === 'string' && namedChildren(node).length === 0) addMark(builder, 'empty string', node)
  if (node.children.some((child) => CONTENT.has(child.type))) addStrings(builder, text, node)
  if (HARD_SCOPES.has(node.type)) bindNames(builder, text, node)
  if (METHODS.has(node.type)) builder.regions.push({ start: node.start, end: node.end })
  const comparison = comparisonOf(node)
  if (comparison) builder.comparisons.push(comparison)
  const operands = operandsOf(node)
  if (operands) addOperands(builder, operands, operatorOf(node))
  addLists(builder, node)
}

function bindNames(builder: ModelBuilder, text: string, scope: SyntaxNode): void {
  for (const { name } of bindingsIn(scope)) builder.bound.add(text.slice(name.start, name.end))
  const name = childByField(scope, 'name')
  if (name && !isMethodOfClass(scope)) builder.bound.add(text.slice(name.start, name.end))
}

/** Methods of classes are called from elsewhere; those of a script are its own. */
function isMethodOfClass(node: SyntaxNode): boolean {
  return METHODS.has(node.type) && node.parent?.type !== 'program'
}

function addMark(builder: ModelBuilder, value: string, node: SyntaxNode): void {
  builder.tokens.push({ kind: 'mark', value, start: node.start, end: node.end })
}

const SYMBOLS: ReadonlySet<string> = new Set(['simple_symbol', 'hash_key_symbol'])
const VARIABLES: ReadonlySet<string> = new Set(['instance_variable', 'class_variable', 'global_variable'])

function visitLeaf(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const value = text.slice(node.start, node.end)
  const span = { start: node.start, end: node.end }
  if (node.type === 'identifier') visitIdentifier(builder, node, value)
  else if (node.type === 'constant') builder.tokens.push({ kind: 'name', value, ...span })
  else if (VARIABLES.has(node.type)) builder.tokens.push({ kind: 'word', value, ...span })
  else if (SYMBOLS.has(node.type)) builder.tokens.push({ kind: 'word', value: value.replace(/^:/, ''), ...span })
  else if (node.type === 'integer' || node.type === 'float')
    builder.tokens.push({ kind: 'number', value: normaliseNumber(value), ...span })
  else if (node.type === 'character')
    builder.tokens.push({
      kind: 'string',
      value: decodeString(value.slice(1), false),
      start: node.start + 1,
      end: node.end,
    })
  else if (CONSTANTS[node.type]) addMark(builder, CONSTANTS[node.type]!, node)
  else if (!node.named) visitAnonymous(builder, node)
  else if (node.type === 'super') builder.tokens.push({ kind: 'word', value, ...span })
}

const CONTENT: ReadonlySet<string> = new Set(['string_content', 'heredoc_content', 'escape_sequence'])

/** One token for each stretch of content between interpolations. */
function addStrings(builder: ModelBuilder, text: string, node: SyntaxNode): void {
  const single = node.type === 'string' && text.charAt(node.start) === "'"
  let start: number | null = null
  let end = 0
  const close = (): void => {
    if (start !== null)
      builder.tokens.push({ kind: 'string', value: decodeString(text.slice(start, end), single), start, end })
    start = null
  }
  for (const child of node.children) {
    if (!CONTENT.has(child.type)) {
      close()
      continue
    }
    start ??= child.start
    end = child.end
  }
  close()
}

function visitIdentifier(builder: ModelBuilder, node: SyntaxNode, value: string): void {
  const span = { start: node.start, end: node.end }
  const parent = node.parent
  const sent = parent?.type === 'call' && node.field === 'method' && childByField(parent, 'receiver') !== null
  const defined = parent !== null && METHODS.has(parent.type) && node.field === 'name' && isMethodOfClass(parent)
  if (value === 'raise') addMark(builder, 'throw', node)
  else if (value === 'lambda' || value === 'proc') addMark(builder, 'fn', node)
  else builder.tokens.push({ kind: sent || defined ? 'word' : 'name', value, ...span })
}

function visitAnonymous(builder: ModelBuilder, node: SyntaxNode): void {
  const keyword = KEYWORDS.get(node.type)
  if (keyword) addMark(builder, keyword, node)
  else if (node.parent && OPERATOR_PARENTS.has(node.parent.type) && !DROPPED_OPERATORS.has(node.type))
    addMark(builder, operatorMark(node.type), node)
}

/** Mirrored comparisons share one mark, so that flipping one changes no other reading. */
function operatorMark(operator: string): string {
  if (operator === '>') return '<'
  if (operator === '>=') return '<='
  return operator.length > 1 && operator.endsWith('=') && !/^(?:<=|>=|!=|={2,3})$/.test(operator)
    ? operator.slice(0, -1)
    : operator
}

function addLists(builder: ModelBuilder, node: SyntaxNode): void {
  if (LISTS.has(node.type))
    addList(
      builder,
      statementsOf(node).map((child) => ({
        start: child.start,
        end: child.end,
        form: formOf(child),
        shape: shapeOf(child),
      })),
    )
  else if (node.type === 'case')
    addList(
      builder,
      namedChildren(node)
        .filter((child) => child.type === 'when')
        .map((child) => ({ ...clauseSpan(child), form: 'member', shape: '' })),
    )
  else if (MEMBERS.has(node.type)) addList(builder, membersOf(node))
}

function membersOf(node: SyntaxNode): { start: number; end: number; form: UnitForm; shape: string }[] {
  const members = namedChildren(node).filter((child) => node.type !== 'when' || child.type === 'pattern')
  return members.map((child) => ({ start: child.start, end: child.end, form: 'member', shape: '' }))
}

function formOf(node: SyntaxNode): UnitForm {
  if (node.type === 'method' || node.type === 'singleton_method' || node.type === 'class' || node.type === 'module')
    return 'function'
  return node.type === 'assignment' ? 'assign' : 'other'
}

function shapeOf(node: SyntaxNode): string {
  const value = node.type === 'assignment' ? childByField(node, 'right') : null
  return value?.type ?? ''
}
