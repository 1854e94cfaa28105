/**
 * Reads the fields of a parsed JSON object that somebody else wrote: each once, each checked, and none left over. Every method throws what the
 * `fail` given to `readRecord` makes of one line such as `manifest: size must be a whole number`.
 */
export interface RecordReader {
  /** Text of 1 to 200 characters, NFC, without control or invisible formatting characters. */
  text(name: string): string
  /** 64 lower-case hexadecimal digits: a SHA-256. */
  hash(name: string): string
  /** A whole number, 0 to 2^53 - 1. */
  count(name: string): number
  /** An RFC 3339 instant in UTC with `Z`, whole seconds or milliseconds. */
  instant(name: string): string
  /** As `instant`, or `null`. */
  instantOrNull(name: string): string | null
  /** One of the words given. */
  oneOf<const T extends string>(name: string, words: readonly T[]): T
  /** A finite number. */
  number(name: string): number
  /** Any array; its members are still unchecked. */
  list(name: string): readonly unknown[]
  /** An object, as a reader of its own. */
  record(name: string): RecordReader
  /** As `record`, or `null`. */
  recordOrNull(name: string): RecordReader | null
  /** Any value, unchecked. */
  any(name: string): unknown
  /** Names of all fields, read or not. */
  names(): readonly string[]
  /** Ends the reading. @throws when a field was never asked for */
  end(): void
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/

/**
 * Begins to read `value`, which `where` names in messages.
 *
 * @throws what `fail` makes, when `value` is not a plain object.
 */
export function readRecord(value: unknown, where: string, fail: (message: string) => Error): RecordReader {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail(`${where} must be an object`)
  const fields = new Map<string, unknown>(Object.entries(value))
  const left = new Set(fields.keys())
  const take = (name: string): unknown => {
    if (!fields.has(name)) throw fail(`${where}: ${name} is missing`)
    left.delete(name)
    return fields.get(name)
  }
  const checked = <T>(name: string, accepts: (value: unknown) => value is T, rule: string): T => {
    const field = take(name)
    if (!accepts(field)) throw fail(`${where}: ${name} must be ${rule}`)
    return field
  }
  return {
    text: (name) => checked(name, isLabel, '1 to 200 printable characters'),
    hash: (name) => checked(name, isHash, 'a SHA-256 as 64 lower-case hexadecimal digits'),
    count: (name) => checked(name, isCount, 'a whole number'),
    instant: (name) => checked(name, isInstant, 'an instant such as 2026-01-02T03:04:05Z'),
    instantOrNull: (name) =>
      checked(name, (field) => field === null || isInstant(field), 'an instant such as 2026-01-02T03:04:05Z, or null'),
    oneOf: (name, words) =>
      checked(
        name,
        (field): field is (typeof words)[number] => words.some((word) => word === field),
        `one of ${words.join(', ')}`,
      ),
    number: (name) =>
      checked(name, (field): field is number => typeof field === 'number' && Number.isFinite(field), 'a number'),
    list: (name) => checked(name, (field): field is readonly unknown[] => Array.isArray(field), 'a list'),
    record: (name) => readRecord(take(name), `${where}.${name}`, fail),
    recordOrNull: (name) => {
      const field = take(name)
      return field === null ? null : readRecord(field, `${where}.${name}`, fail)
    },
    any: take,
    names: () => [...fields.keys()],
    end: () => {
      const [unknown] = left
      if (unknown !== undefined) throw fail(`${where}: unknown field ${JSON.stringify(unknown.slice(0, 60))}`)
    },
  }
}

/** Whether `value` may be an identifier or name in a signed record: see `RecordReader.text`. */
export function isLabel(value: unknown): value is string {
  if (typeof value !== 'string' || value.length < 1 || value.length > 200) return false
  return value.isWellFormed() && value.normalize('NFC') === value && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)
}

/** Whether `value` is a SHA-256 in lower-case hexadecimal. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** Whether `value` is an instant as `RecordReader.instant` takes it: the form and a real date. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !INSTANT.test(value)) return false
  const time = Date.parse(value)
  // A day that does not exist rolls over in Date.parse; the round trip shows it.
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 19) === value.slice(0, 19)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
