import { bitsOf } from './code/background.ts'

/** Words of a text that ordinary code does not use; comments, strings and names alike. */
export type RareWords = (text: string) => ReadonlySet<string>

const WORD = /[A-Za-z_$][\w$]{3,}/g
/** Bits of a word that ordinary code does not use. */
const RARE = 10

/** A finder of rare words that remembers the texts it was asked about. */
export function rareWords(): RareWords {
  const known = new Map<string, ReadonlySet<string>>()
  return (text) => {
    const words = known.get(text) ?? new Set(rareIn(text))
    known.set(text, words)
    return words
  }
}

/** Words of a text that ordinary code does not use, as often as they stand there. */
export function rareIn(text: string): string[] {
  return (text.match(WORD) ?? []).filter((word) => bitsOf(`w:${word}`) >= RARE)
}

/** How many words two texts share. */
export function sharedWords(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0
  for (const word of one) if (other.has(word)) shared++
  return shared
}
