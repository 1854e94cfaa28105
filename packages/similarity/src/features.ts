import { decodedText } from './decode.ts'
import type { Document } from './document.ts'
import { withKeyedStrings } from './internal/keyed-calls.ts'
import { decodeKeyedStrings, keysOf } from './internal/keyed-strings.ts'
import { clearFeatures, type FeatureSet, newFeatureSet } from './internal/feature-set.ts'
import { readable } from './internal/readable.ts'
import { Kind, newTokenArena, type TokenArena } from './internal/token-arena.ts'
import { addLooseString, addTokenFeatures, newWindows, type Place, type Windows } from './internal/token-features.ts'
import { type Language, languageOf } from './language.ts'
import { lex } from './lexer.ts'

/** Names of the channels, in the order of their numbers. */
export const CHANNELS = ['raw', 'normalised', 'order', 'anchor', 'string'] as const
export type ChannelName = (typeof CHANNELS)[number]

/** The set of features of a document: columns `high`, `low` (the key), `channel`, `file`, `start`, `end`, of which the first `count` are valid. */
export type Features = FeatureSet

/** Bounds of the work that one document can cause. */
export interface FeatureLimits {
  /** Bytes read, over all files. */
  readonly bytes: number
  /** Bytes that decoding may produce. */
  readonly decodedBytes: number
  readonly features: number
}

export const FEATURE_LIMITS: FeatureLimits = { bytes: 4 << 20, decodedBytes: 2 << 20, features: 1 << 20 }

/** Decoded text is decoded again, at most this often. */
const DEPTH = 2
/** Decoded text from this length on is read as code, shorter text as a string. */
const CODE = 48
/** Strings in a row, each a `,` apart, that make a table of strings: there short ones are decoded too. */
const TABLE = 8

/** Buffers that extracting features needs; one serves a whole stream. */
export interface Extractor {
  readonly set: FeatureSet
  readonly arena: TokenArena
  readonly windows: Windows
  readonly limits: FeatureLimits
}

export function newExtractor(limits: FeatureLimits = FEATURE_LIMITS): Extractor {
  return { set: newFeatureSet(limits.features), arena: newTokenArena(), windows: newWindows(), limits }
}

interface Part {
  readonly bytes: Uint8Array
  readonly language: Language
  readonly place: Place
  readonly depth: number
}

/**
 * Features of a document in five channels: raw runs of 6 tokens, normalised runs of 12, names and literals three in order, the same
 * one by one, and shingles of strings. Strings that are escaped, base64 or hexadecimal count as what they hide. With `mask`
 * (0, 1, 3 or 7) the three large channels are sampled. The result is valid until the extractor is used again; `full` says that a limit cut it.
 */
export function extractFeatures(document: Document, extractor: Extractor = newExtractor(), mask = 0): Features {
  const { set, limits } = extractor
  clearFeatures(set, mask)
  const budget = { bytes: limits.bytes, decoded: limits.decodedBytes }
  for (let file = 0; file < document.files.length && file < 65_535; file++) {
    const source = document.files[file]!
    const allowed = Math.min(source.bytes.length, budget.bytes)
    if (allowed < source.bytes.length) set.full = true
    budget.bytes -= allowed
    const text = readable(
      allowed < source.bytes.length ? { ...source, bytes: source.bytes.subarray(0, allowed) } : source,
    )
    const parts: Part[] = [
      {
        bytes: text.bytes,
        language: text.language,
        place: { file, base: 0, scale: text.scale, length: 0 },
        depth: 0,
      },
    ]
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const tokens = lex(part.bytes, part.language, extractor.arena)
      addTokenFeatures(set, extractor.windows, tokens, part.bytes, part.place)
      decodeStrings(extractor, part, parts, budget)
    }
  }
  return set
}

/** Looks through the strings of a lexed text; text found there is added, or queued when it looks like code. */
function decodeStrings(extractor: Extractor, part: Part, parts: Part[], budget: { decoded: number }): void {
  const { arena, windows, set } = extractor
  let inRow = 0
  for (let at = 0; at < arena.count; at++) {
    if (arena.kind[at] !== Kind.string) {
      if (arena.end[at]! - arena.start[at]! !== 1 || part.bytes[arena.start[at]!] !== 44) inRow = 0
      continue
    }
    inRow++
    const text = hiddenText(arena, at, inRow > TABLE ? 4 : undefined, budget)
    if (text === null) continue
    const place = placeOf(part, arena, at)
    if (text.length < CODE) addLooseString(set, windows, text, 0, text.length, place)
    else if (part.depth < DEPTH)
      parts.push({ bytes: text, language: languageOf(undefined, text), place, depth: part.depth + 1 })
  }
  addKeyedStrings(extractor, part, parts, budget)
}

/** Enciphered strings: put back where they are fetched, or, when that cannot be told, one by one. */
function addKeyedStrings(extractor: Extractor, part: Part, parts: Part[], budget: { decoded: number }): void {
  const { arena, windows, set } = extractor
  if (part.language !== 'javascript' && part.language !== 'generic') return
  const keys = keysOf(arena)
  if (keys.length === 0) return
  const text = part.depth < DEPTH ? withKeyedStrings({ bytes: part.bytes, tokens: arena }) : null
  if (text !== null && text.length <= budget.decoded) {
    budget.decoded -= text.length
    const place = {
      ...part.place,
      scale: 0,
      length: part.place.scale === 0 ? part.place.length : part.bytes.length * part.place.scale,
    }
    parts.push({ bytes: text, language: 'javascript', place, depth: DEPTH })
    return
  }
  for (const found of decodeKeyedStrings(arena, keys)) {
    addLooseString(set, windows, found.text, 0, found.text.length, placeOf(part, arena, found.token))
  }
}

/** What a string hides in the end: encodings may lie in each other. */
function hiddenText(
  arena: TokenArena,
  at: number,
  shortest: number | undefined,
  budget: { decoded: number },
): Uint8Array | null {
  let hidden: Uint8Array | null = null
  let found = decodedText(arena.text, arena.textStart[at]!, arena.textEnd[at]!, shortest)
  for (let layer = 0; found !== null && layer <= DEPTH && found.text.length <= budget.decoded; layer++) {
    budget.decoded -= found.text.length
    hidden = found.text
    found = decodedText(hidden, 0, hidden.length)
  }
  return hidden
}

function placeOf(part: Part, arena: TokenArena, at: number): Place {
  const { file, base, scale, length } = part.place
  if (scale === 0) return { file, base, scale, length }
  const start = base + arena.start[at]! * scale
  return { file, base: start, scale: 0, length: base + arena.end[at]! * scale - start }
}
