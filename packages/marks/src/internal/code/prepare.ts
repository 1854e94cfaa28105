import { bitsOf } from './background.ts'
import type { ClassTable } from './classes.ts'
import type { CodeModel, CodeToken } from './model.ts'

/** A token as the reader compares it: equal keys mean the same thing in every copy. */
export interface KeyedToken {
  readonly key: string
  /** How much it says that this key is here, in bits: 0 for nothing. */
  readonly bits: number
  readonly start: number
}

/** Keyed tokens in text order with an index. */
export interface TokenIndex {
  readonly tokens: readonly KeyedToken[]
  readonly positions: ReadonlyMap<string, readonly number[]>
}

/** A value of some wire pool found in a text. */
export interface WireHit {
  readonly kind: 'string' | 'number'
  readonly value: string
  readonly start: number
  /** True when the value is the whole literal. */
  readonly whole: boolean
}

/** A text made ready for locating sites in it. */
export interface Prepared {
  readonly model: CodeModel
  /** Without anything a renaming tool changes. */
  readonly erased: TokenIndex
  /** With local names; synonyms of one pool share a key. */
  readonly named: TokenIndex
  readonly hits: readonly WireHit[]
  /** True when most names are too short for a person to have chosen. */
  readonly mangled: boolean
  /** True when a minifier was here, whether or not it kept the names: it writes choices and loops its own way. */
  readonly squeezed: boolean
}

/** Words in one string that are keyed; the rest of longer ones is skipped. */
const MAX_WORDS = 400
const NAME_WEIGHT = 0.6
const POOL_BITS = 3
const WORD = /[A-Za-z0-9_$]+/g

/**
 * @param table - classes of the plan file
 * @param planNames - names bound in the plan file: a sample that lacks their definitions must not make them look global
 */
export function prepare(model: CodeModel, table: ClassTable, planNames: ReadonlySet<string>): Prepared {
  const erased: KeyedToken[] = []
  const named: KeyedToken[] = []
  const hits: WireHit[] = []
  for (const token of model.tokens) {
    if (token.kind === 'string') {
      const words = keyString(token, table, hits)
      erased.push(...words)
      named.push(...words)
      continue
    }
    const local = token.kind === 'name' && (model.bound.has(token.value) || planNames.has(token.value))
    const keyed = local ? keyName(token, table) : keyPlain(token, table, hits)
    named.push(keyed)
    if (!local) erased.push(keyed)
  }
  const mangled = isMangled(model.bound)
  const squeezed = mangled || isSqueezed(model.text)
  return { model, erased: index(erased), named: index(named), hits, mangled, squeezed }
}

/** Names are chosen by people, who often choose the same: they say less than other words. */
function keyName(token: CodeToken, table: ClassTable): KeyedToken {
  const pool = table.names.get(token.value)
  const key = `v:${pool ?? token.value}`
  return { key, bits: pool === undefined ? NAME_WEIGHT * bitsOf(`w:${token.value}`) : POOL_BITS, start: token.start }
}

function keyPlain(token: CodeToken, table: ClassTable, hits: WireHit[]): KeyedToken {
  const start = token.start
  if (token.kind === 'number') {
    const pool = table.numbers.get(token.value)
    if (pool !== undefined) hits.push({ kind: 'number', value: token.value, start, whole: true })
    const key = pool === undefined ? `n:${token.value}` : `n#${pool}`
    return { key, bits: pool === undefined ? bitsOf(key) : 4, start }
  }
  const key = token.kind === 'mark' ? `o:${token.value}` : `w:${token.value}`
  return { key, bits: bitsOf(key), start }
}

function keyString(token: CodeToken, table: ClassTable, hits: WireHit[]): KeyedToken[] {
  const whole = table.strings.get(token.value)
  if (whole !== undefined) {
    hits.push({ kind: 'string', value: token.value, start: token.start, whole: true })
    return [{ key: `w#${whole}`, bits: 8, start: token.start }]
  }
  const out: KeyedToken[] = []
  let at = 0
  if (table.pattern) {
    table.pattern.lastIndex = 0
    for (let found = table.pattern.exec(token.value); found; found = table.pattern.exec(token.value)) {
      addWords(out, token, at, found.index)
      const start = token.start + found.index
      hits.push({ kind: 'string', value: found[0], start, whole: false })
      out.push({ key: `w#${table.strings.get(found[0])}`, bits: 8, start })
      at = found.index + found[0].length
    }
  }
  addWords(out, token, at, token.value.length)
  return out
}

function addWords(out: KeyedToken[], token: CodeToken, from: number, to: number): void {
  for (const match of token.value.slice(from, to).matchAll(WORD)) {
    if (out.length >= MAX_WORDS) return
    const key = `w:${match[0]}`
    out.push({ key, bits: bitsOf(key), start: Math.min(token.end, token.start + from + match.index) })
  }
}

function index(tokens: readonly KeyedToken[]): TokenIndex {
  const positions = new Map<string, number[]>()
  for (const [at, token] of tokens.entries()) {
    const known = positions.get(token.key)
    if (known) known.push(at)
    else positions.set(token.key, [at])
  }
  return { tokens, positions }
}

/** Characters a line in the mean above which nobody wrote it so. */
const LONG_LINES = 160

/** Very long lines, or the `!0` and `void 0` that minifiers write for `true` and `undefined`, which stay when it is formatted again. */
function isSqueezed(text: string): boolean {
  const lines = text.split('\n').length
  return text.length > LONG_LINES * lines || (text.match(/(?<![\w$)\]])(?:![01](?![\w.])|void 0\b)/g)?.length ?? 0) > 2
}

function isMangled(bound: ReadonlySet<string>): boolean {
  if (bound.size < 6) return false
  let short = 0
  for (const name of bound) if (name.length <= 2) short++
  return short / bound.size >= 0.5
}

/** First token at or after an offset. */
export function tokenAt(tokens: readonly KeyedToken[], offset: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tokens[middle]!.start < offset) low = middle + 1
    else high = middle
  }
  return low
}
