import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import type { UnitForm } from '../../internal/code/model.ts'

/** A stretch of text that takes one place in a list of statements. */
export interface Item {
  readonly start: number
  readonly end: number
  readonly form: UnitForm
  readonly shape: string
}

/**
 * Statements as a minifier and a person write the same list: one item per declarator, per item of a sequence, per expression that a
 * minifier moved into the head of the following `for`, `if`, `return` or `throw`.
 */
export function flattenStatements(statements: readonly SyntaxNode[]): Item[] {
  return statements.flatMap(flattenStatement)
}

function flattenStatement(node: SyntaxNode): Item[] {
  switch (node.type) {
    case 'lexical_declaration':
    case 'variable_declaration':
      return declarators(node)
    case 'expression_statement':
      return expressionItems(node)
    case 'export_statement': {
      const declaration = childByField(node, 'declaration')
      return declaration ? flattenStatement(declaration) : [item(node, 'other')]
    }
    default:
      return splitHead(node, headOf(node))
  }
}

const FORMS: Readonly<Record<string, UnitForm>> = {
  function_declaration: 'function',
  generator_function_declaration: 'function',
  class_declaration: 'function',
  method_definition: 'function',
  field_definition: 'assign',
}

/** The part of a statement into which minifiers move the statements before it. */
function headOf(node: SyntaxNode): SyntaxNode | null {
  switch (node.type) {
    case 'for_statement':
      return childByField(node, 'initializer')
    case 'return_statement':
    case 'throw_statement':
      return namedChildren(node)[0] ?? null
    case 'if_statement':
    case 'switch_statement':
      return childByField(node, 'condition') ?? childByField(node, 'value')
    default:
      return null
  }
}

/** Kinds of value that minifiers trade for each other share a shape. */
const SHAPES: Readonly<Record<string, string>> = {
  template_string: 'string',
  function_expression: 'function',
  arrow_function: 'function',
  true: 'constant',
  false: 'constant',
  undefined: 'constant',
  unary_expression: 'constant',
  number: 'constant',
  binary_expression: 'constant',
}

function item(node: SyntaxNode, form: UnitForm, value: SyntaxNode | null = null): Item {
  const type = bare(value ?? undefined)?.type ?? ''
  return { start: node.start, end: node.end, form, shape: SHAPES[type] ?? type }
}

function declarators(node: SyntaxNode): Item[] {
  return node.children
    .filter((child) => child.type === 'variable_declarator')
    .map((child) => item(child, 'declare', childByField(child, 'value')))
}

function expressionItems(node: SyntaxNode): Item[] {
  const expression = bare(namedChildren(node)[0])
  if (expression?.type === 'sequence_expression') return sequenceItems(expression)
  return [item(node, expressionForm(expression), assignedValue(expression))]
}

function expressionForm(node: SyntaxNode | undefined): UnitForm {
  return node?.type === 'assignment_expression' ? 'assign' : 'other'
}

function assignedValue(node: SyntaxNode | undefined): SyntaxNode | null {
  return node?.type === 'assignment_expression' ? childByField(node, 'right') : null
}

/** The expression inside parentheses. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let at = node
  while (at?.type === 'parenthesized_expression') at = namedChildren(at)[0]
  return at
}

/** Items of a sequence expression, nested ones flattened. */
export function sequenceItems(node: SyntaxNode): Item[] {
  const out: Item[] = []
  const stack = [...namedChildren(node)].reverse()
  for (let child = stack.pop(); child; child = stack.pop()) {
    const inner = bare(child)
    if (inner?.type === 'sequence_expression') stack.push(...[...namedChildren(inner)].reverse())
    else out.push(item(child, expressionForm(inner), assignedValue(inner)))
  }
  return out
}

/** What a minifier moved to the front of a head counts as statements before it; the rest of the statement is the last item. */
function splitHead(node: SyntaxNode, head: SyntaxNode | null): Item[] {
  const inner = bare(head ?? undefined)
  if (!inner) return [item(node, FORMS[node.type] ?? 'other')]
  if (
    inner.type === 'lexical_declaration' ||
    inner.type === 'variable_declaration' ||
    inner.type === 'expression_statement'
  ) {
    const items = flattenStatement(inner)
    return [...items, { start: inner.end, end: node.end, form: 'other', shape: '' }]
  }
  if (inner.type !== 'sequence_expression') return [item(node, 'other')]
  const items = sequenceItems(inner)
  const last = items.at(-1)
  if (!last) return [item(node, 'other')]
  return [...items.slice(0, -1), { start: last.start, end: node.end, form: 'other', shape: '' }]
}
