import { parseTree, type SyntaxNode, type SyntaxTree } from '@sigillo/syntax/tree'
import { loosen } from './loosen.ts'

/**
 * Parses a script. Where the grammar stumbles over what minifiers write, it is shown the same script with more space; offsets are those of the
 * text as it is.
 *
 * @throws SyntaxRoomError as `parseTree` does
 */
export async function parseBash(text: string): Promise<SyntaxTree> {
  const tree = await parseTree('bash', text)
  const loosened = tree.firstError === null ? null : loosen(text)
  if (!loosened) return tree
  const loose = await parseTree('bash', loosened.shown)
  if (!isBetter(loose, tree)) return tree
  const { place } = loosened
  const firstError = loose.firstError === null ? null : place(loose.firstError)
  return { ...loose, text, root: moved(loose.root, null, place), firstError }
}

function isBetter(loose: SyntaxTree, tree: SyntaxTree): boolean {
  return (
    loose.damage < tree.damage ||
    (loose.firstError ?? Number.POSITIVE_INFINITY) > (tree.firstError ?? Number.POSITIVE_INFINITY)
  )
}

interface Draft extends SyntaxNode {
  children: SyntaxNode[]
}

function moved(node: SyntaxNode, parent: SyntaxNode | null, place: (offset: number) => number): SyntaxNode {
  const copy: Draft = { ...node, parent, start: place(node.start), end: place(node.end), children: [] }
  copy.children = node.children.map((child) => moved(child, copy, place))
  return copy
}
