import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { bindingsIn, declaredNames, declaratorsOf, functionName } from './declarators.ts'
import { isScalarType, type Variable, variablesIn } from './variables.ts'

/** What is known of a whole file. */
export interface FileScene {
  readonly text: string
  readonly cpp: boolean
  /** Words in the values of the macros that this file defines. */
  readonly macros: ReadonlyMap<string, readonly string[]>
  /** Macros whose value is one literal, and enumerators. */
  readonly constants: ReadonlySet<string>
  /** Offset of the first prototype of a function. */
  readonly prototypes: ReadonlyMap<string, number>
  /** Direct fields of struct types by tag and typedef name, and whether they are scalars. Fields of unions share their memory and are left out. */
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, boolean>>
  /** True when the order of two reads may be seen from outside. */
  readonly hasVolatile: boolean
}

/** Looks a file over once. */
export function fileScene(text: string, root: SyntaxNode, cpp: boolean): FileScene {
  const macros = new Map<string, readonly string[]>()
  const constants = new Set<string>()
  const prototypes = new Map<string, number>()
  const structs = new Map<string, ReadonlyMap<string, boolean>>()
  walkTree(root, (node) => {
    const macro = macroOf(text, node)
    if (macro) macros.set(macro.name, macro.words)
    if (macro?.constant || node.type === 'enumerator') constants.add(macro?.name ?? nameOf(text, node))
    const prototype = node.type === 'declaration' ? functionName(node) : null
    const name = prototype ? text.slice(prototype.start, prototype.end) : null
    if (name !== null && !prototypes.has(name)) prototypes.set(name, node.start)
    for (const [type, fields] of structFields(text, node)) structs.set(type, fields)
  })
  return { text, cpp, macros, constants, prototypes, structs, hasVolatile: /\bvolatile\b/.test(text) }
}

function nameOf(text: string, node: SyntaxNode): string {
  const name = childByField(node, 'name')
  return name ? text.slice(name.start, name.end) : ''
}

interface Macro {
  readonly name: string
  /** Words of its value. */
  readonly words: readonly string[]
  readonly constant: boolean
}

function macroOf(text: string, node: SyntaxNode): Macro | null {
  if (node.type !== 'preproc_def' && node.type !== 'preproc_function_def') return null
  const value = childByField(node, 'value')
  const words = value ? (text.slice(value.start, value.end).match(/\w+/g) ?? []) : []
  const constant = node.type === 'preproc_def' && value?.type.endsWith('_literal') === true
  return { name: nameOf(text, node), words, constant }
}

function structFields(text: string, node: SyntaxNode): [string, ReadonlyMap<string, boolean>][] {
  const body = node.type === 'struct_specifier' ? childByField(node, 'body') : null
  if (!body) return []
  const fields = new Map<string, boolean>()
  for (const field of namedChildren(body).filter((child) => child.type === 'field_declaration'))
    for (const declarator of declaratorsOf(field))
      for (const name of declaredNames(declarator))
        fields.set(text.slice(name.start, name.end), isScalarType(text, field, declarator))
  const outer = node.parent?.type === 'type_definition' ? declaratorsOf(node.parent) : []
  const names = [childByField(node, 'name'), ...outer].filter((name) => name?.type === 'type_identifier')
  return names.map((name) => [text.slice(name!.start, name!.end), fields])
}

/** True for names that are most often macros: what stands in their brackets may be looked at as text, or control may leave there. */
export function isMacroLike(name: string, macros: FileScene['macros']): boolean {
  return macros.has(name) || name === 'assert' || /^[A-Z][A-Z0-9_]+$/.test(name)
}

/** What is known of one function. */
export interface FunctionScene {
  readonly file: FileScene
  readonly fn: SyntaxNode
  readonly variables: ReadonlyMap<string, Variable>
  /** Variables that other code may see or change while a statement runs. */
  readonly shared: ReadonlySet<string>
}

/** Code after which nothing is certain: control that comes back a second time, assembly, text the grammar does not understand. */
const UNSURE = /\b(?:sig)?(?:_?setjmp|longjmp|vfork|__asm__|asm|alloca)\b|__COUNTER__/

/** Null where the function cannot be understood. */
export function functionScene(file: FileScene, fn: SyntaxNode): FunctionScene | null {
  const { text, cpp } = file
  if (UNSURE.test(text.slice(fn.start, fn.end)) || hasErrors(fn)) return null
  const shared = new Set<string>()
  walkTree(fn, (node) => {
    for (const exposed of exposedBy(node, cpp)) for (const name of identifiersIn(text, exposed)) shared.add(name)
  })
  return { file, fn, variables: variablesIn(text, fn, bindingsIn(fn)), shared }
}

/** True when the parser had to skip or make up text. */
export function hasErrors(root: SyntaxNode): boolean {
  let found = false
  walkTree(root, (node) => {
    found ||= node.type === 'ERROR' || node.missing
    return !found
  })
  return found
}

/** Parts of a node that others may keep a reference to: operands of `&`; in C++ also arguments, objects of calls and what references bind. */
export function exposedBy(node: SyntaxNode, cpp: boolean): readonly SyntaxNode[] {
  if (node.type === 'pointer_expression') return hasChild(node, '&') ? namedChildren(node) : []
  return cpp ? exposedInCpp(node) : []
}

function exposedInCpp(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.type) {
    case 'argument_list':
    case 'lambda_expression':
      return [node]
    case 'call_expression':
      return node.children.filter((child) => child.type === 'field_expression')
    case 'binary_expression':
      return hasChild(node, '>>') ? [node] : []
    case 'init_declarator':
      return childByField(node, 'declarator')?.type === 'reference_declarator' ? [node] : []
    case 'for_range_loop':
      return node.children.filter((child) => child.field === 'right')
    default:
      return []
  }
}

function hasChild(node: SyntaxNode, type: string): boolean {
  return node.children.some((child) => child.type === type)
}

/** Identifiers that could be variables. */
export function identifiersIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type === 'identifier') names.add(text.slice(inner.start, inner.end))
  })
  return names
}
