import { readSites } from '../../internal/read-orders.ts'
import { wireAlike } from '../../internal/wire-alike.ts'
import type { Language } from '../../language.ts'
import { outlineOf } from './blocks.ts'
import { containersOf } from './containers.ts'
import { findSites } from './find.ts'
import { phraseReader } from './read-phrases.ts'
import { wordsOf } from './words.ts'

/** Markdown documents. Any text is Markdown, so `parseError` never refuses one. */
export const markdown: Language = {
  id: 'markdown',
  matches: (path) => /\.(?:md|markdown)$/i.test(path),
  comment: { open: '<!--', close: '-->' },
  find: (text) => Promise.resolve(findSites(text)),
  read: (plan, sample) => {
    const alike = wireAlike(plan)
    return Promise.resolve(readSites(plan, sample, containersOf, phraseReader(alike(plan.text), alike(sample.text))))
  },
  parseError: () => Promise.resolve(null),
  resembles: (text) => {
    const { blocks, lists } = outlineOf(text)
    const headings = /^#{1,6} \S/m.test(text) ? 1 : 0
    return Promise.resolve(blocks.length < 2 ? 0 : Math.min(0.5, 0.2 * headings + 0.1 * lists.length))
  },
  canonical: (file, text) =>
    Promise.resolve(
      wordsOf(wireAlike(file)(text))
        .map((word) => word.key)
        .sort()
        .join(' '),
    ),
}
