import { describe, expect, it } from 'vitest'
import type { MarkSite, PlanFile, Reading } from '../site.ts'
import { withCopyEvidence } from './copy-evidence.ts'

const site = (id: string, anchor: MarkSite['anchor'] = {}): MarkSite => ({
  id,
  file: 'a.py',
  kind: 'statement-order',
  pool: 'structural',
  span: { start: 0, end: 0 },
  variants: [],
  line: 1,
  anchor,
  survival: { verbatim: 1, format: 1, minify: 1, refactor: 1, rewrite: 1 },
})

/** How many of `told` readings are left, of a file with so many structural sites. */
function left(told: number, structural: number): number {
  const sites = Array.from({ length: structural }, (_, at) => site(`${at}`))
  const file: PlanFile = { path: 'a.py', language: 'python', text: '', sites }
  const readings = sites.map(({ id }, at): Reading => {
    const read = at < told
    return { site: id, variant: read ? 0 : null, where: read ? { file: 'x', line: 1 } : null, why: '' }
  })
  return withCopyEvidence(file, readings).filter(({ variant }) => variant !== null).length
}

describe('a text of doubtful language', () => {
  it.each([
    [100, 5, 0],
    [100, 6, 6],
    [16, 3, 0],
    [16, 4, 4],
    [3, 1, 0],
    [3, 2, 2],
  ])('of a file with %i sites of structure shows %i: %i are believed', (structural, told, expected) => {
    expect(left(told, structural)).toBe(expected)
  })

  it('may be a port, so declared values stay', () => {
    const file = { path: 'a.py', language: 'python', text: '', sites: [site('a', { read: 'wire' }), site('b')] }
    const readings = file.sites.map(({ id }) => ({ site: id, variant: 1, where: null, why: '' }))
    expect(withCopyEvidence(file, readings)).toMatchObject([
      { variant: 1 },
      { variant: null, why: expect.stringMatching(/too few/) },
    ])
  })
})
