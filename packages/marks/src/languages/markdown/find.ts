import { type Container, type OrderKind, looksSorted, orderDrafts } from '../../internal/piece-order.ts'
import type { SiteDraft } from '../../language.ts'
import type { Damage, Span, Variant } from '../../site.ts'
import { type List, outlineOf } from './blocks.ts'
import { listContainer } from './containers.ts'
import { PHRASE_FAMILIES } from './phrases.ts'
import { type Word, wordsOf } from './words.ts'

/** Estimates: text is quoted or re-wrapped as it is; who edits it keeps most lists and half of the phrases. */
const LIST_SURVIVAL: Readonly<Record<Damage, number>> = {
  verbatim: 1,
  format: 1,
  minify: 1,
  refactor: 0.6,
  rewrite: 0.1,
}
const PHRASE_SURVIVAL: Readonly<Record<Damage, number>> = {
  verbatim: 1,
  format: 1,
  minify: 1,
  refactor: 0.5,
  rewrite: 0.05,
}
const LIST_KIND: OrderKind = { kind: 'item-order', pool: 'doc', survival: LIST_SURVIVAL }

/** Words of context on either side of a phrase that the reader compares, and how many there must be in all. */
const CONTEXT = 6
const LEAST_CONTEXT = 5

/**
 * Sites of a document: order of neighbouring items in unordered lists whose order says nothing, and phrases of the table. Nothing in
 * headings, tables, quotations, code, links or HTML.
 */
export function findSites(text: string): readonly SiteDraft[] {
  const outline = outlineOf(text)
  const lists = outline.lists.flatMap((list, index) => listSites(text, list, index))
  const phrases = phraseSites(
    text,
    outline.blocks.map((block) => block.span),
  )
  return [...lists, ...phrases]
}

const INTRO_ORDERS =
  /\b(?:order(?:ed)?|first|then|next|last|steps?|strongest|weakest|sequence|rank\w*|priorit\w*|ascending|descending|oldest|newest|chronolog\w*|procedure|contents|stages?|phases?)\b/i
const ITEM_ORDERS =
  /\b(?:first|second|secondly|third|thirdly|then|next|finally|lastly|last|afterwards?|above|below|previous(?:ly)?|preceding|former|latter|again|also|too|likewise|others?|another|remaining|rest|otherwise|step|instead|same|worst|best|these|those)\b|\b(?:after|before) (?:that|this)\b/i

function listSites(text: string, list: List, index: number): readonly SiteDraft[] {
  const container = listContainer(text, list)
  const items = list.items.map((item) => text.slice(item.span.start, item.span.end))
  const leads = list.items.map((item) => text.slice(item.lead.start, item.lead.end))
  const contents = leads.filter((lead) => /^\[[^\]]*\]\(#/.test(lead)).length
  if (INTRO_ORDERS.test(list.intro) || looksSorted(leads) || contents > 1) return []
  const wide: Container = {
    ...container,
    pieces: container.pieces.map((piece, i) => ({ ...piece, span: list.items[i]?.span ?? piece.span })),
  }
  return orderDrafts(text, wide, index, LIST_KIND, (a, b) => {
    const [first, second] = [items[a] ?? '', items[b] ?? '']
    return mayMove(first) && mayMove(second) && shape(first) === shape(second)
  })
}

const LEAST_WORDS = 3

function mayMove(item: string): boolean {
  const startsWithNumber = /^[\s*_`[(]*v?\d/.test(item)
  return !ITEM_ORDERS.test(item) && !startsWithNumber && wordsOf(item).length >= LEAST_WORDS && !item.includes('\n\n')
}

/** Capital at the start and mark at the end: items that differ in it would show that they were moved. */
function shape(item: string): string {
  const bare = item.trimEnd()
  const joined = /\b(?:and|or)$/.test(bare) ? 'joined' : ''
  const opening = /^(?:\[[ x]\] )?[*_]*\p{Lu}/u.test(item) ? 'capital' : 'small'
  return `${opening} ${/[.;,:!?]$/.exec(bare)?.[0] ?? ''} ${joined} ${/^[*_`[]/.exec(item)?.[0] ?? ''}`
}

function phraseSites(text: string, blocks: readonly Span[]): readonly SiteDraft[] {
  const words = wordsOf(text)
  const closed = protectedSpans(text)
  const counts = new Map<number, number>()
  const drafts: SiteDraft[] = []
  for (const [i, word] of words.entries()) {
    if (word.family < 0) continue
    const ordinal = counts.get(word.family) ?? 0
    counts.set(word.family, ordinal + 1)
    const block = blocks.find((span) => span.start <= word.start && word.end <= span.end)
    if (block === undefined || closed.some((span) => span.start < word.end && word.start < span.end)) continue
    const draft = phraseSite(text, words, i, block, ordinal)
    if (draft !== null) drafts.push(draft)
  }
  return drafts
}

function phraseSite(text: string, words: readonly Word[], i: number, block: Span, ordinal: number): SiteDraft | null {
  const word = words[i]
  const family = PHRASE_FAMILIES[word?.family ?? -1]
  const original = family?.phrases[word?.variant ?? -1]
  if (word === undefined || family === undefined || original === undefined) return null
  const span = { start: word.start, end: word.end }
  const spell = spellingOf(text.slice(span.start, span.end), original)
  const [left, right] = [contextLength(words, i, block, -1), contextLength(words, i, block, 1)]
  if (spell === null || followsArticle(words, i) || left + right < LEAST_CONTEXT) return null
  const others = family.phrases.filter((phrase) => phrase !== original).map(spell)
  const variants: readonly Variant[] = [
    { shown: spell(original) },
    ...others.map((shown) => ({ shown, edits: [{ span, text: shown }] })),
  ]
  const anchor = { family: word.family, ordinal, left, right }
  return { kind: 'phrase', pool: 'doc', span, variants, anchor, survival: PHRASE_SURVIVAL }
}

/** `a nearly …` would have to become `an almost …`. */
function followsArticle(words: readonly Word[], i: number): boolean {
  return /^an?$/.test(words[i - 1]?.key ?? '')
}

/** How the phrases are to be spelled in this place; null where the original is wrapped, emphasised or in capitals. */
function spellingOf(source: string, original: string): ((phrase: string) => string) | null {
  if (source === original) return (phrase) => phrase
  return source === capitalised(original) ? capitalised : null
}

/** How many words of the same paragraph stand next to a phrase in one direction, at most `CONTEXT`. */
function contextLength(words: readonly Word[], i: number, block: Span, step: 1 | -1): number {
  let length = 0
  while (length < CONTEXT) {
    const word = words[i + step * (length + 1)]
    if (word === undefined || word.start < block.start || word.end > block.end) break
    length += 1
  }
  return length
}

function capitalised(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1)
}

/** Inline code, link targets, quotations, HTML. */
function protectedSpans(text: string): readonly Span[] {
  return [...text.matchAll(/`[^`\n]*`|\]\([^)\n]*\)|<[^>\n]*>|"[^"\n]*"|“[^”\n]*”|https?:\/\/\S+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}
