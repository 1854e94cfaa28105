import { clockClient } from '@sigillo/api/client-clocks'
import { liftWish } from '@sigillo/api/wishes'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addPair, approved, type Pair, type TestPerson } from '../people/people.fixture.ts'
import { startTestHub, type TestHub } from '../programme.fixture.ts'

const T0 = '2026-01-20T18:00:00.000Z'
const SOONER = '2026-01-19T18:00:00.000Z'

let hub: TestHub
let pair: Pair
let cases = 0
let caseId = ''
beforeAll(async () => {
  hub = await startTestHub()
  pair = await addPair(hub)
  await pair.ann.approvals.setRules(['embargo.lift'])
})
beforeEach(async () => {
  caseId = `case-${String(++cases)}`
  await deskOf(pair.ann).setEmbargo(caseId, { release: T0 })
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

const deskOf = (person: TestPerson) => clockClient(hub.hub.url, person.token)
const needsSecond = { code: 'approval-needed' }

describe('a lift under four eyes', () => {
  test('by people needs a second one, for exactly this plan, once', async () => {
    const { ann, ben } = pair
    await expect(deskOf(ann).liftEmbargo(caseId)).rejects.toMatchObject(needsSecond)
    await approved(ann, ben, liftWish(caseId, 'early', new Date(T0)))
    const later = '2026-01-21T18:00:00.000Z'
    await deskOf(ann).setEmbargo(caseId, { release: later })
    await expect(deskOf(ann).liftEmbargo(caseId)).rejects.toMatchObject(needsSecond)
    await approved(ann, ben, liftWish(caseId, 'early', new Date(later)))
    expect(await deskOf(ann).liftEmbargo(caseId)).toMatchObject({ lifted: { how: 'early' } })
    const event = (await hub.vendor.events({ stream: `case:${caseId}` })).at(-1)
    expect(JSON.parse(event?.event ?? '')).toMatchObject({
      actor: { id: 'staff/ann' },
      data: { how: 'early', givenBy: 'staff/ben' },
    })
  })

  test('cannot be had by breaking the embargo, or by moving the release to sooner', async () => {
    const { ann, ben } = pair
    await expect(deskOf(ann).setEmbargo(caseId, { release: SOONER })).rejects.toMatchObject(needsSecond)
    await deskOf(ann).breakEmbargo(caseId, 'public')
    await expect(deskOf(ann).liftEmbargo(caseId)).rejects.toMatchObject(needsSecond)
    await approved(ann, ben, liftWish(caseId, 'broken', new Date(T0)))
    expect(await deskOf(ann).liftEmbargo(caseId)).toMatchObject({ lifted: { how: 'broken' } })
  })

  test('by the clock needs nobody, and the break-glass only one', async () => {
    hub.now = new Date(T0)
    const lifted = async () => (await deskOf(pair.ben).embargoes()).find((one) => one.case === caseId)?.lifted
    for (let i = 0; i < 100 && (await lifted()) === null; i++) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await lifted()).toMatchObject({ how: 'clock' })
    await deskOf(pair.ann).setEmbargo('case-0', { release: '2026-01-25T00:00:00Z' })
    expect(await deskOf(pair.ann).breakEmbargo('case-0', 'leak')).toMatchObject({ frozen: true })
  })
})
