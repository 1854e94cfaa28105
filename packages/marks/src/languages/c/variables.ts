import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import type { Binding } from '../../internal/code/scoped-names.ts'

/** What its declaration says of a variable. */
export interface Variable {
  /** An ordinary variable of its own memory: no array, reference, static or volatile. */
  readonly plain: boolean
  /** A number or pointer: no class can give its operators a meaning. */
  readonly scalar: boolean
  /** A number and no pointer. */
  readonly number: boolean
  /** Name of its type, or of what it points to. */
  readonly type: string | null
}

/** Types of the C and POSIX headers that are numbers. */
const NUMBERS =
  /^(?:u?int(?:_fast|_least)?(?:8|16|32|64)_t|u?int(?:ptr|max)_t|size_t|ssize_t|ptrdiff_t|off_t|time_t|pid_t|uid_t|gid_t|mode_t|socklen_t|in_addr_t|in_port_t|wchar_t|u?int|u?char|u?short|u?long)$/
const SCALAR_TYPES: ReadonlySet<string> = new Set(['primitive_type', 'sized_type_specifier', 'enum_specifier'])
const SPECIAL = /\b(?:volatile|_Atomic|static|extern|register|thread_local|_Thread_local|__thread|constexpr|typedef)\b/

/** Variables by name; where several declarations share one, what holds for all of them. */
export function variablesIn(text: string, fn: SyntaxNode, bindings: readonly Binding[]): Map<string, Variable> {
  const out = new Map<string, Variable>()
  for (const { name } of bindings) {
    const word = text.slice(name.start, name.end)
    const fresh = variableOf(text, name, fn)
    const known = out.get(word)
    out.set(word, known ? merged(known, fresh) : fresh)
  }
  return out
}

function merged(a: Variable, b: Variable): Variable {
  return {
    plain: a.plain && b.plain,
    scalar: a.scalar && b.scalar,
    number: a.number && b.number,
    type: a.type === b.type ? a.type : null,
  }
}

function variableOf(text: string, name: SyntaxNode, fn: SyntaxNode): Variable {
  let declarator = name
  let at: SyntaxNode = name
  for (let up = name.parent; up && up !== fn; up = up.parent) {
    if (childByField(up, 'type')) {
      declarator = at
      const head = text.slice(up.start, declarator.start)
      const type = childByField(up, 'type')!
      const plain = !SPECIAL.test(head) && isPlainDeclarator(declarator)
      const scalar = isScalarType(text, up, declarator)
      return { plain, scalar, number: scalar && !hasPointer(declarator), type: typeName(text, type) }
    }
    at = up
  }
  return { plain: false, scalar: false, number: false, type: null }
}

function hasPointer(declarator: SyntaxNode): boolean {
  const inner = declarator.type === 'init_declarator' ? childByField(declarator, 'declarator') : declarator
  return inner?.type === 'pointer_declarator'
}

/** `name`, `*name` or either with a value. */
function isPlainDeclarator(node: SyntaxNode): boolean {
  if (node.type === 'identifier') return true
  if (node.type !== 'init_declarator' && node.type !== 'pointer_declarator') return false
  const inner = childByField(node, 'declarator')
  return inner !== null && isPlainDeclarator(inner)
}

/** True when a declaration makes a number or a pointer of what the declarator names. */
export function isScalarType(text: string, declaration: SyntaxNode, declarator: SyntaxNode): boolean {
  const inner = declarator.type === 'init_declarator' ? childByField(declarator, 'declarator') : declarator
  if (inner?.type === 'pointer_declarator') return true
  if (inner?.type !== 'identifier' && inner?.type !== 'field_identifier') return false
  const type = childByField(declaration, 'type')
  if (!type) return false
  return SCALAR_TYPES.has(type.type) || NUMBERS.test(text.slice(type.start, type.end).replace(/^(?:::)?std::/, ''))
}

function typeName(text: string, type: SyntaxNode): string | null {
  const name = type.type === 'type_identifier' ? type : childByField(type, 'name')
  return name ? text.slice(name.start, name.end) : null
}
