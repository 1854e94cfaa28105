import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { isNumeric } from './expressions.ts'
import { boundIdentifiers } from './binding.ts'
import { outerNames } from './scope.ts'

/** What a name is bound to: an expression, or `true` and `false` for what certainly is or is not a number. */
type Source = SyntaxNode | boolean

const known = new WeakMap<SyntaxNode, ReadonlySet<string>>()

/** Names of a function that hold built-in numbers whatever happens: every binding of them gives one. */
export function numericNames(text: string, fn: SyntaxNode): ReadonlySet<string> {
  const cached = known.get(fn)
  if (cached) return cached
  const sources = sourcesOf(text, fn)
  for (const name of outerNames(text, fn)) sources.set(name, [false])
  const names = new Set(sources.keys())
  for (let before = -1; before !== names.size; ) {
    before = names.size
    for (const name of names) if (!sources.get(name)!.every((source) => gives(text, source, names))) names.delete(name)
  }
  known.set(fn, names)
  return names
}

function gives(text: string, source: Source, names: ReadonlySet<string>): boolean {
  return typeof source === 'boolean' ? source : isNumber(text, source, names)
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '//', '%', '&', '|', '^', '<<', '>>'])
/** Built-in functions that give a number or fail. */
const NUMBERS: ReadonlySet<string> = new Set(['len', 'int', 'ord', 'float'])

/**
 * True when the value is certainly a built-in number.
 *
 * @param names - names that hold one
 */
export function isNumber(text: string, node: SyntaxNode, names: ReadonlySet<string>): boolean {
  if (isNumeric(text, node)) return true
  if (node.type === 'identifier') return names.has(text.slice(node.start, node.end))
  if (node.type === 'parenthesized_expression')
    return namedChildren(node).every((child) => isNumber(text, child, names))
  if (node.type === 'call') {
    const callee = childByField(node, 'function')
    return callee?.type === 'identifier' && NUMBERS.has(text.slice(callee.start, callee.end))
  }
  const [left, operator, right] = node.children
  return (
    node.type === 'binary_operator' &&
    ARITHMETIC.has(operator?.type ?? '') &&
    [left, right].every((side) => side !== undefined && isNumber(text, side, names))
  )
}

function sourcesOf(text: string, fn: SyntaxNode): Map<string, Source[]> {
  const sources = new Map<string, Source[]>()
  const add = (name: SyntaxNode, source: Source): void => {
    const word = text.slice(name.start, name.end)
    sources.set(word, [...(sources.get(word) ?? []), source])
  }
  walkTree(fn, (node) => {
    for (const [target, source] of bindingsOf(text, node)) {
      if (target.type === 'identifier') add(target, source)
      else if (source === true) add(childByField(target, 'name') ?? target.children[0] ?? target, true)
      else for (const name of boundIdentifiers(target)) add(name, false)
    }
  })
  return sources
}

type Binding = readonly [target: SyntaxNode, source: Source]

/** How nodes of a type bind names. */
const BINDERS: Readonly<Record<string, (text: string, node: SyntaxNode) => readonly Binding[]>> = {
  assignment: (_, node) => assigned(node, childByField(node, 'right') ?? false),
  named_expression: (_, node) => assigned(node, childByField(node, 'value') ?? false),
  augmented_assignment: (_, node) => assigned(node, augmentedBy(node)),
  for_statement: (text, node) => assigned(node, isRange(text, childByField(node, 'right'))),
  for_in_clause: (_, node) => assigned(node, false),
  function_definition: (_, node) => assigned(node, false),
  class_definition: (_, node) => assigned(node, false),
  as_pattern: (_, node) => all([childByField(node, 'alias')]),
  aliased_import: (_, node) => all([childByField(node, 'alias')]),
  case_pattern: (_, node) => all(namedChildren(node)),
  import_statement: (_, node) => all(namedChildren(node)),
  import_from_statement: (_, node) => all(namedChildren(node)),
  parameters: (text, node) => namedChildren(node).map((child) => [child, annotatesNumber(text, child)]),
  lambda_parameters: (_, node) => all(namedChildren(node)),
}

function bindingsOf(text: string, node: SyntaxNode): readonly Binding[] {
  return BINDERS[node.type]?.(text, node) ?? []
}

function assigned(node: SyntaxNode, source: Source): Binding[] {
  const target = childByField(node, 'left') ?? childByField(node, 'name')
  return target ? [[target, source]] : []
}

function all(targets: readonly (SyntaxNode | null)[]): Binding[] {
  return targets.filter((target) => target !== null).map((target) => [target, false])
}

function augmentedBy(node: SyntaxNode): Source {
  const operator = (childByField(node, 'operator')?.type ?? '').slice(0, -1)
  return ARITHMETIC.has(operator) ? (childByField(node, 'right') ?? false) : false
}

/** `count: int`, whatever a caller does against its word. */
function annotatesNumber(text: string, parameter: SyntaxNode): boolean {
  const type = childByField(parameter, 'type')
  const named = parameter.children[0]?.type === 'identifier'
  return named && type !== null && /^(?:int|float)$/.test(text.slice(type.start, type.end))
}

function isRange(text: string, node: SyntaxNode | null): boolean {
  const callee = node?.type === 'call' ? childByField(node, 'function') : null
  return callee !== null && text.slice(callee.start, callee.end) === 'range'
}
