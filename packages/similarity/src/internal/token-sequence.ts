import type { SourceFile } from '../document.ts'
import { lex } from '../lexer.ts'
import { mix } from './hashing.ts'
import { readable } from './readable.ts'
import { Kind } from './token-arena.ts'

/** Tokens of a file in order, as written and normalised, with their places in the file. */
export interface TokenSequence {
  readonly length: number
  readonly written: Int32Array
  readonly normalised: Int32Array
  readonly start: Uint32Array
  readonly end: Uint32Array
}

/** Bytes read of one file. */
const LONGEST = 4 << 20

/** All tokens but separators and brackets; `anchors` keeps only names, literals and numbers. */
export function tokenSequence(file: SourceFile, anchors: boolean): TokenSequence {
  const { bytes, language, scale } = readable({ ...file, bytes: file.bytes.subarray(0, LONGEST) })
  const tokens = lex(bytes, language)
  const written = new Int32Array(tokens.count)
  const normalised = new Int32Array(tokens.count)
  const start = new Uint32Array(tokens.count)
  const end = new Uint32Array(tokens.count)
  let length = 0
  for (let at = 0; at < tokens.count; at++) {
    const kind = tokens.kind[at]!
    const from = tokens.start[at]!
    if (kind === Kind.punctuation && (anchors || isSeparator(bytes[from]!))) continue
    if (anchors && (kind === Kind.word || kind === Kind.keyword)) continue
    written[length] = tokens.hash[at]!
    normalised[length] = kind === Kind.word ? mix(kind) : tokens.hash[at]!
    start[length] = from * scale
    end[length++] = tokens.end[at]! * scale
  }
  return { length, written, normalised, start, end }
}

function isSeparator(byte: number): boolean {
  return byte === 59 || byte === 44 || byte === 40 || byte === 41 || byte === 123 || byte === 125
}
