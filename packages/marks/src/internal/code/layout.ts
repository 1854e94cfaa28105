import type { SyntaxNode } from '@sigillo/syntax/tree'
import type { Span } from '../../site.ts'

/** Siblings in a list with the comments between them, as the grammar gives them. */
export interface Neighbours {
  readonly first: SyntaxNode
  readonly second: SyntaxNode
  /** Comments after the first and before the second, in order. */
  readonly between: readonly SyntaxNode[]
}

/** Adjacent pairs of named children; a declaration's decorators belong to it. */
export function neighbourPairs(list: SyntaxNode): Neighbours[] {
  const out: Neighbours[] = []
  let first: SyntaxNode | null = null
  let between: SyntaxNode[] = []
  for (const child of list.children) {
    if (!child.named) continue
    if (child.type === 'comment') {
      between.push(child)
      continue
    }
    if (first) out.push({ first, second: child, between })
    first = child
    between = []
  }
  return out
}

/**
 * Text of both neighbours as parts of an order, each with the comment that ends its last line and, when `leading`, the comments right above it.
 * Null when a comment between them belongs to neither or they share a line with other code.
 */
export function partsOf(text: string, pair: Neighbours, leading: boolean): [Span, Span] | null {
  const trailing = pair.between.filter((comment) => onSameLine(text, pair.first.end, comment.start))
  const rest = pair.between.filter((comment) => !trailing.includes(comment))
  const firstEnd = trailing.at(-1)?.end ?? pair.first.end
  if (rest.length > 0 && !leading) return null
  const first = { start: leading ? attachedStart(text, pair.first) : pair.first.start, end: firstEnd }
  const secondStart = leading ? attachedStart(text, pair.second) : pair.second.start
  const second = { start: secondStart, end: endWithComment(text, pair.second) }
  if (onSameLine(text, pair.first.end, pair.second.start)) return trailing.length > 0 ? null : [first, second]
  const gap = text.slice(first.end, second.start)
  return /^[\s;]*$/.test(gap) ? [first, second] : null
}

function onSameLine(text: string, from: number, to: number): boolean {
  return !text.slice(from, to).includes('\n')
}

/** Where a declaration starts with the comments that stand right above it, without a blank line. */
function attachedStart(text: string, node: SyntaxNode): number {
  const siblings = node.parent?.children ?? []
  let start = node.start
  for (let at = siblings.indexOf(node) - 1; at >= 0; at--) {
    const above = siblings[at]
    if (above?.type !== 'comment' || !ownLine(text, above.start)) break
    if (text.slice(above.end, start).split('\n').length !== 2) break
    start = above.start
  }
  return start
}

function ownLine(text: string, offset: number): boolean {
  return /^\s*$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))
}

/** End of a node and of a comment that follows it on its last line. */
function endWithComment(text: string, node: SyntaxNode): number {
  const siblings = node.parent?.children ?? []
  const next = siblings[siblings.indexOf(node) + 1]
  return next?.type === 'comment' && onSameLine(text, node.end, next.start) ? next.end : node.end
}
