import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Nodes that start a scope of locals which nothing inside it or around it shares. */
export const HARD_SCOPES: ReadonlySet<string> = new Set([
  'program',
  'method',
  'singleton_method',
  'class',
  'module',
  'singleton_class',
])
/** Closures: they see the locals around them and may run at another time. */
export const CLOSURES: ReadonlySet<string> = new Set(['block', 'do_block', 'lambda'])

/** Ways to look locals up by their spelling. */
const REFLECTION: ReadonlySet<string> = new Set(
  (
    'binding eval instance_eval class_eval module_eval local_variables local_variable_get local_variable_set local_variable_defined? ' +
    'TracePoint RubyVM set_trace_func'
  ).split(' '),
)
/** Ways to see in which order things were defined, or how parameters are called. */
const LISTING: ReadonlySet<string> = new Set(
  (
    'method_added singleton_method_added const_added methods instance_methods public_instance_methods private_instance_methods ' +
    'public_methods private_methods protected_methods singleton_methods constants instance_variables to_yaml inspect sig parameters'
  ).split(' '),
)

/** True when code in a scope could look its locals up by their spelling. */
export function usesReflection(text: string, unit: SyntaxNode): boolean {
  let found = false
  walkScope(unit, (node) => {
    if (node.type === 'identifier' || node.type === 'constant')
      found ||= REFLECTION.has(text.slice(node.start, node.end))
  })
  return found
}

const listing = new WeakMap<SyntaxNode, ReadonlySet<string>>()

/** The ways to list definitions that code anywhere in the tree of `node` uses. */
export function listingsIn(text: string, node: SyntaxNode): ReadonlySet<string> {
  let root = node
  while (root.parent) root = root.parent
  const known = listing.get(root)
  if (known) return known
  const found = new Set<string>()
  walkTree(root, (inner) => {
    const word = inner.type === 'identifier' ? text.slice(inner.start, inner.end) : ''
    if (LISTING.has(word)) found.add(word)
  })
  listing.set(root, found)
  return found
}

/** True when code around could tell in which order methods or constants were defined. */
export function listsDefinitions(text: string, node: SyntaxNode): boolean {
  return [...listingsIn(text, node)].some((word) => /method|constants|sig|const_added/.test(word))
}

/** The method, class, module or program whose locals a node sees. */
export function hardScope(node: SyntaxNode): SyntaxNode {
  let at = node
  while (at.parent && !(HARD_SCOPES.has(at.type) && at !== node)) at = at.parent
  return at
}

/** A name bound in a scope, and the closure or hard scope it belongs to. */
export interface Binding {
  readonly name: SyntaxNode
  readonly scope: SyntaxNode
  /** True when callers use the name: keyword parameters. */
  readonly fixed: boolean
}

const TARGET_LISTS: ReadonlySet<string> = new Set([
  'left_assignment_list',
  'destructured_left_assignment',
  'rest_assignment',
])
const PARAMETER_LISTS: ReadonlySet<string> = new Set([
  'method_parameters',
  'block_parameters',
  'lambda_parameters',
  'destructured_parameter',
])
const PARAMETERS: ReadonlySet<string> = new Set([
  'optional_parameter',
  'splat_parameter',
  'hash_splat_parameter',
  'block_parameter',
  'keyword_parameter',
])

/** Every identifier that binds a local in a hard scope, in text order. */
export function bindingsIn(unit: SyntaxNode): Binding[] {
  const out: Binding[] = []
  walkScope(unit, (node) => {
    if (node.type === 'identifier' && binds(node))
      out.push({ name: node, scope: scopeOf(node, unit), fixed: node.parent?.type === 'keyword_parameter' })
  })
  return out
}

/** Visits the nodes of one hard scope, not those of scopes inside it. */
export function walkScope(unit: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  walkTree(unit, (node) => {
    if (node !== unit && HARD_SCOPES.has(node.type)) return false
    visit(node)
    return true
  })
}

function binds(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent) return false
  if (parent.type === 'assignment' || parent.type === 'operator_assignment') return node.field === 'left'
  if (TARGET_LISTS.has(parent.type) || PARAMETER_LISTS.has(parent.type)) return true
  if (PARAMETERS.has(parent.type)) return node.field === 'name'
  return parent.type === 'exception_variable' || (parent.type === 'for' && node.field === 'pattern')
}

function scopeOf(node: SyntaxNode, unit: SyntaxNode): SyntaxNode {
  for (let at = node.parent; at && at !== unit; at = at.parent) if (CLOSURES.has(at.type)) return at
  return unit
}

/** Locals that certainly exist where `node` stands. */
export function localsAt(text: string, bindings: readonly Binding[], node: SyntaxNode): Set<string> {
  const inside = (scope: SyntaxNode): boolean => scope.start <= node.start && node.end <= scope.end
  const known = bindings.filter(({ name, scope }) => name.end <= node.start && inside(scope))
  return new Set(known.map(({ name }) => text.slice(name.start, name.end)))
}

const NAMES: ReadonlySet<string> = new Set([
  'identifier',
  'instance_variable',
  'class_variable',
  'global_variable',
  'constant',
])

/** Every name a node mentions: locals, methods without receiver, variables of all kinds, constants. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    const method = inner.field === 'method' && inner.parent !== null && childByField(inner.parent, 'receiver') !== null
    if (NAMES.has(inner.type) && !method) names.add(text.slice(inner.start, inner.end))
    else if (inner.type === 'hash_key_symbol') names.add(text.slice(inner.start, inner.end))
  })
  return names
}

/** Names mentioned in closures of a scope, which may run at another time than where they stand. */
export function capturedNames(text: string, unit: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkScope(unit, (node) => {
    if (CLOSURES.has(node.type)) for (const name of namesIn(text, node)) names.add(name)
  })
  return names
}

/** True when an exception raised at `node` may be handled, or seen, before it leaves `unit`. */
export function insideRescue(node: SyntaxNode, unit: SyntaxNode): boolean {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.children.some((child) => child.type === 'rescue' || child.type === 'ensure')) return true
    if (at.type === 'rescue_modifier') return true
    if (at === unit) return false
  }
  return false
}
