import { ChronologyError, type ChronologyErrorCode } from '../errors.ts'

/** A JSON object being read: its value, where it stands in the document, and which error to throw. */
export interface Field {
  readonly value: Readonly<Record<string, unknown>>
  readonly path: string
  readonly code: ChronologyErrorCode
}

const MAX_TEXT = 20_000

export function objectAt(value: unknown, path: string, code: ChronologyErrorCode): Field {
  if (!isObject(value)) throw expected(path, 'an object', value, code)
  return { value, path, code }
}

export function childObject(field: Field, key: string): Field {
  return objectAt(own(field, key), pathOf(field, key), field.code)
}

/** A string of at most 20,000 characters; `fallback` only when the key is absent. */
export function text(field: Field, key: string, fallback?: string): string {
  const value = own(field, key)
  if (value === undefined && fallback !== undefined) return fallback
  if (typeof value !== 'string' || value.length > MAX_TEXT) {
    throw expected(pathOf(field, key), `a string of at most ${MAX_TEXT} characters`, value, field.code)
  }
  return value
}

/** A string that is neither empty nor blank. */
export function filledText(field: Field, key: string): string {
  const value = text(field, key)
  if (value.trim() === '') throw expected(pathOf(field, key), 'a string that is not empty', value, field.code)
  return value
}

/** A string, or null when the key is absent or null. */
export function textOrNull(field: Field, key: string): string | null {
  return (own(field, key) ?? null) === null ? null : text(field, key)
}

export function flag(field: Field, key: string, fallback: boolean): boolean {
  const value = own(field, key)
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw expected(pathOf(field, key), 'true or false', value, field.code)
  return value
}

/** A whole number of at least 0, or null when absent. */
export function countOrNull(field: Field, key: string): number | null {
  const value = own(field, key) ?? null
  if (value === null) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw expected(pathOf(field, key), 'a whole number of at least 0', value, field.code)
  }
  return value
}

/** A finite number; `fallback` only when the key is absent. */
export function numberAt(field: Field, key: string, fallback?: number): number {
  const value = own(field, key) ?? fallback
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw expected(pathOf(field, key), 'a number', value, field.code)
}

export function oneOf<T extends string>(field: Field, key: string, allowed: readonly T[], fallback?: T): T {
  const value = own(field, key)
  if (value === undefined && fallback !== undefined) return fallback
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw expected(pathOf(field, key), `one of ${allowed.join(', ')}`, value, field.code)
  return found
}

export function list(field: Field, key: string, limit: number): readonly unknown[] {
  const value = own(field, key)
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > limit) {
    throw expected(pathOf(field, key), `a list of at most ${limit} entries`, value, field.code)
  }
  return value
}

export function texts(field: Field, key: string): readonly string[] {
  return list(field, key, 10_000).map((value, i) => {
    if (typeof value === 'string' && value.length <= MAX_TEXT) return value
    throw expected(`${pathOf(field, key)}[${i}]`, 'a string', value, field.code)
  })
}

/** Whatever the format does not name: kept as it came, so that writing the file back loses nothing. */
export function rest(field: Field, known: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(field.value).filter(([key]) => !known.includes(key)))
}

export function pathOf(field: Field, key: string): string {
  return field.path === '' ? key : `${field.path}.${key}`
}

export function expected(path: string, what: string, got: unknown, code: ChronologyErrorCode): ChronologyError {
  return new ChronologyError(code, `${path === '' ? 'the case file' : path}: expected ${what}, found ${show(got)}`)
}

function own(field: Field, key: string): unknown {
  return Object.hasOwn(field.value, key) ? field.value[key] : undefined
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return `a value of type ${typeof value}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
