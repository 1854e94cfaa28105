import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { bindingsOf, type TypedBinding } from './bindings.ts'

/** What is known of one outermost method. */
export interface MethodScene {
  readonly method: SyntaxNode
  readonly bindings: readonly TypedBinding[]
  /** Declared types, as written, of local variables and parameters that have one type only and are no field of a class inside the method. */
  readonly types: ReadonlyMap<string, string>
  /** Text of the file's import declarations. */
  readonly imports: string
}

const known = new WeakMap<SyntaxNode, MethodScene>()

/** Looks a method over once. */
export function methodScene(text: string, method: SyntaxNode): MethodScene {
  const cached = known.get(method)
  if (cached) return cached
  const bindings: TypedBinding[] = []
  const types = new Map<string, string>()
  walkTree(method, (node) => {
    for (const binding of bindingsOf(node)) {
      bindings.push(binding)
      const name = text.slice(binding.name.start, binding.name.end)
      const field = node.type === 'field_declaration'
      const type = binding.type && !field ? text.slice(binding.type.start, binding.type.end) : ''
      types.set(name, (types.get(name) ?? type) === type ? type : '')
    }
  })
  const scene = { method, bindings, types, imports: importsOf(text, method) }
  known.set(method, scene)
  return scene
}

function importsOf(text: string, node: SyntaxNode): string {
  let root = node
  while (root.parent) root = root.parent
  return root.children
    .filter((child) => child.type === 'import_declaration')
    .map((child) => text.slice(child.start, child.end))
    .join('\n')
}
