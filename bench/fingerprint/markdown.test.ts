import { describe, expect, it } from 'vitest'
import { betweenMarkers, markdownTable } from './markdown.ts'

describe('tables in a document', () => {
  const document = 'before\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nafter\n'
  it('replace what stands between their markers and nothing else', () => {
    const once = betweenMarkers(document, 'a', markdownTable(['x'], [['1']]))
    expect(once).toBe('before\n<!-- bench:a -->\n\n| x |\n| --- |\n| 1 |\n\n<!-- /bench:a -->\nafter\n')
    expect(betweenMarkers(once, 'a', markdownTable(['x'], [['1']]))).toBe(once)
  })

  it('are refused where there are no markers', () => {
    expect(() => betweenMarkers(document, 'b', 'new')).toThrow('no markers')
  })
})
