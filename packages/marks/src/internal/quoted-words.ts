import { lineCounter } from './line-of.ts'

/**
 * Words that programs put between quotes: whole literals, and their parts between `? & = ;` and spaces; each as `spokenAlike` writes it, with the
 * line it first stands on.
 */
export function quotedWords(text: string): Map<string, number> {
  const words = new Map<string, number>()
  const lineOf = lineCounter(text)
  for (const found of text.matchAll(/(["'`])((?:(?!\1)[^\\\n]|\\.){1,200})\1/g)) {
    const literal = found[2]!
    for (const part of [literal, ...literal.split(/[?&=;\s]+/)]) {
      const word = spokenAlike(part)
      if (word !== '' && !words.has(word)) words.set(word, lineOf(found.index))
    }
  }
  return words
}

/** One spelling for what a rewriter may spell in several: headers in any case, paths without the first slash, prefixes without the hyphen. */
export function spokenAlike(word: string): string {
  return word.toLowerCase().replace(/^\/|[/:-]$/g, '')
}
