import { parseTree, type SyntaxNode, type SyntaxTree } from '@sigillo/syntax/tree'

interface Draft extends SyntaxNode {
  parent: Draft | null
  children: Draft[]
}

/** Parses Java; both forms of comment are called `comment`, as in the other grammars. */
export async function parseJava(text: string): Promise<SyntaxTree> {
  const tree = await parseTree('java', text)
  return { ...tree, root: withOneComment(tree.root, null) }
}

function withOneComment(node: SyntaxNode, parent: Draft | null): Draft {
  const type = node.type === 'line_comment' || node.type === 'block_comment' ? 'comment' : node.type
  const own: Draft = { ...node, type, parent, children: [] }
  for (const child of node.children) own.children.push(withOneComment(child, own))
  return own
}
