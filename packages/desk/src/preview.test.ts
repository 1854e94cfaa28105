import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMarked, addRecipients, type ExampleDesk, openExampleDesk, sealToAll } from './example-desk.fixture.ts'
import { changePartner, loadRoster } from './partners.ts'
import { previewDistribution } from './preview.ts'
import { distributionsOf } from './seal-distribution.ts'

let example: ExampleDesk
beforeEach(async () => {
  example = await openExampleDesk()
})
afterEach(() => example.remove())

const preview = (to: readonly string[] | 'all' = 'all') =>
  previewDistribution(example.desk, { caseId: 'c1', artefactId: 'a1', to })

describe('the preview of a distribution', () => {
  it('says what sealing then does, and does nothing itself', async () => {
    await addRecipients(example.desk, { p1: 'full', p2: 'entry' })
    await addMarked(example, 'a1', [16, 16])
    const { packages, left, warnings } = await preview()
    expect(await distributionsOf(example.desk)).toEqual([])
    expect(warnings).toEqual([])
    const { packages: sealed } = await sealToAll(example.desk, 'a1')
    expect(
      packages.map(({ recipient, paths, notBefore }) => [recipient.id, paths, new Date(notBefore).toISOString()]),
    ).toEqual(sealed.map(({ recipient, paths, notBefore }) => [recipient, paths, notBefore]))
    expect(left).toEqual([])
  })

  it('warns of who was not there before, and of a vetting that ends before the package may be fetched', async () => {
    await addRecipients(example.desk, { p1: 'full' })
    await addMarked(example, 'a1', [16, 16])
    await sealToAll(example.desk, 'a1')
    await addRecipients(example.desk, { p2: 'entry' })
    await changePartner(example.desk, 'p2', { vettedUntil: '2030-03-04' })
    const { warnings } = await preview()
    expect(warnings.map(({ kind, recipient }) => `${kind} ${recipient}`)).toEqual([
      'vetting-ends p2',
      'first-share p2',
      'new-to-case p2',
    ])
  })
})

describe('changing a recipient', () => {
  it('renews vetting, suspends, and never touches keys', async () => {
    await addRecipients(example.desk, { p1: 'full' })
    await addMarked(example, 'a1', [16, 16])
    const [before] = await loadRoster(example.desk)
    await changePartner(example.desk, 'p1', { vettedUntil: '2030-02-01' })
    expect((await preview()).left).toEqual([{ recipient: 'p1', why: 'its vetting ended on 2030-02-01' }])
    await changePartner(example.desk, 'p1', { vettedUntil: '2031-02-01' })
    expect((await preview()).left).toEqual([])
    await changePartner(example.desk, 'p1', { state: 'suspended' })
    expect((await preview()).left).toEqual([{ recipient: 'p1', why: 'it is suspended' }])
    const [after] = await loadRoster(example.desk)
    expect(after).toEqual({ ...before, state: 'suspended', vettedUntil: '2031-02-01' })
    await expect(changePartner(example.desk, 'p1', { tier: 'platinum' })).rejects.toThrow('is not in the policy')
    await expect(changePartner(example.desk, 'p9', {})).rejects.toMatchObject({ code: 'unknown-partner' })
  })
})
