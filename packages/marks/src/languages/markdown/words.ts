import { PHRASE_FAMILIES } from './phrases.ts'

/** A word, or a phrase of the table as a whole. `family` and `variant` are -1 for plain words. */
export interface Word {
  /** Lower case; the same for all phrases of a family. */
  readonly key: string
  readonly start: number
  readonly end: number
  readonly family: number
  readonly variant: number
}

const PHRASES_BY_FIRST: ReadonlyMap<string, readonly Phrase[]> = phrasesByFirst()

interface Phrase {
  readonly words: readonly string[]
  readonly family: number
  readonly variant: number
}

function phrasesByFirst(): ReadonlyMap<string, readonly Phrase[]> {
  const index = new Map<string, Phrase[]>()
  for (const [family, { phrases }] of PHRASE_FAMILIES.entries()) {
    for (const [variant, phrase] of phrases.entries()) {
      const words = phrase.split(' ')
      const first = words[0] ?? ''
      index.set(first, [...(index.get(first) ?? []), { words, family, variant }])
    }
  }
  for (const list of index.values()) list.sort((a, b) => b.words.length - a.words.length)
  return index
}

/** The words of a text in order, without punctuation, markup and layout, phrases of the table taken together. */
export function wordsOf(text: string): readonly Word[] {
  const plain = [...text.matchAll(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu)].map((match) => ({
    key: match[0].toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
    family: -1,
    variant: -1,
  }))
  const words: Word[] = []
  for (let i = 0; i < plain.length; i++) {
    const word = plain[i]
    if (word === undefined) break
    const phrase = phraseAt(text, plain, i)
    const last = plain[i + (phrase?.words.length ?? 1) - 1]
    if (phrase === undefined || last === undefined) {
      words.push(word)
      continue
    }
    words.push({
      key: `<${phrase.family}>`,
      start: word.start,
      end: last.end,
      family: phrase.family,
      variant: phrase.variant,
    })
    i += phrase.words.length - 1
  }
  return words
}

function phraseAt(text: string, words: readonly Word[], i: number): Phrase | undefined {
  return PHRASES_BY_FIRST.get(words[i]?.key ?? '')?.find((phrase) => {
    if (!phrase.words.every((word, k) => words[i + k]?.key === word)) return false
    const end = words[i + phrase.words.length - 1]?.end ?? 0
    const place = PHRASE_FAMILIES[phrase.family]?.place
    if (place === 'opener') return text[end] === ',' && /\p{Lu}/u.test(text[words[i]?.start ?? 0] ?? '')
    return place !== 'number' || /^\s+\d/.test(text.slice(end, end + 4))
  })
}

/** Words of a piece of text as one string that re-wrapping and markup do not change. */
export function spellWords(text: string): string {
  return wordsOf(text)
    .map((word) => word.key)
    .join(' ')
}
