import { FNV_PRIME, FNV_START, hashBytes, mix } from './internal/hashing.ts'
import { Byte, type LexicalRules, RULES } from './internal/lexical-rules.ts'
import { numberHash } from './internal/number-value.ts'
import { takeContent } from './internal/string-content.ts'
import { addToken, clearArena, Kind, newTokenArena, type TokenArena } from './internal/token-arena.ts'
import { isAfterDot, isName } from './internal/word-place.ts'
import type { Language } from './language.ts'

/** Tokens of one file as columns; valid until the arena they lie in is used again. */
export type Tokens = TokenArena

/** Nested template literals that are followed; deeper ones are read as plain code. */
const TEMPLATE_DEPTH = 64
const NEWLINE = 10
const BACKSLASH = 92

interface Lexer {
  readonly bytes: Uint8Array
  readonly rules: LexicalRules
  readonly arena: TokenArena
  at: number
  /** Whether a `/` here would divide: the last token was an operand. */
  operand: boolean
  /** Open braces inside each open `${`; empty outside templates. */
  readonly braces: number[]
}

/**
 * Splits bytes into tokens in one pass, without comments and white space. It never fails: what is no token of the language
 * becomes punctuation, and an unclosed string ends with its line. With `arena` the columns are written there and nothing is allocated.
 */
export function lex(bytes: Uint8Array, language: Language, arena: TokenArena = newTokenArena()): Tokens {
  clearArena(arena)
  const lexer: Lexer = { bytes, rules: RULES[language], arena, at: 0, operand: false, braces: [] }
  const { classes } = lexer.rules
  const end = bytes.length
  while (lexer.at < end) {
    const kind = classes[bytes[lexer.at]!]!
    if (kind === Byte.space) lexer.at++
    else if (kind === Byte.word) takeWord(lexer)
    else if (kind === Byte.single) takeSingle(lexer)
    else if (kind === Byte.operator) takeOperator(lexer)
    else takeRare(lexer, kind)
  }
  return arena
}

function takeRare(lexer: Lexer, kind: number): void {
  if (kind === Byte.quote) takeQuoted(lexer, lexer.at)
  else if (kind === Byte.digit) takeNumber(lexer)
  else if (kind === Byte.slash) takeSlash(lexer)
  else if (kind === Byte.lineComment) takeHash(lexer)
  else if (kind === Byte.less) takeLess(lexer)
  else takeBacktick(lexer)
}

function takeWord(lexer: Lexer): void {
  const { bytes, rules } = lexer
  const { classes } = rules
  const start = lexer.at
  const end = bytes.length
  let at = start
  let h = FNV_START
  while (at < end) {
    const byte = bytes[at]!
    const kind = classes[byte]!
    if (kind !== Byte.word && kind !== Byte.digit) break
    h = Math.imul(h ^ byte, FNV_PRIME)
    at++
  }
  lexer.at = at
  const hash = mix(h)
  if (rules.keywordBits[hash & 255] === 1 && rules.keywords.has(hash)) {
    addToken(lexer.arena, isAfterDot(lexer) ? Kind.member : Kind.keyword, start, at, hash)
    lexer.operand = false
    return
  }
  if (rules.prefixes && at - start <= 2 && classes[bytes[at] ?? 0] === Byte.quote) {
    takeQuoted(lexer, start)
    return
  }
  addToken(lexer.arena, isName(lexer, start, at) ? Kind.member : Kind.word, start, at, hash)
  lexer.operand = true
}

function takeSingle(lexer: Lexer): void {
  const { bytes, braces } = lexer
  const byte = bytes[lexer.at]!
  if (byte === 46 && lexer.rules.classes[bytes[lexer.at + 1] ?? 0] === Byte.digit && !lexer.operand) {
    takeNumber(lexer)
    return
  }
  if (braces.length > 0 && closesTemplate(braces, byte)) {
    lexer.at++
    takeTemplate(lexer)
    return
  }
  addToken(lexer.arena, Kind.punctuation, lexer.at, lexer.at + 1, mix(byte))
  lexer.at++
  lexer.operand = byte === 41 || byte === 93 || byte === 125
}

/** Counts a brace inside `${ }`; true for the one that ends it. */
function closesTemplate(braces: number[], byte: number): boolean {
  const last = braces.length - 1
  if (byte === 123) braces[last]!++
  if (byte !== 125) return false
  braces[last]!--
  if (braces[last]! >= 0) return false
  braces.pop()
  return true
}

/** An operator: one character, its repetitions, and `=` or `>` behind it, so that `=`, `==` and `===` are one token each and alike. */
function takeOperator(lexer: Lexer): void {
  const { bytes } = lexer
  const start = lexer.at
  const first = bytes[start]!
  let at = start + 1
  let last = 0
  while (at < start + 4) {
    const byte = bytes[at]!
    if (byte === first && first !== 42) at++
    else if ((byte === 61 || byte === 62) && first !== byte) {
      last = byte
      at++
    } else break
  }
  addToken(lexer.arena, Kind.punctuation, start, at, mix(first | (last << 8)))
  lexer.at = at
  lexer.operand = false
}

function takeNumber(lexer: Lexer): void {
  const { bytes } = lexer
  const { classes } = lexer.rules
  const start = lexer.at
  let at = start
  while (at < bytes.length && at < start + 400) {
    const byte = bytes[at]!
    const kind = classes[byte]
    const sign = (byte === 43 || byte === 45) && (bytes[at - 1]! | 32) === 101 && bytes[start + 1] !== 120
    if (kind !== Byte.digit && kind !== Byte.word && byte !== 46 && !sign) break
    at++
  }
  if (at === start) at++
  lexer.at = at
  addToken(lexer.arena, Kind.number, start, at, numberHash(bytes, start, at))
  lexer.operand = true
}

function takeSlash(lexer: Lexer): void {
  const { bytes, rules } = lexer
  const next = bytes[lexer.at + 1]
  if (rules.slashComments && next === 47) skipLine(lexer)
  else if (rules.slashComments && next === 42) skipBlock(lexer, 42, 47)
  else if (!rules.regex || lexer.operand || !takeRegex(lexer)) {
    addToken(lexer.arena, Kind.punctuation, lexer.at, lexer.at + 1, mix(47))
    lexer.at++
    lexer.operand = false
  }
}

function skipLine(lexer: Lexer): void {
  const end = lexer.bytes.indexOf(NEWLINE, lexer.at)
  lexer.at = end < 0 ? lexer.bytes.length : end
}

/** Skips a block comment that ends with the two given bytes; an unclosed one reaches to the end. */
function skipBlock(lexer: Lexer, first: number, second: number): void {
  const { bytes } = lexer
  let at = bytes.indexOf(second, lexer.at + 3)
  while (at >= 0 && bytes[at - 1] !== first) at = bytes.indexOf(second, at + 1)
  lexer.at = at < 0 ? bytes.length : at + 1
}

function takeRegex(lexer: Lexer): boolean {
  const { bytes } = lexer
  const start = lexer.at + 1
  let inClass = false
  let at = start
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === NEWLINE) return false
    if (byte === BACKSLASH) at++
    else if (byte === 91) inClass = true
    else if (byte === 93) inClass = false
    else if (byte === 47 && !inClass) break
  }
  if (at >= bytes.length || at === start) return false
  addText(lexer, Kind.regex, lexer.at, at + 1, start, at, true)
  return true
}

function addText(lexer: Lexer, kind: number, from: number, to: number, start: number, end: number, raw: boolean): void {
  const { arena } = lexer
  const textStart = arena.textLength
  const hash = takeContent(arena, lexer.bytes, start, end, raw)
  addToken(arena, kind, from, to, hash)
  arena.textStart[arena.count - 1] = textStart
  lexer.at = to
  lexer.operand = true
}

/** In shells and YAML `#` begins a comment only at the beginning of a word. */
function takeHash(lexer: Lexer): void {
  const before = lexer.bytes[lexer.at - 1] ?? NEWLINE
  const { anchors } = lexer.rules
  if (anchors === 'members' || before <= 32 || before === 59) skipLine(lexer)
  else lexer.at++
}

function takeLess(lexer: Lexer): void {
  if (lexer.rules.angleComments && lexer.bytes[lexer.at + 1] === 35) skipBlock(lexer, 35, 62)
  else takeOperator(lexer)
}

/** A string between quotes; `from` is where its prefix begins. */
function takeQuoted(lexer: Lexer, from: number): void {
  const { bytes, rules } = lexer
  const open = lexer.at
  const quote = bytes[open]!
  let raw = false
  for (let at = from; at < open; at++) raw ||= (bytes[at]! | 32) === 114
  if (rules.tripleQuotes && bytes[open + 1] === quote && bytes[open + 2] === quote) {
    const close = closingQuotes(bytes, open + 3, quote)
    addText(lexer, Kind.string, from, Math.min(close + 3, bytes.length), open + 3, close, raw)
    return
  }
  const close = closingQuote(lexer, open + 1, quote)
  if (close < 0) {
    addToken(lexer.arena, Kind.punctuation, open, open + 1, mix(quote))
    lexer.at = open + 1
    lexer.operand = false
  } else addText(lexer, Kind.string, from, close + 1, open + 1, close, raw)
}

function closingQuotes(bytes: Uint8Array, start: number, quote: number): number {
  let at = start
  while (at < bytes.length) {
    if (bytes[at] === quote && bytes[at + 1] === quote && bytes[at + 2] === quote) return at
    at += bytes[at] === BACKSLASH ? 2 : 1
  }
  return bytes.length
}

/** Offset of the quote that ends the string, or -1: unclosed on its line, or an apostrophe inside a word. */
function closingQuote(lexer: Lexer, start: number, quote: number): number {
  const { bytes, rules } = lexer
  if (quote === 39 && rules.apostrophes && followsWord(lexer, start - 1)) return -1
  const limit = rules.longStrings ? Math.min(bytes.length, start + 65_536) : bytes.length
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]!
    if (byte === quote) return at
    if (byte === BACKSLASH) at++
    else if (byte === NEWLINE && !rules.longStrings) return -1
  }
  return -1
}

/** Whether the last token is a name that ends here, as in `don't`; minified code writes `return'x'` after keywords only. */
function followsWord({ arena }: Lexer, at: number): boolean {
  const last = arena.count - 1
  return last >= 0 && arena.end[last] === at && arena.kind[last] === Kind.word
}

function takeBacktick(lexer: Lexer): void {
  if (lexer.rules.backtick === 'template') {
    lexer.at++
    takeTemplate(lexer)
    return
  }
  const close = lexer.bytes.indexOf(96, lexer.at + 1)
  const end = close < 0 ? lexer.bytes.length : close
  addText(lexer, Kind.string, lexer.at, Math.min(end + 1, lexer.bytes.length), lexer.at + 1, end, true)
}

/** The literal part of a template that begins here: up to the closing backtick or the next `${`. */
function takeTemplate(lexer: Lexer): void {
  const { bytes } = lexer
  const start = lexer.at
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === 96 || (byte === 36 && bytes[at + 1] === 123)) break
    at += byte === BACKSLASH ? 2 : 1
  }
  const end = Math.min(at, bytes.length)
  const opens = bytes[end] === 36
  if (opens && lexer.braces.length < TEMPLATE_DEPTH) lexer.braces.push(0)
  addText(lexer, Kind.string, Math.max(0, start - 1), Math.min(end + 1, bytes.length), start, end, false)
  lexer.at = Math.min(end + (opens ? 2 : 1), bytes.length)
  lexer.operand = !opens
}

/** Hash that the lexer gives a string or name with this content. */
export function contentHash(content: Uint8Array): number {
  return hashBytes(content, 0, content.length)
}
