import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { declaredIn, FUNCTIONS, importedNames } from './bindings.ts'
import { type Names, namesIn } from './expressions.ts'

/** What is known of a whole file. */
export interface FileScene {
  readonly text: string
  readonly names: Names
  /** Constants declared in this file. */
  readonly constants: ReadonlySet<string>
  /** Fields of struct types declared in this file, by type name. */
  readonly structs: ReadonlyMap<string, ReadonlySet<string>>
}

/** Looks a file over once. */
export function fileScene(text: string, root: SyntaxNode): FileScene {
  const constants = new Set<string>()
  const structs = new Map<string, ReadonlySet<string>>()
  const variables = declaredIn(text, root, (binding) => binding.name.parent?.type !== 'const_spec')
  const shadowed = declaredIn(text, root)
  walkTree(root, (node) => {
    const name = childByField(node, 'name')
    if (!name) return
    const word = text.slice(name.start, name.end)
    if (node.type === 'const_spec') for (const constant of namesOf(text, node)) constants.add(constant)
    if (node.type === 'function_declaration' || node.type === 'type_spec') shadowed.add(word)
    const type = node.type === 'type_spec' ? childByField(node, 'type') : null
    if (type?.type === 'struct_type') structs.set(word, fieldsOf(text, type))
  })
  return { text, names: { imported: importedNames(text, root), shadowed, variables }, constants, structs }
}

function namesOf(text: string, spec: SyntaxNode): string[] {
  return spec.children.filter((child) => child.field === 'name').map((name) => text.slice(name.start, name.end))
}

/** Fields with a name of their own; an embedded one may share its memory with names that its type promotes. */
function fieldsOf(text: string, struct: SyntaxNode): Set<string> {
  const list = namedChildren(struct).find((child) => child.type === 'field_declaration_list')
  const fields = list ? namedChildren(list) : []
  return new Set(fields.flatMap((field) => namesOf(text, field)))
}

/** What is known of one function. */
export interface FunctionScene {
  readonly file: FileScene
  readonly fn: SyntaxNode
  /** Variables, parameters and results declared in it. */
  readonly own: ReadonlySet<string>
  /** Names that other code may see or change while a statement runs. */
  readonly shared: ReadonlySet<string>
  /** Name and struct fields of the receiver, when its type is declared in this file. */
  readonly receiver: { readonly name: string; readonly fields: ReadonlySet<string> } | null
}

/** Null where control may jump about. */
export function functionScene(file: FileScene, fn: SyntaxNode): FunctionScene | null {
  const { text } = file
  const shared = new Set<string>()
  let jumps = false
  walkTree(fn, (node) => {
    jumps ||= node.type === 'goto_statement'
    for (const name of exposedBy(text, node, fn)) shared.add(name)
  })
  const result = childByField(fn, 'result')
  if (result) for (const name of namesIn(text, result)) shared.add(name)
  return jumps ? null : { file, fn, own: declaredIn(text, fn), shared, receiver: receiverOf(file, fn) }
}

/** Names that this node lets others reach: captured by a closure, their address taken, sliced, or with a method called on them. */
function exposedBy(text: string, node: SyntaxNode, fn: SyntaxNode): Iterable<string> {
  if (FUNCTIONS.has(node.type)) return node === fn ? [] : namesIn(text, node)
  const operand = exposedOperand(node)
  return operand ? namesIn(text, operand) : []
}

function exposedOperand(node: SyntaxNode): SyntaxNode | null {
  if (node.type === 'unary_expression')
    return childByField(node, 'operator')?.type === '&' ? childByField(node, 'operand') : null
  if (node.type === 'slice_expression') return childByField(node, 'operand')
  if (node.type !== 'selector_expression') return null
  return node.field === 'function' || node.parent?.type !== 'selector_expression' ? childByField(node, 'operand') : null
}

function receiverOf({ text, structs }: FileScene, fn: SyntaxNode): FunctionScene['receiver'] {
  const receiver = childByField(fn, 'receiver')
  const parameter = receiver && namedChildren(receiver)[0]
  const name = parameter && childByField(parameter, 'name')
  const type = parameter && childByField(parameter, 'type')
  if (!name || !type) return null
  const fields = structs.get(text.slice(type.start, type.end).replace(/^\*/, '').trim())
  return fields ? { name: text.slice(name.start, name.end), fields } : null
}
