import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { Binding } from '../../internal/code/scoped-names.ts'

const WRAPPERS: ReadonlySet<string> = new Set([
  'init_declarator',
  'pointer_declarator',
  'array_declarator',
  'function_declarator',
  'parenthesized_declarator',
  'reference_declarator',
  'attributed_declarator',
  'structured_binding_declarator',
])

/** Names that a declarator declares: one, or those of a structured binding. */
export function declaredNames(declarator: SyntaxNode): SyntaxNode[] {
  if (!WRAPPERS.has(declarator.type)) return [declarator]
  if (declarator.type === 'structured_binding_declarator')
    return namedChildren(declarator).filter((child) => child.type === 'identifier')
  const inner = childByField(declarator, 'declarator') ?? namedChildren(declarator)[0]
  return inner ? declaredNames(inner) : []
}

/** Declarators of a declaration or a parameter. */
export function declaratorsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === 'declarator')
}

/** The part of a declarator that makes it a function, unless a pointer to one is declared. */
export function functionDeclarator(node: SyntaxNode): SyntaxNode | null {
  const at = innermost(node, 'function_declarator')
  const inner = at && childByField(at, 'declarator')
  return inner && inner.type !== 'parenthesized_declarator' ? at : null
}

function innermost(node: SyntaxNode, type: string): SyntaxNode | null {
  let found: SyntaxNode | null = null
  for (let at: SyntaxNode | null | undefined = node; at && WRAPPERS.has(at.type); at = next(at))
    if (at.type === type) found = at
  return found
}

function next(node: SyntaxNode): SyntaxNode | null | undefined {
  return childByField(node, 'declarator') ?? namedChildren(node)[0]
}

/** The function's own declarator, and its name, of a definition or prototype. */
export function functionName(node: SyntaxNode): SyntaxNode | null {
  for (const declarator of declaratorsOf(node)) {
    const fn = functionDeclarator(declarator)
    if (fn) return childByField(fn, 'declarator')
  }
  return null
}

const SCOPES: ReadonlySet<string> = new Set([
  'compound_statement',
  'for_statement',
  'for_range_loop',
  'if_statement',
  'while_statement',
  'switch_statement',
  'catch_clause',
  'lambda_expression',
  'function_definition',
  'translation_unit',
])

/** Variables and parameters this node (not its descendants) declares, with where they are seen. */
export function bindingsOf(node: SyntaxNode): Binding[] {
  if (node.type === 'declaration') return declarationBindings(node)
  if (node.type === 'for_range_loop')
    return of(declaratorsOf(node), node, childByField(node, 'body')?.start ?? node.end)
  if (node.type.endsWith('parameter_declaration')) return parameterBindings(node)
  return []
}

function declarationBindings(node: SyntaxNode): Binding[] {
  const scope = scopeOf(node)
  return declaratorsOf(node).flatMap((declarator) =>
    functionDeclarator(declarator) ? [] : of([declarator], scope, declarator.end),
  )
}

/** Parameters of the function, lambda or handler that has a body; those of function types and prototypes name nothing. */
function parameterBindings(node: SyntaxNode): Binding[] {
  const list = node.parent
  const owner = list?.parent?.type.endsWith('function_declarator') ? ownerOf(list.parent) : list?.parent
  const body = owner && childByField(owner, 'body')
  if (!list || !owner || !body) return []
  const scope = owner.type === 'function_definition' ? { start: list.start, end: body.end } : owner
  const parameter = owner.type !== 'catch_clause'
  return of(declaratorsOf(node), scope, list.end).map((binding) => ({ ...binding, parameter }))
}

/** The definition whose own declarator this is. */
function ownerOf(declarator: SyntaxNode): SyntaxNode | null {
  let at = declarator
  while (at.parent && WRAPPERS.has(at.parent.type)) at = at.parent
  const owner = at.parent
  if (owner?.type === 'lambda_expression') return owner
  return owner?.type === 'function_definition' && functionDeclarator(at) === declarator ? owner : null
}

function of(
  declarators: readonly SyntaxNode[],
  scope: { readonly start: number; readonly end: number },
  from: number,
): Binding[] {
  return declarators
    .flatMap(declaredNames)
    .filter((name) => name.type === 'identifier')
    .map((name) => ({ name, scope, from }))
}

function scopeOf(node: SyntaxNode): SyntaxNode {
  let at = node
  while (at.parent && !(at !== node && SCOPES.has(at.type))) at = at.parent
  return at
}

/** Every variable and parameter declared inside a node. */
export function bindingsIn(root: SyntaxNode): Binding[] {
  const out: Binding[] = []
  walkTree(root, (node) => {
    out.push(...bindingsOf(node))
  })
  return out
}
