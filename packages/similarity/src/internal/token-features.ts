import { addFeature, Channel, type FeatureSet } from './feature-set.ts'
import { FNV_PRIME, FNV_START, mix } from './hashing.ts'
import { numberValue } from './number-value.ts'
import { newRolling, restart, roll, type Rolling, windowStart } from './rolling.ts'
import { Kind, type TokenArena } from './token-arena.ts'

/** Windows of the three channels that look at the order of tokens. */
const RAW = 6
const NORMALISED = 12
const ORDER = 3
/** Characters of a shingle, and how much of one string is shingled: what lies behind is mostly data. */
const SHINGLE = 6
const SHINGLED_BYTES = 4096

/** What every identifier, string and number becomes in the normalised channel. */
const ANY_WORD = mix(101)
const ANY_STRING = mix(102)
const ANY_NUMBER = mix(103)

/** Punctuation that minifiers and formatters add, drop or move. */
const SKIPPED = new Uint8Array(256)
for (const character of ';,(){}[].') SKIPPED[character.charCodeAt(0)] = 1

/** Punctuation that the normalised channel keeps: without names it is most of what tells one structure from another. */
const STRUCTURE = new Uint8Array(256)
for (const character of ';,(){}') STRUCTURE[character.charCodeAt(0)] = 1

/** Windows that slide over the tokens of one file at a time. */
export interface Windows {
  readonly raw: Rolling
  readonly normalised: Rolling
  readonly order: Rolling
  readonly shingle: Rolling
}

export function newWindows(): Windows {
  return {
    raw: newRolling(RAW),
    normalised: newRolling(NORMALISED),
    order: newRolling(ORDER),
    shingle: newRolling(SHINGLE),
  }
}

/** Where features are put: the set, the number of the file, and how offsets in the text map to offsets in the file. */
export interface Place {
  readonly file: number
  /** Offset in the file of byte 0 of the text. */
  readonly base: number
  /** Bytes of the file per byte of the text; 0 for decoded text, all of which lies at `base`. */
  readonly scale: number
  /** Length of what was decoded to this text; only with `scale` 0. */
  readonly length: number
}

/** Adds the features of all five channels of one lexed text. */
export function addTokenFeatures(
  set: FeatureSet,
  windows: Windows,
  tokens: TokenArena,
  bytes: Uint8Array,
  place: Place,
): void {
  restart(windows.raw)
  restart(windows.normalised)
  restart(windows.order)
  const { kind, start, end, hash, count } = tokens
  for (let at = 0; at < count; at++) {
    const from = start[at]!
    const type = kind[at]!
    if (type === Kind.punctuation) {
      const byte = end[at]! - from === 1 ? bytes[from]! : 0
      if (SKIPPED[byte] !== 1) addOrdered(set, windows, hash[at]!, hash[at]!, from, end[at]!, place)
      else if (STRUCTURE[byte] === 1) addNormalised(set, windows.normalised, hash[at]!, from, end[at]!, place)
    } else if (type === Kind.word) {
      addOrdered(set, windows, hash[at]!, ANY_WORD, from, end[at]!, place)
    } else if (type === Kind.keyword) {
      addOrdered(set, windows, hash[at]!, hash[at]!, from, end[at]!, place)
    } else addAnchor(set, windows, tokens, bytes, at, place)
  }
}

/** The raw and the normalised window move by one token. */
function addOrdered(
  set: FeatureSet,
  windows: Windows,
  raw: number,
  normal: number,
  from: number,
  to: number,
  place: Place,
): void {
  const { raw: first } = windows
  if (roll(first, raw, from)) add(set, Channel.raw, first.a, first.b, windowStart(first), to, place)
  addNormalised(set, windows.normalised, normal, from, to, place)
}

function addNormalised(set: FeatureSet, window: Rolling, value: number, from: number, to: number, place: Place): void {
  if (roll(window, value, from)) add(set, Channel.normalised, window.a, window.b, windowStart(window), to, place)
}

function add(set: FeatureSet, channel: number, a: number, b: number, from: number, to: number, place: Place): void {
  const { base, scale } = place
  if (scale === 0) addFeature(set, channel, a, b, place.file, base, base + place.length)
  else addFeature(set, channel, a, b, place.file, base + from * scale, base + to * scale)
}

/** A member name, string, regular expression or number. */
function addAnchor(
  set: FeatureSet,
  windows: Windows,
  tokens: TokenArena,
  bytes: Uint8Array,
  at: number,
  place: Place,
): void {
  const type = tokens.kind[at]!
  const hash = tokens.hash[at]!
  const from = tokens.start[at]!
  const to = tokens.end[at]!
  if (type === Kind.number) {
    addOrdered(set, windows, hash, ANY_NUMBER, from, to, place)
    addInOrder(set, windows, hash, from, to, place)
    if (isRareNumber(bytes, from, to)) add(set, Channel.anchor, hash, hash, from, to, place)
    return
  }
  const member = type === Kind.member || isKey(tokens, bytes, at)
  addOrdered(set, windows, hash, member ? hash : ANY_STRING, from, to, place)
  const textFrom = tokens.textStart[at]!
  const textTo = tokens.textEnd[at]!
  if (type !== Kind.member && textTo === textFrom) return
  addInOrder(set, windows, hash, from, to, place)
  add(set, Channel.anchor, hash, hash, from, to, place)
  if (type !== Kind.member) addShingles(set, windows.shingle, tokens.text, textFrom, textTo, from, to, place)
}

function addInOrder(set: FeatureSet, windows: Windows, hash: number, from: number, to: number, place: Place): void {
  const { order } = windows
  if (roll(order, hash, from)) add(set, Channel.order, order.a, order.b, windowStart(order), to, place)
}

/** Whether a string is used as a name: `o['key']` or `{ 'key': … }`, which obfuscators write for `o.key` and `{ key: … }`. */
function isKey(tokens: TokenArena, bytes: Uint8Array, at: number): boolean {
  if (at === 0 || at + 1 >= tokens.count || tokens.kind[at] !== Kind.string) return false
  const before = bytes[tokens.end[at - 1]! - 1]
  const after = bytes[tokens.start[at + 1]!]
  return (before === 91 && after === 93) || (after === 58 && (before === 123 || before === 44))
}

/** Numbers that hardly meet by chance: five digits, four hexadecimal ones, or three decimals. Round ones do. */
function isRareNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const value = Math.abs(numberValue(bytes, start, end))
  if (!(value < Number.POSITIVE_INFINITY)) return false
  if (!Number.isInteger(value)) return !Number.isInteger(Math.round(value * 1e6) / 1e4)
  return value >= 4096 && value % 1000 !== 0 && (value & (value - 1)) !== 0 && (value & (value + 1)) !== 0
}

/** Adds the shingles of `text[from..to)`. They are where the whole string is. */
export function addShingles(
  set: FeatureSet,
  shingle: Rolling,
  text: Uint8Array,
  from: number,
  to: number,
  tokenStart: number,
  tokenEnd: number,
  place: Place,
): void {
  if (to - from < SHINGLE) return
  restart(shingle)
  const end = Math.min(to, from + SHINGLED_BYTES)
  for (let at = from; at < end; at++) {
    if (roll(shingle, text[at]!, at)) add(set, Channel.string, shingle.a, shingle.b, tokenStart, tokenEnd, place)
  }
}

/** Adds a string found by decoding: as an anchor without order, and its shingles. */
export function addLooseString(
  set: FeatureSet,
  windows: Windows,
  text: Uint8Array,
  from: number,
  to: number,
  place: Place,
): void {
  let h = FNV_START
  for (let at = from; at < to; at++) h = Math.imul(h ^ text[at]!, FNV_PRIME)
  const hash = mix(h)
  add(set, Channel.anchor, hash, hash, 0, 0, place)
  addShingles(set, windows.shingle, text, from, to, 0, 0, place)
}
