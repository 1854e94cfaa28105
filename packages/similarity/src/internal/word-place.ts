import type { LexicalRules } from './lexical-rules.ts'
import { Kind, type TokenArena } from './token-arena.ts'

/** A text, and its tokens so far. */
interface Lexed {
  readonly bytes: Uint8Array
  readonly rules: LexicalRules
  readonly arena: TokenArena
}

/** Whether a word is a name that stays when variables are renamed. */
export function isName(lexer: Lexed, start: number, end: number): boolean {
  const { anchors } = lexer.rules
  if (anchors === 'all') return true
  if (isAfterDot(lexer)) return true
  const { bytes } = lexer
  if (anchors === 'commands') return bytes[start] !== 36 && !isAfterDollar(lexer, start) && bytes[end] !== 61
  return bytes[end] === 58 && bytes[end + 1] !== 58 && isAfterKeyPlace(lexer)
}

function isAfterDollar(lexer: Lexed, start: number): boolean {
  const before = lexer.bytes[start - 1]
  return before === 36 || (before === 123 && lexer.bytes[start - 2] === 36)
}

/** After `.`, `?.`, `->` or `::`. */
export function isAfterDot(lexer: Lexed): boolean {
  const { arena, bytes } = lexer
  if (arena.count === 0 || arena.kind[arena.count - 1] !== Kind.punctuation) return false
  const end = arena.end[arena.count - 1]!
  const last = bytes[end - 1]
  if (last === 46) return true
  const pair = arena.start[arena.count - 1]! + 2 === end
  return pair && ((last === 62 && bytes[end - 2] === 45) || (last === 58 && bytes[end - 2] === 58))
}

/** Where a key of an object may stand: after `{` or `,`. */
function isAfterKeyPlace(lexer: Lexed): boolean {
  const { arena, bytes } = lexer
  if (arena.count === 0) return false
  const last = bytes[arena.start[arena.count - 1]!]
  return arena.kind[arena.count - 1] === Kind.punctuation && (last === 123 || last === 44)
}
