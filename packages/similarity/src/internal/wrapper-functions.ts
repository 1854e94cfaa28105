import { numberValue } from './number-value.ts'
import { Kind, type TokenArena } from './token-arena.ts'

/** A function that only calls another one: which of its parameters becomes the index, plus what, and which the key. */
export interface Wrapper {
  readonly index: number
  readonly offset: number
  readonly key: number
}

/** Lexed text with what is asked of it most. */
export interface LexedText {
  readonly bytes: Uint8Array
  readonly tokens: TokenArena
}

/** An argument `name`, `name - 0x1f`, `-0x1f` or `0x1f`; `name` is 0 for a number alone, and `value` what is added. */
interface Argument {
  readonly name: number
  readonly value: number
}

interface Definition {
  readonly parameters: readonly number[]
  readonly callee: number
  readonly arguments: readonly (Argument | null)[]
}

const DEEPEST = 16
const MOST_ARGUMENTS = 12
const OPEN = 40
const CLOSE = 41
const COMMA = 44

/** First byte of a token of punctuation; 0 for any other token. */
export function punctuationAt(text: LexedText, at: number): number {
  const { tokens, bytes } = text
  return at < tokens.count && tokens.kind[at] === Kind.punctuation ? bytes[tokens.start[at]!]! : 0
}

/** Functions of the form `function f(a, b) { return g(b - 0x1f, a) }`, resolved down to the one that is no such function. Keys are hashes of names. */
export function wrappersOf(text: LexedText): ReadonlyMap<number, Wrapper> {
  const definitions = new Map<number, Definition>()
  const { tokens, bytes } = text
  for (let at = 0; at + 8 < tokens.count; at++) {
    if (tokens.kind[at] !== Kind.keyword || bytes[tokens.start[at]!] !== 102 || tokens.kind[at + 1] !== Kind.word)
      continue
    const definition = definitionAt(text, at + 2)
    if (definition !== null) definitions.set(tokens.hash[at + 1]!, definition)
  }
  const wrappers = new Map<number, Wrapper>()
  for (const name of definitions.keys()) {
    const wrapper = resolve(name, definitions, 0)
    if (wrapper !== null) wrappers.set(name, wrapper)
  }
  // What they all end in takes the index first and the key second.
  for (const { callee } of definitions.values())
    if (!definitions.has(callee)) wrappers.set(callee, { index: 0, offset: 0, key: 1 })
  return wrappers
}

function resolve(name: number, definitions: ReadonlyMap<number, Definition>, depth: number): Wrapper | null {
  const definition = definitions.get(name)
  if (definition === undefined) return { index: 0, offset: 0, key: 1 }
  if (depth === DEEPEST) return null
  const inner = resolve(definition.callee, definitions, depth + 1)
  if (inner === null) return null
  const index = definition.arguments[inner.index]
  const key = definition.arguments[inner.key]
  if (!index || !key || key.value !== 0) return null
  const from = definition.parameters.indexOf(index.name)
  const keyFrom = definition.parameters.indexOf(key.name)
  return from < 0 || keyFrom < 0 ? null : { index: from, offset: inner.offset + index.value, key: keyFrom }
}

function definitionAt(text: LexedText, open: number): Definition | null {
  const { tokens } = text
  const parameters: number[] = []
  if (punctuationAt(text, open) !== OPEN) return null
  let at = open + 1
  while (tokens.kind[at] === Kind.word && parameters.length < MOST_ARGUMENTS) {
    parameters.push(tokens.hash[at]!)
    if (punctuationAt(text, at + 1) !== COMMA) break
    at += 2
  }
  at++
  const isReturn = tokens.kind[at + 2] === Kind.keyword && tokens.kind[at + 3] === Kind.word
  if (punctuationAt(text, at) !== CLOSE || punctuationAt(text, at + 1) !== 123 || !isReturn) return null
  const call = argumentsAt(text, at + 4)
  return call === null ? null : { parameters, callee: tokens.hash[at + 3]!, arguments: call.arguments }
}

/** Arguments of a call whose `(` is token `open`; those of another form are null. `end` is the token behind `)`. */
export function argumentsAt(
  text: LexedText,
  open: number,
): {
  readonly arguments: readonly (Argument | null)[]
  readonly tokens: readonly number[]
  readonly end: number
} | null {
  if (punctuationAt(text, open) !== OPEN) return null
  const list: (Argument | null)[] = []
  const tokens: number[] = []
  let from = open + 1
  for (let at = from; at < Math.min(text.tokens.count, open + 6 * MOST_ARGUMENTS); at++) {
    const byte = punctuationAt(text, at)
    if (byte === OPEN) return null
    if (byte !== COMMA && byte !== CLOSE) continue
    list.push(argumentOf(text, from, at))
    tokens.push(from)
    from = at + 1
    if (byte === CLOSE) return { arguments: list, tokens, end: from }
  }
  return null
}

function argumentOf(text: LexedText, from: number, to: number): Argument | null {
  const { tokens, bytes } = text
  let at = from
  let name = 0
  if (tokens.kind[at] === Kind.word) name = tokens.hash[at++]!
  let sign = 1
  while (at < to && tokens.kind[at] === Kind.punctuation) {
    const byte = bytes[tokens.start[at]!]
    if (byte === 45) sign = -sign
    else if (byte !== 43) return null
    at++
  }
  if (at === to) return name === 0 ? null : { name, value: 0 }
  if (tokens.kind[at] !== Kind.number || at + 1 !== to) return null
  return { name, value: sign * numberValue(bytes, tokens.start[at]!, tokens.end[at]!) }
}
