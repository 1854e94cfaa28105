import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { survivalOf } from './survival.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/marks.md'), 'utf8')
/** Kinds, and the four figures, of each row of the table. */
const rows = [...page.matchAll(/^\| \w+ \| (`.*?`) \| .* \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm)].map(
  ([, kinds = '', ...figures]) => ({
    kinds: [...kinds.matchAll(/`(.*?)`/g)].map((found) => found[1] ?? ''),
    figures: figures.map(Number),
  }),
)

describe('docs/marks.md', () => {
  it('names every kind that has a prior, once', () => {
    const named = rows.flatMap(({ kinds }) => kinds)
    const source = readFileSync(join(import.meta.dirname, 'survival.ts'), 'utf8')
    const known = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \[/gm)].map((found) => String(found[1]))
    expect(named.toSorted()).toEqual(known.toSorted())
  })

  it.each(rows.flatMap(({ kinds, figures }) => kinds.map((kind) => [kind, figures] as const)))(
    'has the priors of %s',
    (kind, figures) => {
      const { format, minify, refactor, rewrite } = survivalOf(kind)
      expect(figures).toEqual([format, minify, refactor, rewrite])
    },
  )
})
