import type { Container } from '../../internal/piece-order.ts'
import { type List, outlineOf } from './blocks.ts'
import { spellWords } from './words.ts'

/** The unordered lists of a text; an item's key is its own first paragraph, word by word. */
export function containersOf(text: string): readonly Container[] {
  return outlineOf(text).lists.map((list) => listContainer(text, list))
}

/** One list. Its items are long enough to be told by themselves, so nothing around it counts. */
export function listContainer(text: string, list: List): Container {
  const pieces = list.items.map((item) => ({
    key: spellWords(text.slice(item.lead.start, item.lead.end)),
    span: item.span,
  }))
  return { kind: 'list', path: '', pieces, local: new Set(pieces.map((piece) => piece.key)), scope: new Set() }
}
