import { parseTree, type SyntaxNode, type SyntaxTree } from '@sigillo/syntax/tree'

/** An item of a `case` as minifiers write it, without a space before its command. */
const TIGHT_ITEM = /^[ \t]*[^\s()'"`$#]+\)(?=[^\s;)])/gm

/**
 * Parses a script. Where the grammar stumbles over `pattern)command`, it is shown `pattern) command`; offsets are those of the text as it is.
 *
 * @throws SyntaxRoomError as `parseTree` does
 */
export async function parseBash(text: string): Promise<SyntaxTree> {
  const tree = await parseTree('bash', text)
  const gaps =
    tree.firstError === null ? [] : [...text.matchAll(TIGHT_ITEM)].map((found) => found.index + found[0].length)
  if (gaps.length === 0) return tree
  const loose = await parseTree('bash', loosened(text, gaps))
  if (!isBetter(loose, tree)) return tree
  const place = placesBefore(gaps)
  const firstError = loose.firstError === null ? null : place(loose.firstError)
  return { ...loose, text, root: moved(loose.root, null, place), firstError }
}

function isBetter(loose: SyntaxTree, tree: SyntaxTree): boolean {
  return (
    loose.damage < tree.damage ||
    (loose.firstError ?? Number.POSITIVE_INFINITY) > (tree.firstError ?? Number.POSITIVE_INFINITY)
  )
}

function loosened(text: string, gaps: readonly number[]): string {
  return [0, ...gaps].map((start, at) => text.slice(start, gaps[at] ?? text.length)).join(' ')
}

/** Where an offset of the loosened text stands in the text itself. */
function placesBefore(gaps: readonly number[]): (offset: number) => number {
  const spaces = gaps.map((gap, at) => gap + at)
  return (offset) => {
    let low = 0
    let high = spaces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (spaces[middle]! < offset) low = middle + 1
      else high = middle
    }
    return offset - low
  }
}

interface Draft extends SyntaxNode {
  children: SyntaxNode[]
}

function moved(node: SyntaxNode, parent: SyntaxNode | null, place: (offset: number) => number): SyntaxNode {
  const copy: Draft = { ...node, parent, start: place(node.start), end: place(node.end), children: [] }
  copy.children = node.children.map((child) => moved(child, copy, place))
  return copy
}
