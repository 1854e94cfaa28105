import { type OrderReading, absent } from '../../internal/piece-order.ts'
import type { MarkSite } from '../../site.ts'
import { PHRASE_FAMILIES } from './phrases.ts'
import { type Word, wordsOf } from './words.ts'

/** Words of context that must agree, and the share of all that were there. */
const LEAST_AGREEING = 4
const LEAST_SHARE = 0.6

/** Answers where each phrase site of a plan stands in a sample and which phrase it shows. */
export function phraseReader(planText: string, sampleText: string): (site: MarkSite) => OrderReading | null {
  const planned = wordsOf(planText)
  const found = wordsOf(sampleText)
  const byFamily = new Map<number, number[]>()
  for (const [i, word] of found.entries())
    if (word.family >= 0) byFamily.set(word.family, [...(byFamily.get(word.family) ?? []), i])
  return (site) => (site.kind === 'phrase' ? readPhrase(site, planned, found, byFamily) : null)
}

function readPhrase(
  site: MarkSite,
  planned: readonly Word[],
  found: readonly Word[],
  byFamily: ReadonlyMap<number, readonly number[]>,
): OrderReading {
  const { family, ordinal, left, right } = phraseAnchor(site)
  const home = planned.flatMap((word, i) => (word.family === family ? [i] : []))[ordinal]
  if (home === undefined) return absent('the plan does not fit its own text')
  const scored = (byFamily.get(family) ?? [])
    .map((at) => ({
      at,
      score: agreement(planned, home, found, at, left, -1) + agreement(planned, home, found, at, right, 1),
    }))
    .filter(({ score }) => score >= LEAST_AGREEING && score >= LEAST_SHARE * (left + right))
    .sort((a, b) => b.score - a.score)
  const best = scored[0]
  const word = found[best?.at ?? -1]
  if (best === undefined || word === undefined) return absent('not found')
  const rival = scored.some(({ at, score }) => score >= best.score - 1 && found[at]?.variant !== word.variant)
  return rival ? absent('several phrases are present') : answer(site, word)
}

function answer(site: MarkSite, word: Word): OrderReading {
  const phrase = PHRASE_FAMILIES[word.family]?.phrases[word.variant]
  const variant = site.variants.findIndex((candidate) => candidate.shown.toLowerCase() === phrase)
  if (variant < 0) return absent('not a phrase of this site')
  return { variant, at: word.start, why: 'phrase between its neighbours' }
}

function phraseAnchor(site: MarkSite): { family: number; ordinal: number; left: number; right: number } {
  const number = (name: string): number => Number(site.anchor[name] ?? -1)
  return { family: number('family'), ordinal: number('ordinal'), left: number('left'), right: number('right') }
}

/** How many words agree next to two phrases in one direction; one word may be missing or other. */
function agreement(a: readonly Word[], i: number, b: readonly Word[], k: number, reach: number, step: 1 | -1): number {
  let agreeing = 0
  let strikes = 0
  for (let distance = 1; distance <= reach && strikes < 2; distance++) {
    if (a[i + step * distance]?.key === b[k + step * distance]?.key) agreeing += 1
    else strikes += 1
  }
  return agreeing
}
