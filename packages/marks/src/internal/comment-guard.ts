import type { Span } from '../site.ts'

/** Keeps comments with what they are about when pieces change places. */
export interface CommentGuard {
  /** The span and the comment behind it on the same line, if any. */
  extend(span: Span): Span
  /** Whether two neighbours (extended, in text order) may change places without a comment losing its subject or swallowing code. */
  mayTrade(a: Span, b: Span): boolean
}

/** A guard for one text; `comments` are in text order. */
export function commentGuard(text: string, comments: readonly Span[]): CommentGuard {
  const behind = (end: number): Span | undefined => {
    const comment = comments[firstFrom(comments, end)]
    return comment !== undefined &&
      !text.slice(end, comment.start).trim() &&
      !text.slice(end, comment.start).includes('\n')
      ? comment
      : undefined
  }
  const above = (start: number): boolean => {
    const comment = comments[firstFrom(comments, start) - 1]
    if (comment === undefined || comment.end > start || !/^[ \t]*\r?\n[ \t]*$/.test(text.slice(comment.end, start)))
      return false
    const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1
    return text.slice(lineStart, comment.start).trim() === ''
  }
  return {
    extend: (span) => {
      const comment = behind(span.end)
      const alone =
        comment !== undefined &&
        /^[^\n]*$/.test(text.slice(comment.start, comment.end)) &&
        /^[ \t]*(?:\r?\n|$)/.test(text.slice(comment.end))
      return comment !== undefined && alone ? { start: span.start, end: comment.end } : span
    },
    mayTrade: (a, b) => {
      const gap = text.slice(a.end, b.start)
      const next = comments[firstFrom(comments, a.end)]
      const between = next !== undefined && next.start < b.start
      const ends = comments.some((comment) => comment.end === a.end || comment.end === b.end)
      return !between && !above(a.start) && behind(b.end) === undefined && (gap.includes('\n') || !ends)
    },
  }
}

/** Index of the first comment that starts at or after `offset`. */
function firstFrom(comments: readonly Span[], offset: number): number {
  let low = 0
  let high = comments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((comments[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
