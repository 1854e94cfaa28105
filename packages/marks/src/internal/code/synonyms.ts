import { ACTIONS } from './actions.ts'
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

const GROUPS: ReadonlyMap<string, readonly string[]> = readGroups(THESAURUS)
const VERBS: ReadonlyMap<string, readonly string[]> = readGroups(ACTIONS)

function readGroups(text: string): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const line of text.split('\n')) {
    const words = line
      .trim()
      .split(' ')
      .filter((word) => word !== '')
    for (const word of words) if (!groups.has(word)) groups.set(word, words)
  }
  return groups
}

/** How a language usually writes names of several words. */
export type Spelling = 'snake' | 'camel'

/** What a name is for: things keep their place in a phrase, actions begin with a verb, which alone is replaced. */
export type NameRole = 'thing' | 'action'

/**
 * Gives local names natural alternatives, never one that is in `taken` or was given before, so that the pools of a function are disjoint.
 * Words of several parts are spelled like the name, or in the language's `spelling` where the name has one part only. The list starts with the name itself and has 4, 8 or 16 words; null when the name has too few synonyms.
 */
export function createNamer(
  taken: Iterable<string>,
  spelling: Spelling,
  role: NameRole = 'thing',
): (name: string) => readonly string[] | null {
  const used = new Set(taken)
  return (name) => {
    if (name.length < 3) return null
    const fresh = alternatives(name, spelling, role).filter((word) => !used.has(word) && !RESERVED.has(word))
    const size = 2 ** Math.floor(Math.log2(fresh.length + 1))
    if (size < MIN_POOL) return null
    const words = [name, ...fresh.slice(0, Math.min(size, MAX_POOL) - 1)]
    for (const word of words) used.add(word)
    return words
  }
}

/** Names that say the same. */
function alternatives(name: string, spelling: Spelling, role: NameRole): string[] {
  const words = wordsOf(name)
  if (!words) return []
  const style = name.includes('_') ? 'snake' : /[A-Z]/.test(name) ? 'camel' : spelling
  const phrases = role === 'action' ? actions(words) : things(words)
  return [...new Set(phrases.map((phrase) => spell(phrase, style)))].filter((word) => word !== name)
}

function things(words: readonly string[]): string[][] {
  const whole = GROUPS.get(words.join('_'))
  if (whole) return whole.map((word) => [word])
  return product(
    words,
    words.map((word) => GROUPS.get(word) ?? []),
  )
}

/** `send_mail` as `dispatch_mail`. */
function actions([verb = '', ...rest]: readonly string[]): string[][] {
  return (VERBS.get(verb) ?? []).map((word) => [word, ...rest])
}

/** The words of a snake_case or camelCase name, in lower case; null for names in another style. */
function wordsOf(name: string): string[] | null {
  if (/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) return name.split('_')
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) return null
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase())
}

function spell(phrase: readonly string[], style: Spelling): string {
  const words = phrase.flatMap((word) => word.split('_'))
  if (style === 'snake') return words.join('_')
  return words.map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

/** Replaces words by members of their groups: one at a time first, then two together. */
function product(words: readonly string[], parts: readonly (readonly string[])[]): string[][] {
  const single = words.flatMap((_, at) => (parts[at] ?? []).map((word) => words.with(at, word)))
  const double = words.flatMap((_, at) =>
    (parts[at] ?? []).flatMap((one) => (parts[at + 1] ?? []).map((two) => words.with(at, one).with(at + 1, two))),
  )
  return [...single, ...double]
}
