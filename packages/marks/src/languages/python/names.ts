import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { boundIdentifiers } from './binding.ts'
import { parametersOf } from './parameters.ts'
import type { PrivateFunction } from './private-functions.ts'
import { outerNames, usesReflection } from './scope.ts'

/**
 * Local variables of outermost functions and methods that have natural synonyms, and parameters of private functions that no caller names.
 *
 * @param reserved - words that other sites of the file may show
 */
export function localNames(
  text: string,
  root: SyntaxNode,
  functions: readonly PrivateFunction[],
  reserved: Iterable<string>,
): SiteDraft[] {
  const outside = new Set([...namesOutsideFunctions(text, root), ...reserved])
  const known = new Map(functions.map((one) => [one.node, one] as const))
  return outermostFunctions(root).flatMap((fn) => namesOfFunction(text, fn, outside, known))
}

function outermostFunctions(root: SyntaxNode): SyntaxNode[] {
  const out: SyntaxNode[] = []
  walkTree(root, (node) => {
    if (node.type !== 'function_definition') return true
    out.push(node)
    return false
  })
  return out
}

function namesOutsideFunctions(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'function_definition') {
      const name = childByField(node, 'name')
      if (name) names.add(text.slice(name.start, name.end))
      return false
    }
    if (node.type === 'identifier') names.add(text.slice(node.start, node.end))
    return true
  })
  return names
}

const UNSURE: ReadonlySet<string> = new Set([
  'match_statement',
  'class_definition',
  'type_alias_statement',
  'exec_statement',
])

function namesOfFunction(
  text: string,
  fn: SyntaxNode,
  outside: ReadonlySet<string>,
  functions: ReadonlyMap<SyntaxNode, PrivateFunction>,
): SiteDraft[] {
  if (usesReflection(text, fn)) return []
  const { uses, fixed, unsure } = identifiers(text, fn)
  if (unsure) return []
  const parameters = parametersOf(text, fn, functions, outside)
  for (const name of [...outerNames(text, fn), ...parameters.closed]) fixed.add(name)
  const namer = createNamer([...uses.keys(), ...outside, ...fixed], 'snake')
  const drafts: SiteDraft[] = []
  for (const [name, scopes] of boundLocals(text, fn, parameters.open)) {
    const spans = uses.get(name) ?? []
    if (spans.length < 2 || fixed.has(name) || !spans.every((use) => isSeen(use, scopes))) continue
    const words = namer(name)
    if (words) drafts.push(nameDraft(spans, words, parameters.open.has(name) ? 'parameter-name' : 'local-name'))
  }
  return drafts
}

function isSeen(use: Span, scopes: readonly Span[]): boolean {
  return scopes.some((scope) => scope.start <= use.start && use.end <= scope.end)
}

/** `f"{name=}"` shows the name. */
function printsName(node: SyntaxNode): boolean {
  return node.type === 'interpolation' && node.children.some((child) => child.type === '=')
}

interface Identifiers {
  /** Spans by name, in text order. */
  readonly uses: Map<string, Span[]>
  /** Names that must stay. */
  readonly fixed: Set<string>
  readonly unsure: boolean
}

function identifiers(text: string, fn: SyntaxNode): Identifiers {
  const uses = new Map<string, Span[]>()
  const fixed = new Set<string>()
  let unsure = false
  walkTree(fn, (node) => {
    unsure ||= UNSURE.has(node.type) || printsName(node)
    if (node.type !== 'identifier') return
    if (node.field === 'attribute' || (node.field === 'name' && node.parent?.type === 'keyword_argument')) return
    const name = text.slice(node.start, node.end)
    if (KEEPS_NAMES.has(node.parent?.type ?? '')) fixed.add(name)
    uses.set(name, [...(uses.get(name) ?? []), { start: node.start, end: node.end }])
  })
  return { uses, fixed, unsure }
}

/** Nodes whose names mean something outside the function, or cannot be understood. */
const KEEPS_NAMES: ReadonlySet<string> = new Set(['dotted_name', 'aliased_import', 'ERROR'])

const TARGETS: Readonly<Record<string, string>> = {
  assignment: 'left',
  for_statement: 'left',
  for_in_clause: 'left',
  as_pattern: 'alias',
  named_expression: 'name',
}

const SCOPES: ReadonlySet<string> = new Set([
  'function_definition',
  'lambda',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
])

/** Names bound in a function and the functions and comprehensions inside it, with the scopes that bind them. */
function boundLocals(
  text: string,
  fn: SyntaxNode,
  parameters: ReadonlyMap<string, SyntaxNode>,
): Map<string, SyntaxNode[]> {
  const names = new Map<string, SyntaxNode[]>([...parameters].map(([name, scope]) => [name, [scope]]))
  walkTree(fn, (node) => {
    const field = TARGETS[node.type]
    const target = field === undefined ? null : childByField(node, field)
    const scope = target && scopeOf(node, fn)
    for (const name of target ? boundIdentifiers(target) : []) {
      const word = text.slice(name.start, name.end)
      names.set(word, [...(names.get(word) ?? []), scope ?? fn])
    }
  })
  return names
}

function scopeOf(node: SyntaxNode, fn: SyntaxNode): SyntaxNode {
  for (let at = node.parent; at && at !== fn; at = at.parent) if (SCOPES.has(at.type)) return at
  return fn
}
