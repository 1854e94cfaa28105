import { THESAURUS } from './thesaurus.ts'

/** Most alternatives a name gets; a power of two, as are all pool sizes, so that a uniform law is exact. */
const MAX_POOL = 16
const MIN_POOL = 4

/** Words that some supported language reserves, at least in strict mode. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments eval package delete default interface private protected public static import export return class function yield await ' +
    'match case type with from pass lambda global nonlocal assert enum super this void typeof'
  ).split(' '),
)

const GROUPS: ReadonlyMap<string, readonly string[]> = readGroups()

function readGroups(): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const line of THESAURUS.split('\n')) {
    const words = line
      .trim()
      .split(' ')
      .filter((word) => word !== '')
    for (const word of words) if (!groups.has(word)) groups.set(word, words)
  }
  return groups
}

/**
 * Gives local names natural alternatives, never one that is in `taken` or was given before, so that the pools of a function are disjoint.
 * The list starts with the name itself and has 4, 8 or 16 words; null when the name has too few synonyms.
 */
export function createNamer(taken: Iterable<string>): (name: string) => readonly string[] | null {
  const used = new Set(taken)
  return (name) => {
    if (name.length < 3) return null
    const fresh = alternatives(name).filter((word) => !used.has(word) && !RESERVED.has(word))
    const size = 2 ** Math.floor(Math.log2(fresh.length + 1))
    if (size < MIN_POOL) return null
    const words = [name, ...fresh.slice(0, Math.min(size, MAX_POOL) - 1)]
    for (const word of words) used.add(word)
    return words
  }
}

/** Names that say the same, in the name's own spelling (snake_case or camelCase). */
function alternatives(name: string): string[] {
  const style = styleOf(name)
  if (!style) return []
  const whole = GROUPS.get(style.words.join('_'))
  const parts = style.words.map((word) => (whole ? [] : (GROUPS.get(word) ?? [])))
  const phrases = whole ? whole.map((word) => word.split('_')) : product(style.words, parts)
  return [...new Set(phrases.map((words) => style.join(words)))].filter((word) => word !== name)
}

interface Style {
  readonly words: readonly string[]
  join(words: readonly string[]): string
}

function styleOf(name: string): Style | null {
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) return { words: name.split('_'), join: (words) => words.join('_') }
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return null
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase())
  return { words, join: camel }
}

function camel(words: readonly string[]): string {
  const all = words.flatMap((word) => word.split('_'))
  return all.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

/** Replaces words by members of their groups: one at a time first, then two together. */
function product(words: readonly string[], parts: readonly (readonly string[])[]): string[][] {
  const single = words.flatMap((_, at) => (parts[at] ?? []).map((word) => words.with(at, word)))
  const double = words.flatMap((_, at) =>
    (parts[at] ?? []).flatMap((one) => (parts[at + 1] ?? []).map((two) => words.with(at, one).with(at + 1, two))),
  )
  return [...single, ...double]
}
