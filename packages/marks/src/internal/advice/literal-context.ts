import type { Literal } from '../../language.ts'

/** What stands around a literal, as far as it tells what the literal is for. Lines are looked at, not grammars, so that it works in every language. */
export interface LiteralContext {
  readonly literal: Literal
  /** From 1. */
  readonly line: number
  readonly lineText: string
  /** Text of the line before and after the literal, without its quotes. */
  readonly before: string
  readonly after: string
  /** What the value is given to: a key, a keyword, a variable; lower case, empty when unknown. */
  readonly given: string
  /** True when the literal is itself the key of a mapping. */
  readonly isKey: boolean
  /** What the mapping, list or call around it is called or given to; lower case, empty when unknown. */
  readonly owner: string
}

/** Characters that are searched backwards for the opening of what is around a literal. */
const REACH = 1500

/** Describes a literal's surroundings. */
export function contextOfLiteral(text: string, literal: Literal, lineOf: (offset: number) => number): LiteralContext {
  const start = text.lastIndexOf('\n', literal.span.start - 1) + 1
  const end = text.indexOf('\n', literal.span.end)
  const lineText = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '')
  const before = text.slice(start, literal.span.start).replace(/[A-Za-z]{0,2}["'`]{1,3}$/, '')
  const after = text.slice(literal.span.end, end < 0 ? text.length : end).replace(/^["'`]{1,3}/, '')
  return {
    literal,
    line: lineOf(literal.span.start),
    lineText,
    before,
    after,
    given: givenTo(before),
    isKey: /^\s*(?::(?!:)|=>)/.test(after) && !/\?[^:]*$/.test(before),
    owner: ownerOf(text, literal.span.start),
  }
}

/** `key: `, `"key" => `, `name = `, `name := ` at the end of a text. */
function givenTo(before: string): string {
  return (/([A-Za-z_][\w-]*)["'`]?\]?\s*(?::(?:\s*[\w.]+\s*=)?|=>|:?=)\s*$/.exec(before)?.[1] ?? '').toLowerCase()
}

/** The name before the bracket that is open at an offset. */
function ownerOf(text: string, offset: number): string {
  let depth = 0
  for (let at = offset - 1; at >= Math.max(0, offset - REACH); at--) {
    const char = text.charAt(at)
    if (char === ')' || char === ']' || char === '}') depth++
    if (char !== '(' && char !== '[' && char !== '{') continue
    if (depth-- > 0) continue
    const before = text.slice(Math.max(0, at - 120), at)
    return (/([A-Za-z_][\w-]*)["'`]?\s*(?::|=>|:?=|\()?\s*(?:new\s+[\w.]+)?\s*$/.exec(before)?.[1] ?? '').toLowerCase()
  }
  return ''
}
