import { decodeSwapped } from '../decode.ts'
import { latin1, rc4Schedule, rc4Text } from './rc4.ts'
import { Kind, type TokenArena } from './token-arena.ts'

/** A string that was enciphered with RC4, and the token it was found in. */
export interface KeyedString {
  readonly text: Uint8Array
  readonly token: number
}

/** Obfuscators draw four-character keys from a small pool, and keep the enciphered strings in one table. */
const KEY_BYTES = 4
const FEWEST_KEYS = 3
const MOST_KEYS = 64
const FEWEST_STRINGS = 12
/** Decryptions per text: about 30 ms. */
const MOST_TRIALS = 65_536

/**
 * Strings of a table enciphered with RC4 under keys that occur in the same text, as `javascript-obfuscator` writes them. Every key
 * is tried on every string, because which belongs to which is known only by running the program. Short strings may come out wrong:
 * a wrong string is in no artefact.
 */
export function decodeKeyedStrings(arena: TokenArena, keys: readonly Uint8Array[]): readonly KeyedString[] {
  const table = tableOf(arena)
  if (table.length < FEWEST_STRINGS) return []
  const found: KeyedString[] = []
  let trials = 0
  const states = keys.map(rc4Schedule)
  for (const { token, bytes } of table) {
    for (const state of states) {
      if (++trials > MOST_TRIALS) return found
      const text = rc4Text(state, bytes)
      if (text !== null) found.push({ text, token })
    }
  }
  return found
}

/** The keys that a text may use; empty when there are too few for it to be enciphered at all. */
export function keysOf(arena: TokenArena): readonly Uint8Array[] {
  const keys = new Map<number, Uint8Array>()
  for (let at = 0; at < arena.count && keys.size < MOST_KEYS; at++) {
    if (arena.kind[at] !== Kind.string) continue
    const from = arena.textStart[at]!
    if (arena.textEnd[at]! - from === KEY_BYTES) keys.set(arena.hash[at]!, arena.text.subarray(from, from + KEY_BYTES))
  }
  return keys.size < FEWEST_KEYS ? [] : [...keys.values()]
}

function tableOf(arena: TokenArena): readonly { readonly token: number; readonly bytes: Uint8Array }[] {
  const table: { readonly token: number; readonly bytes: Uint8Array }[] = []
  for (let at = 0; at < arena.count; at++) {
    if (arena.kind[at] !== Kind.string) continue
    const from = arena.textStart[at]!
    const to = arena.textEnd[at]!
    if (to - from <= KEY_BYTES || to - from > 512) continue
    const bytes = decodeSwapped(arena.text, from, to)
    if (bytes === null) continue
    // The table holds characters, not bytes: each was UTF-8 before it became base64.
    const narrow = latin1(bytes)
    if (narrow !== null) table.push({ token: at, bytes: narrow })
  }
  return table
}
