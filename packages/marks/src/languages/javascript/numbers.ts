import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { boundIdentifiers } from './binding.ts'
import { isNumeric } from './expressions.ts'

/** What a name is bound to: an expression, or false for what may be anything. */
type Source = SyntaxNode | false

const known = new WeakMap<SyntaxNode, ReadonlySet<string>>()

/** Local names of a function that hold numbers whatever happens: every binding of them gives one. */
export function numericNames(text: string, fn: SyntaxNode): ReadonlySet<string> {
  const cached = known.get(fn)
  if (cached) return cached
  const sources = sourcesOf(text, fn)
  const names = new Set(sources.keys())
  for (let before = -1; before !== names.size; ) {
    before = names.size
    for (const name of names)
      if (!sources.get(name)!.every((source) => source !== false && isNumber(text, source, names))) names.delete(name)
  }
  known.set(fn, names)
  return names
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '>>>'])

/**
 * True when the value is certainly a number.
 *
 * @param names - names that hold one
 */
export function isNumber(text: string, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  if (isNumeric(text, node)) return true
  if (node.type === 'identifier') return names.has(text.slice(node.start, node.end))
  const inner = node.type === 'parenthesized_expression' ? node.children[1] : undefined
  if (inner) return isNumber(text, inner, names)
  if (node.type !== 'binary_expression') return false
  const sides = [childByField(node, 'left'), childByField(node, 'right')]
  const operator = childByField(node, 'operator')?.type ?? ''
  return ARITHMETIC.has(operator) && sides.every((side) => side !== null && isNumber(text, side, names))
}

function sourcesOf(text: string, fn: SyntaxNode): Map<string, Source[]> {
  const sources = new Map<string, Source[]>()
  const add = (name: SyntaxNode, source: Source): void => {
    const word = text.slice(name.start, name.end)
    sources.set(word, [...(sources.get(word) ?? []), source])
  }
  walkTree(fn, (node) => {
    for (const [target, source] of bindingsOf(node)) {
      if (target.type === 'identifier') add(target, source)
      else for (const name of boundIdentifiers(target)) add(name, false)
    }
  })
  return sources
}

/** Nodes that bind names to anything, and the fields that hold the names. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  function_declaration: ['name', 'parameters'],
  function_expression: ['name', 'parameters'],
  generator_function: ['name', 'parameters'],
  generator_function_declaration: ['name', 'parameters'],
  arrow_function: ['parameters', 'parameter'],
  method_definition: ['parameters'],
  class_declaration: ['name'],
  catch_clause: ['parameter'],
  for_in_statement: ['left'],
}

function bindingsOf(node: SyntaxNode): [target: SyntaxNode, source: Source][] {
  const target = childByField(node, 'left') ?? childByField(node, 'name')
  if (target && ASSIGNING.has(node.type)) return [[target, assignedTo(node)]]
  return (OTHERS[node.type] ?? []).flatMap((field) => {
    const other = childByField(node, field)
    return other ? [[other, false] as [SyntaxNode, Source]] : []
  })
}

const ASSIGNING: ReadonlySet<string> = new Set([
  'variable_declarator',
  'assignment_expression',
  'augmented_assignment_expression',
])

function assignedTo(node: SyntaxNode): Source {
  const value = childByField(node, 'right') ?? childByField(node, 'value') ?? false
  if (node.type !== 'augmented_assignment_expression') return value
  return ARITHMETIC.has((childByField(node, 'operator')?.type ?? '').slice(0, -1)) ? value : false
}
