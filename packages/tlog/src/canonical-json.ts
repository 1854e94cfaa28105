import { fromUtf8, utf8 } from './encoding.ts'
import { TlogError } from './errors.ts'

/** JSON values that have one canonical text here: no fractions, no integers beyond 2^53-1, strings in Unicode normal form C. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** A JSON object of such values. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Deepest nesting that is written or read. */
export const MAX_JSON_DEPTH: number = 64
/** Default cap of a text to parse, in bytes. */
export const MAX_JSON_BYTES: number = 1024 * 1024

/**
 * Canonical text of a value (RFC 8785 over the I-JSON subset of `JsonValue`): members sorted by UTF-16 code units, no white space.
 * Throws `bad-json`, naming the place, on anything outside the subset: fractions, NaN, minus zero, lone surrogates, strings not in
 * normal form C, holes, `undefined`, class instances, nesting beyond 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0)
}

/** UTF-8 bytes of `canonicalJson`. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8(canonicalJson(value))
}

/**
 * Parses a text that is canonical, byte for byte, and refuses every other text: duplicate or unsorted members, white space, other
 * spellings of a number or an escape. So equal values have equal bytes. Throws `bad-json`. `maxBytes` defaults to 1 MiB.
 */
export function parseCanonicalJson(bytes: Uint8Array, maxBytes: number = MAX_JSON_BYTES): JsonValue {
  if (bytes.length > maxBytes)
    throw new TlogError('bad-json', `the JSON text has ${bytes.length} bytes, more than ${maxBytes}`)
  let text: string
  try {
    text = fromUtf8(bytes)
  } catch {
    throw new TlogError('bad-json', 'the JSON text is not valid UTF-8')
  }
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch {
    throw new TlogError('bad-json', 'the text is not JSON')
  }
  const canonical = canonicalJson(value)
  if (canonical !== text) {
    throw new TlogError('bad-json', `the JSON text is not canonical from character ${firstDifference(canonical, text)}`)
  }
  return value
}

/** Whether a value is a plain object, as JSON.parse makes them. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function write(value: unknown, where: string, depth: number): string {
  if (depth > MAX_JSON_DEPTH) throw new TlogError('bad-json', `nesting deeper than ${MAX_JSON_DEPTH}`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return writeNumber(value, where)
  if (typeof value === 'string') return writeString(value, where)
  if (Array.isArray(value)) return writeArray(value, where, depth)
  if (isPlainObject(value)) return writeObject(value, where, depth)
  throw new TlogError('bad-json', `${where} is not a JSON value`)
}

function writeNumber(value: number, where: string): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new TlogError('bad-json', `${where} is not an integer between -(2^53-1) and 2^53-1`)
  }
  return String(value)
}

function writeString(value: string, where: string): string {
  if (!value.isWellFormed()) throw new TlogError('bad-json', `${where} holds a lone surrogate`)
  if (value.normalize('NFC') !== value) throw new TlogError('bad-json', `${where} is not in Unicode normal form C`)
  return JSON.stringify(value)
}

function writeArray(value: readonly unknown[], where: string, depth: number): string {
  // Array.from visits holes, which then fail as undefined.
  return `[${Array.from(value, (item, at) => write(item, `${where}[${at}]`, depth + 1)).join(',')}]`
}

function writeObject(value: Readonly<Record<string, unknown>>, where: string, depth: number): string {
  const members = Object.keys(value)
    .sort()
    .map((key) => `${writeString(key, `a key in ${where}`)}:${write(value[key], `${where}.${shown(key)}`, depth + 1)}`)
  return `{${members.join(',')}}`
}

/** Keys may be hostile: messages stay one short line. */
function shown(key: string): string {
  return /^[\w-]{1,40}$/.test(key) ? key : '…'
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
