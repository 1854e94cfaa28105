/** Whole lines of a text that hold one function and the comments and decorators right above it. */
export interface Piece {
  readonly start: number
  readonly end: number
  /** What the function is called; empty when that cannot be told. */
  readonly name: string
}

interface Region {
  readonly start: number
  readonly end: number
}

/**
 * The functions of a text in runs: those of a run are members of one block, so that they can change places.
 *
 * @param regions - outermost functions, in text order
 */
export function functionsOf(text: string, regions: readonly Region[]): Piece[][] {
  const runs: Piece[][] = []
  let before: Piece | undefined
  for (const region of regions) {
    const piece = pieceOf(text, region)
    if (before !== undefined && piece.start < before.end) continue
    if (before !== undefined && isOneBlock(text, before, piece)) runs.at(-1)!.push(piece)
    else runs.push([piece])
    before = piece
  }
  return runs
}

/** The text with what is put into the slots. */
export function joined(text: string, changes: readonly { readonly slot: Piece; readonly put: string }[]): string {
  let out = ''
  let at = 0
  for (const { slot, put } of changes) {
    out += text.slice(at, slot.start) + put
    at = slot.end
  }
  return out + text.slice(at)
}

function pieceOf(text: string, region: Region): Piece {
  const first = lineStart(text, region.start)
  const newline = text.indexOf('\n', Math.max(region.start, region.end - 1))
  const end = newline < 0 ? text.length : newline + 1
  return { start: withHead(text, first), end, name: nameIn(text.slice(first, end)) }
}

/** The name before the first bracket, or what a definition without one is called. */
function nameIn(text: string): string {
  return (
    /\bdef\s+(?:self\.)?([\w?!=]+)/.exec(text)?.[1] ??
    /([\w$~]+)\s*(?:[:=]\s*(?:async\s*)?(?:function\b[^(]*)?)?\(/.exec(text)?.[1] ??
    ''
  )
}

function withHead(text: string, start: number): number {
  let at = start
  while (at > 0) {
    const above = lineStart(text, at - 1)
    const line = text.slice(above, at).trim()
    if (!/^(?:\/\/|#(?!!|include|define|if|endif|else|pragma)|@|\/\*|\*)/.test(line)) break
    at = above
  }
  return at
}

function isOneBlock(text: string, before: Piece, next: Piece): boolean {
  const indent = indentOf(text.slice(next.start))
  if (indentOf(text.slice(before.start)) !== indent) return false
  const between = text.slice(before.end, next.start).split('\n')
  return between.every((line) => line.trim() === '' || indentOf(line) >= indent)
}

function indentOf(text: string): number {
  return /^[ \t]*/.exec(text)![0].length
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}
