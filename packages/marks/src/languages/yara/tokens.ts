import type { Span } from '../../site.ts'

/**
 * Kinds of token. `string`, `hex` and `regex` include their delimiters; `ref` is `$a`, `#a`, `@a`, `!a` or any of them with `*`; `bad` is a
 * character or an unfinished literal that YARA would not accept.
 */
export type TokenKind = 'word' | 'ref' | 'number' | 'string' | 'hex' | 'regex' | 'punctuation' | 'comment' | 'bad'

/** A token; `text` is the exact source. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly span: Span
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const REF = /[$#@!](?:[A-Za-z0-9_]+\*?|\*)?/y
const NUMBER = /0x[0-9a-fA-F]+|0o[0-7]+|\d+\.\d+|\d+(?:KB|MB)?/y
const COMMENT = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//y
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y
const REGEX = /\/(?!\/|\*)(?:[^/\\\n]|\\[^\n])+\/[is]{0,2}/y
const HEX = /\{(?:[0-9a-fA-F?~[\]|()\s-]|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)+\}/y
const PUNCTUATION = /==|!=|<=|>=|<<|>>|\.\.|[-+*\\%&|^~<>=(){}[\]:,.]/y

/** Cuts a text into tokens; never fails, what YARA would refuse becomes `bad`. Linear in the text but for comments that never close. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let before: Token | undefined
  let commentsClose = true
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1
      continue
    }
    if (text.startsWith('/*', at) && commentsClose) commentsClose = text.includes('*/', at + 2)
    const token = tokenAt(text, at, before, commentsClose)
    tokens.push(token)
    if (token.kind !== 'comment') before = token
    at = token.span.end
  }
  return tokens
}

const LITERALS: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', STRING],
  ['word', WORD],
  ['ref', REF],
  ['number', NUMBER],
]

function tokenAt(text: string, at: number, before: Token | undefined, commentsClose: boolean): Token {
  if (text[at] === '/') return slashAt(text, at, before, commentsClose)
  const hex = text[at] === '{' && before?.text === '=' ? match(HEX, text, at) : null
  if (hex !== null) return make('hex', hex, at)
  const operator = match(PUNCTUATION, text, at)
  if (operator === '!=') return make('punctuation', operator, at)
  for (const [kind, pattern] of LITERALS) {
    const found = match(pattern, text, at)
    if (found !== null) return make(kind, found, at)
  }
  return operator === null ? make('bad', text[at] ?? '', at) : make('punctuation', operator, at)
}

function slashAt(text: string, at: number, before: Token | undefined, commentsClose: boolean): Token {
  const comment = text[at + 1] === '*' && !commentsClose ? null : match(COMMENT, text, at)
  if (comment !== null) return make('comment', comment, at)
  const regex = mayBeRegex(before) ? match(REGEX, text, at) : null
  return regex === null ? make('bad', '/', at) : make('regex', regex, at)
}

/** After a value a slash would be a division, which YARA writes with a backslash; elsewhere it opens an expression. */
function mayBeRegex(before: Token | undefined): boolean {
  return before === undefined || before.kind === 'punctuation' || before.kind === 'word'
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function make(kind: TokenKind, text: string, at: number): Token {
  return { kind, text, span: { start: at, end: at + text.length } }
}

/** From the first token's start to the last one's end; empty at 0 without tokens. */
export function spanOver(tokens: readonly Token[]): Span {
  return { start: tokens[0]?.span.start ?? 0, end: tokens[tokens.length - 1]?.span.end ?? 0 }
}
