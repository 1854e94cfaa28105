import { describe, expect, it } from 'vitest'
import { checkCopy } from './check-copy.ts'
import { findSites } from './find-sites.ts'
import { renderFile } from './render.ts'
import type { PlanFile } from './site.ts'

const source = `import zq_socket


def lantern(archive):
    zq_marker = "lantern-7"  # sigillo:mark essential lantern-7 | harbour-8 | meadow-9
    zq_socket.zq_send(archive.zq_first, zq_marker)
    return archive.zq_second - archive.zq_third


def harbour(archive):
    ceiling = 90417
    zq_socket.zq_listen(archive.zq_fourth)
    return zq_socket.zq_accept(ceiling, archive.zq_fifth)
`

const file = async (): Promise<PlanFile> => (await findSites('a.py', source)).file

describe('checkCopy', () => {
  it('passes every copy the renderer makes', async () => {
    const plan = await file()
    expect(plan.sites.map((site) => site.kind)).toEqual(
      expect.arrayContaining(['essential', 'function-order', 'statement-order']),
    )
    for (const turn of [0, 1]) {
      const word = (id: string): number => (id.includes('essential') ? 2 * turn : turn)
      expect(await checkCopy(plan, renderFile(plan, word), word)).toEqual({ ok: true })
    }
  })

  it.each<[string, (copy: string) => string, RegExp]>([
    ['does not parse', (copy) => copy.replace('def lantern(', 'def lantern(('), /does not parse: no python at line/],
    ['lost a statement', (copy) => copy.replace(/.*zq_listen.*\n/, ''), /more than its marks/],
    ['has a changed operator', (copy) => copy.replace(' - ', ' + '), /more than its marks/],
    ['has a changed number', (copy) => copy.replace('90417', '90418'), /more than its marks/],
    ['has a changed string', (copy) => copy.replace('lantern-7', 'somewhere'), /more than its marks/],
    [
      'has operands exchanged where no site allows it',
      (copy) => copy.replace('archive.zq_second - archive.zq_third', 'archive.zq_third - archive.zq_second'),
      /more than its marks/,
    ],
    ['carries another codeword', (copy) => copy.replace('lantern-7', 'meadow-9'), /a\.py#essential-1 reads back as 2/],
  ])('names a copy that %s', async (_, spoil, reason) => {
    const plan = await file()
    const copy = renderFile(plan, () => 0)
    const verdict = await checkCopy(plan, spoil(copy), () => 0)
    expect(spoil(copy)).not.toBe(copy)
    expect(verdict).toMatchObject({ ok: false, reason: expect.stringMatching(reason) })
  })
})
