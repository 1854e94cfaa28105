import type { Span } from '../../site.ts'
import type { Entry, Node } from '../sigma/tree.ts'

/** JSON as people write it: comments and commas before a closing bracket are allowed. */
export interface JsonText {
  readonly roots: readonly Node[]
  readonly comments: readonly Span[]
  /** Offset where the text stops being JSON; null when all of it is. */
  readonly firstError: number | null
}

const DEEPEST = 200
/** Places in a broken text at which an object may start that are tried. */
const MAX_TRIES = 5000

class NotJson extends Error {
  readonly at: number
  constructor(at: number) {
    super('not JSON')
    this.at = at
  }
}

/** Parses a whole text, or finds the objects in one that is not JSON. Never throws. */
export function parseJson(text: string): JsonText {
  const whole = scannerOf(text)
  try {
    const node = whole.value(0)
    whole.skip()
    if (whole.at() < text.length) throw new NotJson(whole.at())
    return { roots: [node], comments: whole.comments, firstError: null }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    return { roots: objectsIn(text), comments: whole.comments, firstError: error.at }
  }
}

function objectsIn(text: string): Node[] {
  const roots: Node[] = []
  let at = text.indexOf('{')
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
    const scanner = scannerOf(text, at)
    try {
      roots.push(scanner.value(0))
      at = text.indexOf('{', scanner.at())
    } catch (error) {
      if (!(error instanceof NotJson)) throw error
      at = text.indexOf('{', at + 1)
    }
  }
  return roots
}

const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const OTHER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y
const SPACE = /[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y

interface Scanner {
  readonly comments: Span[]
  at(): number
  skip(): void
  value(depth: number): Node
}

function scannerOf(text: string, start = 0): Scanner {
  let at = start
  const comments: Span[] = []
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  const skip = (): void => {
    for (let from = at, found = match(SPACE); found !== null; from = at, found = match(SPACE))
      if (found.startsWith('/')) comments.push({ start: from, end: at })
  }
  const take = (char: string): boolean => {
    skip()
    if (text.charAt(at) !== char) return false
    at++
    return true
  }
  const scalar = (): Node & { kind: 'scalar' } => {
    skip()
    const from = at
    const quoted = match(STRING)
    const found = quoted ?? match(OTHER)
    if (found === null) throw new NotJson(at)
    const value = quoted === null ? found : String(JSON.parse(quoted))
    return { kind: 'scalar', span: { start: from, end: at }, value, style: quoted === null ? 'plain' : 'quoted' }
  }
  const items = <T>(close: string, one: () => T): T[] => {
    const out: T[] = []
    while (!take(close)) {
      out.push(one())
      if (!take(',') && text.charAt(at) !== close) throw new NotJson(at)
    }
    return out
  }
  const entry = (depth: number): Entry => {
    const key = scalar()
    if (key.style !== 'quoted' || !take(':')) throw new NotJson(at)
    const held = value(depth + 1)
    return { key: key.value, span: { start: key.span.start, end: held.span.end }, value: held }
  }
  const value = (depth: number): Node => {
    if (depth > DEEPEST) throw new NotJson(at)
    skip()
    const from = at
    if (take('{')) {
      const entries = items('}', () => entry(depth))
      return { kind: 'map', entries, span: { start: from, end: at } }
    }
    if (take('[')) {
      const list = items(']', () => value(depth + 1))
      return { kind: 'list', items: list, span: { start: from, end: at } }
    }
    return scalar()
  }
  return { comments, at: () => at, skip, value }
}
