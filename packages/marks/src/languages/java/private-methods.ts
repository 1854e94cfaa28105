import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import { nameOf, takenWords } from './names.ts'

/** Methods that every class inherits, and those that serialisation looks up. */
const KNOWN =
  'toString equals hashCode clone finalize getClass notify notifyAll wait readObject writeObject readResolve writeReplace readObjectNoData main'

/**
 * Names of private methods that are declared once in the file and otherwise only called on `this` or by name alone, in classes that inherit
 * nothing whose methods the new name could meet. A name that stands anywhere else, in a string, a comment or a method reference, stays.
 */
export function privateMethodNames(text: string, root: SyntaxNode): SiteDraft[] {
  if (/\bgetDeclaredMethods?\b|\bMethodHandles\b/.test(text)) return []
  const namer = createNamer([...takenWords(text), ...KNOWN.split(' ')], 'camel', 'action')
  const drafts: SiteDraft[] = []
  walkTree(root, (node) => {
    const name = node.type === 'method_declaration' && isPrivate(node) ? nameOf(text, node) : ''
    const uses = name === '' ? null : usesOf(text, root, name)
    const words = uses && uses.length > 1 ? namer(name) : null
    if (uses && words)
      drafts.push(
        nameDraft(
          uses.map(({ start, end }) => ({ start, end })),
          words,
          'function-name',
        ),
      )
  })
  return drafts
}

function isPrivate(method: SyntaxNode): boolean {
  const modifiers = method.children.find((child) => child.type === 'modifiers')?.children ?? []
  const owner = method.parent?.parent
  if (!owner || !/^(?:class|enum|record)_declaration$/.test(owner.type)) return false
  if (childByField(owner, 'superclass') || childByField(owner, 'interfaces')) return false
  return (
    modifiers.some((child) => child.type === 'private') &&
    !modifiers.some((child) => child.type.endsWith('annotation') || child.type === 'native')
  )
}

/** Declaration and calls, when these are all that the text says of the name; else null. */
function usesOf(text: string, root: SyntaxNode, name: string): SyntaxNode[] | null {
  const uses: SyntaxNode[] = []
  let declared = 0
  let plain = true
  walkTree(root, (node) => {
    if (node.type !== 'identifier' || text.slice(node.start, node.end) !== name) return
    uses.push(node)
    if (node.parent?.type === 'method_declaration') declared++
    else plain &&= isOwnCall(node)
  })
  const mentions = text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0
  return plain && declared === 1 && mentions === uses.length ? uses : null
}

function isOwnCall(node: SyntaxNode): boolean {
  const call = node.parent
  if (call?.type !== 'method_invocation' || node.field !== 'name') return false
  const object = childByField(call, 'object')
  return object === null || object.type === 'this'
}
