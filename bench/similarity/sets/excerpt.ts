import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Corpus } from '../../marks/survival/corpus.ts'
import { excerpt, modelOf } from '@sigillo/marks/leak/edits'
import { functionsOf } from '@sigillo/marks/leak/functions'

/** What part of an original an excerpt takes. */
const SHARE = 0.3

/**
 * Neighbouring functions that make up three tenths of a text, put before a function in the middle of another one.
 * A text with no such run of functions gives as many lines instead.
 */
export async function functionsInto(corpus: Corpus, text: string, host: string, draw: Draw): Promise<string> {
  const pieces = functionsOf(text, (await modelOf(corpus, text)).regions).flat()
  const wanted = SHARE * text.length
  const starts = pieces.filter((piece) => (pieces.at(-1)?.end ?? 0) - piece.start >= wanted)
  const from = starts[Math.floor(draw() * starts.length)]
  if (from === undefined) return excerpt(text, host, draw)
  const to = pieces.find((piece) => piece.end - from.start >= wanted && piece.start >= from.start)!
  const around = functionsOf(host, (await modelOf(corpus, host)).regions).flat()
  const at = around[Math.floor(around.length / 2)]?.start ?? host.length
  return `${host.slice(0, at)}\n${text.slice(from.start, to.end)}\n${host.slice(at)}`
}
