import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'

/** What the erased tree is for: reading sees only what is left after compiling, finding must not lose sight of what has to stay together. */
export type Purpose = 'finding' | 'reading'

interface Draft extends SyntaxNode {
  parent: Draft | null
  children: Draft[]
}

/** Nodes that compiling takes away without a trace. */
export const TYPE_ONLY: ReadonlySet<string> = new Set([
  'type_annotation',
  'type_arguments',
  'type_parameters',
  'asserts_annotation',
  'type_predicate_annotation',
  'implements_clause',
  'interface_declaration',
  'type_alias_declaration',
  'ambient_declaration',
  'abstract_method_signature',
  'index_signature',
  'accessibility_modifier',
  'override_modifier',
])
const SIGNATURES: ReadonlySet<string> = new Set(['function_signature', 'method_signature'])
/** An expression and a statement about its type. */
const TYPED: ReadonlySet<string> = new Set([
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'type_assertion',
  'instantiation_expression',
])
const PARAMETERS: ReadonlySet<string> = new Set(['required_parameter', 'optional_parameter'])
const LISTS: ReadonlySet<string> = new Set(['program', 'statement_block', 'class_body'])
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['public_field_definition', 'field_definition'],
  ['abstract_class_declaration', 'class_declaration'],
])

/**
 * The tree of the JavaScript that a TypeScript tree compiles to, with the offsets of the original: types are gone, parameters are patterns.
 * For finding, overloads belong to their implementation and decorators to their member, so that they move together; expressions with a
 * statement about their type stay as they are, which no JavaScript analysis knows.
 */
export function eraseTypes(root: SyntaxNode, purpose: Purpose): SyntaxNode {
  return converted(root, null, root.field, purpose)!
}

function converted(node: SyntaxNode, parent: Draft | null, field: string | null, purpose: Purpose): Draft | null {
  if (isTypeOnly(node) || (SIGNATURES.has(node.type) && purpose === 'reading')) return null
  if (PARAMETERS.has(node.type)) return parameter(node, parent, purpose)
  if (TYPED.has(node.type) && purpose === 'reading') {
    const inner = node.children.find((child) => child.named && !TYPE_ONLY.has(child.type))
    return inner ? converted(inner, parent, field, purpose) : null
  }
  const own: Draft = { ...node, type: erasedType(node), field: erasedField(node, field), parent, children: [] }
  own.children.push(...childrenOf(node, own, purpose))
  return own
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (TYPE_ONLY.has(node.type)) return true
  if (node.type !== 'import_statement' && node.type !== 'export_statement') return false
  const declaration = childByField(node, 'declaration')
  return (
    (declaration !== null && TYPE_ONLY.has(declaration.type)) || node.children.some((child) => child.type === 'type')
  )
}

function erasedType(node: SyntaxNode): string {
  const names = node.type === 'type_identifier' && node.field === 'name' && /class/.test(node.parent?.type ?? '')
  return names ? 'identifier' : (RENAMED.get(node.type) ?? node.type)
}

function erasedField(node: SyntaxNode, field: string | null): string | null {
  return field === 'name' && node.parent?.type === 'public_field_definition' ? 'property' : field
}

function childrenOf(node: SyntaxNode, own: Draft, purpose: Purpose): Draft[] {
  if (TYPED.has(node.type)) {
    const inner = node.children.find((child) => child.named && !TYPE_ONLY.has(child.type))
    const kept = inner ? [converted(inner, own, inner.field, purpose)].filter((child) => child !== null) : []
    return node.type === 'non_null_expression' ? kept.map(withUnknownEnd) : kept
  }
  const children = node.children.flatMap((child) =>
    child.type === 'extends_clause' ? childrenOf(child, own, purpose) : [converted(child, own, child.field, purpose)],
  )
  const kept = children.filter((child) => child !== null)
  return purpose === 'finding' && LISTS.has(node.type) ? withTheirOwn(kept) : kept
}

const ENDS_OPEN = /^(?:binary|unary|ternary|assignment|augmented_assignment|await|yield)_expression$/

/** In `a < b!` the grammar takes the sign for one of the whole: operations that end where it stands become what no analysis knows. */
function withUnknownEnd(node: Draft): Draft {
  for (
    let at: Draft | undefined = node;
    at && ENDS_OPEN.test(at.type);
    at = at.children.findLast((child) => child.named)
  )
    Object.assign(at, { type: 'typed_operation' })
  return node
}

/** `x: T = 1` as the pattern `x = 1`; a `this` parameter is only a type. */
function parameter(node: SyntaxNode, parent: Draft | null, purpose: Purpose): Draft | null {
  const pattern = childByField(node, 'pattern')
  const value = childByField(node, 'value')
  if (!pattern || pattern.type === 'this') return null
  if (!value) return converted(pattern, parent, null, purpose)
  const own: Draft = { ...node, type: 'assignment_pattern', field: null, parent, children: [] }
  const sides = [converted(pattern, own, 'left', purpose), converted(value, own, 'right', purpose)]
  own.children.push(...sides.filter((side) => side !== null))
  return own
}

/** Decorators and overloads become part of the member or function they come before. */
function withTheirOwn(children: readonly Draft[]): Draft[] {
  const out: Draft[] = []
  let waiting: Draft[] = []
  for (const child of children) {
    const between = child.type === 'comment' || child.type === ';'
    if (child.type === 'decorator' || signatureIn(child) || (between && waiting.length > 0)) {
      waiting.push(child)
      continue
    }
    out.push(waiting.length > 0 ? extended(child, waiting) : child)
    waiting = []
  }
  return [...out, ...waiting]
}

function signatureIn(node: Draft): boolean {
  return SIGNATURES.has(node.type) || node.children.some((child) => SIGNATURES.has(child.type))
}

function extended(node: Draft, before: readonly Draft[]): Draft {
  const own: Draft = { ...node, start: before[0]!.start, children: [] }
  for (const child of [...before.map((one) => ({ ...one, field: null })), ...node.children])
    own.children.push(Object.assign(child, { parent: own }))
  return own
}
