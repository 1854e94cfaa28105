/** What canonical JSON of this project can hold: whole numbers only. */
export type Portable = null | boolean | string | number | readonly Portable[] | { readonly [key: string]: Portable }

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/
/** Two computations of one number may differ by this much, relatively: libraries round logarithms differently in the last place. */
const TOLERANCE = 1e-9

/**
 * A computed result as plain data for a signed file: numbers with a fraction become their shortest decimal text (`"1.2e-14"`), minus zero becomes zero, `undefined` members
 * disappear, byte arrays become lists, text is brought to Unicode normal form C.
 *
 * @throws RangeError when `value` holds NaN, an infinity, a function or a symbol: no result of ours does.
 */
export function toPortable(value: unknown): Portable {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value.toWellFormed().normalize('NFC')
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written to a dossier`)
    return Number.isSafeInteger(value) ? value + 0 : String(value)
  }
  if (value instanceof Uint8Array) return [...value]
  if (Array.isArray(value)) return value.map(toPortable)
  if (typeof value !== 'object') throw new RangeError(`a ${typeof value} cannot be written to a dossier`)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([key, member]) => [key.toWellFormed().normalize('NFC'), toPortable(member)]))
}

/**
 * Where two portable values first differ, as a path such as `accusations[0].p`, or `null` when they agree. Texts, whole numbers and shapes must be equal;
 * texts that are decimal numbers may differ by a relative 1e-9.
 */
export function firstDifference(a: unknown, b: unknown, path = ''): string | null {
  if (a === b) return null
  if (typeof a === 'string' && typeof b === 'string') return closeDecimals(a, b) ? null : path
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${path}.length`
    return firstOf(a.map((member, index) => firstDifference(member, b[index], `${path}[${index}]`)))
  }
  if (!isRecord(a) || !isRecord(b)) return path
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return firstOf(
    keys.map((key) => (key in a && key in b ? firstDifference(a[key], b[key], join(path, key)) : join(path, key))),
  )
}

/** Whether a text is a number as `toPortable` writes it. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 32 && DECIMAL.test(text)
}

function closeDecimals(a: string, b: string): boolean {
  if (!isDecimalText(a) || !isDecimalText(b)) return false
  const [x, y] = [Number(a), Number(b)]
  return Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstOf(found: readonly (string | null)[]): string | null {
  return found.find((path) => path !== null) ?? null
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
