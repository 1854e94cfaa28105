import { enrolWish, revokeWish } from '@sigillo/api/wishes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { vendorClient } from '@sigillo/api/client'
import { addPair, approved } from '../people/people.fixture.ts'
import { drawRecipient, receiptOf, release, sealFor, startTestHub, type TestHub } from '../programme.fixture.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

test('keys that were revoked let nobody in, get nothing, and are never taken again; others replace them', async () => {
  const old = await drawRecipient('partner-001')
  await hub.vendor.enrol([old.entry])
  await hub.vendor.putPackage('p-1', await sealFor(old, 'p-1'), release.vkey)
  const { index } = await hub.vendor.revokeKeys(old.id)
  expect((await hub.vendor.revokeKeys(old.id)).index).toBe(index)
  const [event] = await hub.vendor.events({ after: index - 1 })
  expect(event).toMatchObject({ type: 'key.revoked', subject: old.id, index })
  await expect(hub.partner(old).packages()).rejects.toMatchObject({ code: 'unauthorized' })
  const again = hub.vendor.putPackage('p-2', await sealFor(old, 'p-2'), release.vkey)
  await expect(again).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('revoked') })
  await expect(hub.vendor.enrol([old.entry])).rejects.toMatchObject({ code: 'conflict' })

  const next = await drawRecipient('partner-001')
  for (const part of ['ageRecipient', 'receiptKey'] as const)
    await expect(hub.vendor.enrol([{ ...next.entry, [part]: old.entry[part] }])).rejects.toMatchObject({
      code: 'conflict',
    })
  expect(await hub.vendor.enrol([next.entry])).toMatchObject([{ state: 'enrolled' }])
  expect(await hub.vendor.enrol([next.entry])).toMatchObject([{ state: 'unchanged' }])
  await hub.vendor.putPackage('p-3', await sealFor(next, 'p-3'), release.vkey)
  const { sha256 } = await hub.partner(next).fetchPackage('p-3')
  await expect(hub.partner(next).acknowledge('p-3', receiptOf(old, sha256))).rejects.toMatchObject({
    code: 'bad-receipt',
  })
  await hub.partner(next).acknowledge('p-3', receiptOf(next, sha256))
  await expect(hub.vendor.revokeKeys('partner-none')).rejects.toMatchObject({ code: 'not-found' })
})

test('revoking and enrolling anew take two people where enrolling does', async () => {
  const { ann, ben } = await addPair(hub)
  const desk = vendorClient(hub.hub.url, ann.token)
  const old = await drawRecipient('partner-002')
  await hub.vendor.enrol([old.entry])
  await ann.approvals.setRules(['recipient.enrol'])
  await expect(desk.revokeKeys(old.id)).rejects.toMatchObject({ code: 'approval-needed' })
  await approved(ann, ben, revokeWish(old.entry))
  await desk.revokeKeys(old.id)
  const next = await drawRecipient('partner-002')
  await expect(desk.enrol([next.entry])).rejects.toMatchObject({ code: 'approval-needed' })
  await approved(ann, ben, enrolWish(next.entry))
  expect(await desk.enrol([next.entry])).toMatchObject([{ state: 'enrolled' }])
})
