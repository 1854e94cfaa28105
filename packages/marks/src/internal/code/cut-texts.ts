/** What a piece of a text may have been cut out of the middle of: how that begins and how it ends; with an empty end, where the file ends. */
export type Enclosing = readonly [open: string, close: string]

/** A string over several lines that begins and ends alike. */
export const quoted = (quote: string): Enclosing => [quote, quote]
/** Comments of C and of what took them over from it. */
export const BLOCK_COMMENT: Enclosing = ['/*', '*/']

/**
 * A text as it may have stood in its file, where one of `enclosings` seems to have been cut: whoever copies lines does not look whether the first is in
 * the middle of a comment or string, and to a parser all that follows is then inside out. On the lines that it had.
 */
export function uncut(text: string, enclosings: readonly Enclosing[]): string[] {
  return enclosings.flatMap(([open, close]) => {
    if (close === '') return text.includes(open.trim()) ? [] : [open + text]
    if (open === close) return isOdd(text.split(open).length - 1) ? [open + text, text + close] : []
    const before = text.indexOf(close) >= 0 && isBefore(text.indexOf(close), text.indexOf(open))
    const after = text.lastIndexOf(open) > text.lastIndexOf(close)
    return [...(before ? [open + text] : []), ...(after ? [text + close] : [])]
  })
}

function isBefore(one: number, other: number): boolean {
  return other < 0 || one < other
}

function isOdd(count: number): boolean {
  return count % 2 === 1
}
