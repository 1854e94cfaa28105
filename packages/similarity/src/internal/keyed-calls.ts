import { decodeSwapped } from '../decode.ts'
import { latin1, rc4Schedule, rc4Text } from './rc4.ts'
import { Kind } from './token-arena.ts'
import { argumentsAt, type LexedText, punctuationAt, wrappersOf } from './wrapper-functions.ts'

/** A call that stands for a string: tokens `from` to `to`, the last not included. */
interface KeyedCall {
  readonly from: number
  readonly to: number
  readonly index: number
  readonly key: Uint8Array
}

/** Obfuscators draw keys of four characters. */
const KEY_BYTES = 4
const FEWEST_STRINGS = 8
const MOST_STRINGS = 8192
const FEWEST_CALLS = 8
/** Calls that are tried under every rotation of the table, and how many of them must come out as text. */
const VOTERS = 24
const LEAST_AGREED = 0.8

/**
 * A text in which strings were enciphered with RC4 and put in a table, as `javascript-obfuscator` does: the same text with the
 * strings in place of the calls that fetch them, and pieces of one string joined. `null` when it is no such text. The table was
 * rotated by an unknown number; it is the one under which the calls yield text.
 */
export function withKeyedStrings(text: LexedText): Uint8Array | null {
  const table = tableOf(text)
  if (table.length < FEWEST_STRINGS) return null
  const calls = callsOf(text)
  if (calls.length < FEWEST_CALLS) return null
  const states = new Map<string, Uint8Array>()
  const decode = (call: KeyedCall, rotation: number): Uint8Array | null => {
    const name = String.fromCharCode(...call.key)
    let state = states.get(name)
    if (state === undefined) states.set(name, (state = rc4Schedule(call.key)))
    const at = (((call.index + rotation) % table.length) + table.length) % table.length
    const bytes = table[at]
    return bytes ? rc4Text(state, bytes) : null
  }
  const rotation = rotationOf(calls, table.length, decode)
  if (rotation < 0) return null
  const strings = new Map<number, { readonly to: number; readonly text: Uint8Array }>()
  for (const call of calls) {
    const found = decode(call, rotation)
    if (found !== null) strings.set(call.from, { to: call.to, text: found })
  }
  return rewritten(text, strings)
}

/** The longest list of strings, decoded from base64; what is none is null. */
function tableOf({ tokens, bytes }: LexedText): readonly (Uint8Array | null)[] {
  let best: [number, number] = [0, 0]
  for (let at = 0; at < tokens.count; ) {
    let end = at
    while (end < tokens.count && tokens.kind[end] === Kind.string) {
      end += bytes[tokens.start[end + 1] ?? 0] === 44 ? 2 : 1
    }
    if (end - at > best[1] - best[0]) best = [at, end]
    at = Math.max(end, at + 1)
  }
  const table: (Uint8Array | null)[] = []
  for (let at = best[0]; at < best[1] && table.length < MOST_STRINGS; at += 2) {
    const decoded = decodeSwapped(tokens.text, tokens.textStart[at]!, tokens.textEnd[at]!)
    table.push(decoded === null ? null : latin1(decoded))
  }
  return table
}

function callsOf(text: LexedText): readonly KeyedCall[] {
  const wrappers = wrappersOf(text)
  const { tokens } = text
  const calls: KeyedCall[] = []
  for (let at = 0; at + 3 < tokens.count; at++) {
    const wrapper = tokens.kind[at] === Kind.word ? wrappers.get(tokens.hash[at]!) : undefined
    if (wrapper === undefined) continue
    const call = argumentsAt(text, at + 1)
    const index = call?.arguments[wrapper.index]
    const key = call?.tokens[wrapper.key]
    if (!call || !index || key === undefined || index.name !== 0 || tokens.kind[key] !== Kind.string) continue
    const bytes = tokens.text.slice(tokens.textStart[key], tokens.textEnd[key])
    if (bytes.length === KEY_BYTES)
      calls.push({ from: at, to: call.end, index: index.value + wrapper.offset, key: bytes })
  }
  return calls
}

/** The rotation under which most voters yield text; -1 when under none enough do. */
function rotationOf(
  calls: readonly KeyedCall[],
  length: number,
  decode: (call: KeyedCall, rotation: number) => Uint8Array | null,
): number {
  const step = Math.max(1, Math.floor(calls.length / VOTERS))
  const voters = calls.filter((_, at) => at % step === 0).slice(0, VOTERS)
  const allowed = Math.floor(voters.length * (1 - LEAST_AGREED))
  let best = -1
  let fewest = allowed + 1
  for (let rotation = 0; rotation < length && fewest > 0; rotation++) {
    let failed = 0
    for (const call of voters) {
      if (decode(call, rotation) === null) failed++
      if (failed >= fewest) break
    }
    if (failed < fewest) [best, fewest] = [rotation, failed]
  }
  return best
}

/** The text with calls replaced by their strings; strings that are added to each other become one. */
function rewritten(
  text: LexedText,
  strings: ReadonlyMap<number, { readonly to: number; readonly text: Uint8Array }>,
): Uint8Array {
  const { tokens, bytes } = text
  const out = new Uint8Array(bytes.length + 16)
  let length = 0
  const put = (part: Uint8Array): void => {
    out.set(part.subarray(0, out.length - length), length)
    length = Math.min(out.length, length + part.length)
  }
  const stringAt = (at: number): { readonly to: number; readonly text: Uint8Array } | undefined => {
    if (tokens.kind[at] !== Kind.string || at >= tokens.count) return strings.get(at)
    return { to: at + 1, text: tokens.text.subarray(tokens.textStart[at], tokens.textEnd[at]) }
  }
  let copied = 0
  for (let at = 0; at < tokens.count; ) {
    let piece = stringAt(at)
    if (piece === undefined) {
      at++
      continue
    }
    put(bytes.subarray(copied, tokens.start[at]))
    put(QUOTE)
    let end = piece.to
    while (piece !== undefined) {
      put(escaped(piece.text))
      end = piece.to
      piece = punctuationAt(text, end) === 43 ? stringAt(end + 1) : undefined
    }
    put(QUOTE)
    copied = tokens.end[end - 1]!
    at = end
  }
  put(bytes.subarray(copied))
  return out.subarray(0, length)
}

const QUOTE = Uint8Array.of(39)

function escaped(text: Uint8Array): Uint8Array {
  if (!text.some((byte) => byte === 39 || byte === 92 || byte === 10 || byte === 13)) return text
  const out: number[] = []
  for (const byte of text) {
    if (byte === 39 || byte === 92) out.push(92, byte)
    else if (byte === 10) out.push(92, 110)
    else if (byte === 13) out.push(92, 114)
    else out.push(byte)
  }
  return Uint8Array.from(out)
}
