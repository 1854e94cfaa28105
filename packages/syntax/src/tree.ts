import type { Tree, TreeCursor } from 'web-tree-sitter'
import { SyntaxRoomError } from './errors.ts'
import { type GrammarId, loadParser } from './grammars.ts'

/** A node of a syntax tree as plain data. Offsets are UTF-16 code units, half open. */
export interface SyntaxNode {
  /** The grammar's name for it, or the token's own text for anonymous nodes. `ERROR` where the parser skipped text. */
  readonly type: string
  readonly named: boolean
  /** The grammar's name for its role in the parent. */
  readonly field: string | null
  readonly start: number
  readonly end: number
  /** True for tokens the parser made up to repair the text; they are empty. */
  readonly missing: boolean
  readonly parent: SyntaxNode | null
  readonly children: readonly SyntaxNode[]
}

/** A parsed text. Every text has a tree; `damage` says how far it is from a correct one. */
export interface SyntaxTree {
  readonly grammar: GrammarId
  readonly text: string
  readonly root: SyntaxNode
  /** Share of the text inside `ERROR` nodes, 0 to 1. */
  readonly damage: number
  /** Offset of the first error or made-up token; null when the text is correct. */
  readonly firstError: number | null
  /** True when nodes nested deeper than `MAX_DEPTH` were left out. */
  readonly truncated: boolean
}

/** Longest text that is parsed, in UTF-16 code units. */
export const MAX_TEXT = 4_000_000
/** Deepest nesting that is kept; deeper nodes appear as leaves, so that recursion over a tree is always safe. */
export const MAX_DEPTH = 900
/** Parser progress reports (one per some hundred steps) allowed per text, against inputs that make error recovery explode. */
const MAX_PROGRESS = 400_000

interface Draft extends SyntaxNode {
  parent: Draft | null
  children: Draft[]
}

/**
 * Parses any text, correct or not.
 *
 * @throws SyntaxRoomError `too-large` above `MAX_TEXT`, `too-slow` when error recovery would take too long
 */
export async function parseTree(grammar: GrammarId, text: string): Promise<SyntaxTree> {
  if (text.length > MAX_TEXT)
    throw new SyntaxRoomError(
      'too-large',
      `text of ${text.length} characters is too large to parse (limit ${MAX_TEXT})`,
    )
  const parser = await loadParser(grammar)
  let progress = 0
  const tree = parser.parse(text, null, { progressCallback: () => ++progress > MAX_PROGRESS })
  if (!tree) {
    parser.reset()
    throw new SyntaxRoomError('too-slow', `text of ${text.length} characters could not be parsed in reasonable time`)
  }
  try {
    return describe(grammar, text, tree)
  } finally {
    tree.delete()
  }
}

function describe(grammar: GrammarId, text: string, tree: Tree): SyntaxTree {
  const cursor = tree.walk()
  try {
    const { root, truncated } = convert(cursor)
    const { bad, firstError } = errorsIn(root)
    return { grammar, text, root, damage: Math.min(1, bad / Math.max(1, text.length)), firstError, truncated }
  } finally {
    cursor.delete()
  }
}

/** Copies the tree out of WebAssembly memory without recursion. */
function convert(cursor: TreeCursor): { root: SyntaxNode; truncated: boolean } {
  const root = draft(cursor, null)
  let at = root
  let truncated = false
  for (let depth = 0; ; ) {
    if (depth < MAX_DEPTH && cursor.gotoFirstChild()) {
      depth++
      at = draft(cursor, at)
      continue
    }
    truncated ||= depth === MAX_DEPTH && cursor.currentNode.childCount > 0
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent() || !at.parent) return { root, truncated }
      depth--
      at = at.parent
    }
    at = draft(cursor, at.parent)
  }
}

function draft(cursor: TreeCursor, parent: Draft | null): Draft {
  const node: Draft = {
    type: cursor.nodeType,
    named: cursor.nodeIsNamed,
    field: cursor.currentFieldName,
    start: cursor.startIndex,
    end: cursor.endIndex,
    missing: cursor.nodeIsMissing,
    parent,
    children: [],
  }
  parent?.children.push(node)
  return node
}

/** Characters inside outermost errors, one for each made-up token, and where the first is. */
function errorsIn(root: SyntaxNode): { bad: number; firstError: number | null } {
  let bad = 0
  let firstError: number | null = null
  walkTree(root, (node) => {
    if (node.type !== 'ERROR' && !node.missing) return true
    firstError = Math.min(firstError ?? node.start, node.start)
    bad += Math.max(1, node.end - node.start)
    return false
  })
  return { bad, firstError }
}

/** The first child with this field name, or null. */
export function childByField(node: SyntaxNode, field: string): SyntaxNode | null {
  return node.children.find((child) => child.field === field) ?? null
}

/** Children that are named and no comments. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.named && child.type !== 'comment')
}

/** Visits every node, parents first, in text order; `visit` returning false skips the node's children. */
export function walkTree(root: SyntaxNode, visit: (node: SyntaxNode) => boolean | void): void {
  const stack: SyntaxNode[] = [root]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (visit(node) === false) continue
    for (let index = node.children.length - 1; index >= 0; index--) stack.push(node.children[index]!)
  }
}

/** Line number, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}
