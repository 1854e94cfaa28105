import { vendorClient } from '@sigillo/api/client'
import { addPersonWish, enrolWish, eventWish, issueWish, roleWish, rulesWish, tokenWish } from '@sigillo/api/wishes'
import { clockClient } from '@sigillo/api/client-clocks'
import { approvalClient } from '@sigillo/api/client-people'
import { FOUR_EYES_ACTIONS } from '@sigillo/programme/four-eyes'
import { packageHash } from '@sigillo/seal/package'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPair, addTestPerson, approved, drawToken, type Pair, type TestPerson } from './people.fixture.ts'
import { drawRecipient, release, sealFor, startTestHub, type TestHub } from '../programme.fixture.ts'

/** What a refusal says: its code. */
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

let hub: TestHub
let pair: Pair
let ann: TestPerson
let ben: TestPerson
const desk = (person: TestPerson) => vendorClient(hub.hub.url, person.token)

beforeAll(async () => {
  hub = await startTestHub()
  pair = await addPair(hub)
  ;({ ann, ben } = pair)
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

describe('before any rule is set', () => {
  test('one person does everything, and the log says so', async () => {
    const recipient = await drawRecipient('partner-000')
    const [enrolled] = await desk(ann).enrol([recipient.entry])
    const [event] = await hub.vendor.events({ after: (enrolled?.index ?? 0) - 1 })
    expect(JSON.parse(event?.event ?? '')).toMatchObject({
      actor: { id: 'staff/ann', kind: 'staff' },
      data: { fourEyes: 'off' },
    })
    expect(await codeOf(ann.approvals.ask([enrolWish(recipient.entry)]))).toBe('conflict')
  })

  test('nothing is put under four eyes that fewer than two people could do', async () => {
    await hub.vendor.checkpoint()
    await ben.organisation.changeRole('ann', 'coordinator')
    expect(await codeOf(ben.approvals.setRules(['package.issue']))).toBe('conflict')
    await ben.organisation.changeRole('ann', 'administrator')
  })
})

describe('with everything under four eyes', () => {
  beforeAll(async () => {
    expect(await ann.approvals.setRules([...FOUR_EYES_ACTIONS])).toEqual({ fourEyes: [...FOUR_EYES_ACTIONS].sort() })
  })

  test('a partner’s keys are taken up by two people, exactly as the second one read them', async () => {
    const [recipient, other] = [await drawRecipient('partner-001'), await drawRecipient('partner-001')]
    expect(await codeOf(desk(ann).enrol([recipient.entry]))).toBe('approval-needed')
    await approved(ann, ben, enrolWish(recipient.entry))
    expect(await codeOf(desk(ann).enrol([other.entry]))).toBe('approval-needed')
    expect(await codeOf(desk(ben).enrol([recipient.entry]))).toBe('approval-needed')
    const [enrolled] = await desk(ann).enrol([recipient.entry])
    const [event] = await hub.vendor.events({ after: (enrolled?.index ?? 0) - 1 })
    expect(JSON.parse(event?.event ?? '')).toMatchObject({
      actor: { id: 'staff/ann' },
      data: { fourEyes: expect.any(String), givenBy: 'staff/ben' },
    })
  })

  test('a distribution is issued by two: one approval names its packages, each is good once', async () => {
    const recipient = await drawRecipient('partner-002')
    await approved(ann, ben, enrolWish(recipient.entry))
    await desk(ann).enrol([recipient.entry])
    const packages = await Promise.all(['d-1', 'd-2'].map(async (id) => ({ id, bytes: await sealFor(recipient, id) })))
    const put = (at: number) =>
      desk(ann).putPackage(packages[at]?.id ?? '', packages[at]?.bytes ?? new Uint8Array(), release.vkey)
    expect(await codeOf(put(0))).toBe('approval-needed')
    const wishes = await Promise.all(
      packages.map(async ({ id, bytes }) =>
        issueWish({
          distribution: 'dist-1',
          package: id,
          sha256: packageHash(bytes),
          recipient: recipient.id,
          notBefore: null,
        }),
      ),
    )
    const [first, ...rest] = wishes
    if (first === undefined) throw new Error('no wish')
    const asked = await ann.approvals.ask([first, ...rest])
    expect(await codeOf(put(0))).toBe('approval-needed')
    await ben.approvals.give(asked.id)
    expect((await ben.approvals.approval(asked.id)).items).toHaveLength(2)
    expect((await put(0)).state).toBe('issued')
    expect((await put(1)).state).toBe('issued')
    expect((await put(1)).state).toBe('unchanged')
    expect(await ben.approvals.approvals()).not.toContainEqual(expect.objectContaining({ id: asked.id }))
  })

  test('opening, export and early lift take two', async () => {
    const event = { type: 'escrow.opened' as const, stream: 'case:c-1', subject: 's-1', data: { share: 1 } }
    expect(await codeOf(desk(ann).commit([event]))).toBe('approval-needed')
    await approved(ann, ben, eventWish('escrow.open', event))
    expect(await codeOf(desk(ann).commit([{ ...event, data: { share: 2 } }]))).toBe('approval-needed')
    await desk(ann).commit([event])
    expect(await codeOf(desk(ann).commit([event]))).toBe('approval-needed')
    expect(await codeOf(desk(ann).commit([{ ...event, type: 'dossier.sealed' }]))).toBe('approval-needed')

    const clocks = clockClient(hub.hub.url, ann.token)
    await clocks.setEmbargo('c-1', { release: '2026-03-09T18:00:00Z' })
    expect(await codeOf(clocks.liftEmbargo('c-1'))).toBe('approval-needed')
  })

  test('people join, get tokens and change role by two; taking rights away needs one', async () => {
    const { grant } = drawToken('reader', hub.now)
    expect(await codeOf(ann.organisation.add('cleo', { role: 'reader' }))).toBe('approval-needed')
    await approved(ann, ben, addPersonWish('cleo', { role: 'reader' }))
    await ann.organisation.add('cleo', { role: 'reader' })
    expect(await codeOf(ann.organisation.addToken('cleo', 'first', grant))).toBe('approval-needed')
    await approved(ann, ben, tokenWish('cleo', 'first', grant))
    await ann.organisation.addToken('cleo', 'first', grant)
    expect(await codeOf(ann.organisation.changeRole('cleo', 'administrator'))).toBe('approval-needed')
    expect((await ann.organisation.revokeToken('cleo', 'first')).tokens).toMatchObject([
      { revokedAt: expect.any(String) },
    ])
    expect((await ann.organisation.remove('cleo')).removedAt).not.toBeNull()
    expect(await codeOf(ann.organisation.remove('ben'))).toBe('conflict')
  })

  test('turning it off takes two as well', async () => {
    expect(await codeOf(ann.approvals.setRules([]))).toBe('approval-needed')
  })

  test('the first token is nobody in particular: it can neither do, nor ask, nor agree', async () => {
    const recipient = await drawRecipient('partner-003')
    const first = approvalClient(hub.hub.url, hub.vendorToken)
    expect(await codeOf(hub.vendor.enrol([recipient.entry]))).toBe('forbidden')
    expect(await codeOf(first.ask([enrolWish(recipient.entry)]))).toBe('forbidden')
    const { id } = await ann.approvals.ask([enrolWish(recipient.entry)])
    expect(await codeOf(first.give(id))).toBe('forbidden')
  })

  test('who may not do it may neither ask nor agree', async () => {
    const wish = rulesWish([])
    await approved(
      ann,
      ben,
      addPersonWish('dora', {
        role: 'coordinator',
        token: { id: 'first', ...drawToken('coordinator', hub.now).grant },
      }),
    )
    const { token, grant } = drawToken('coordinator', hub.now)
    await approved(ann, ben, addPersonWish('eve', { role: 'coordinator', token: { id: 'first', ...grant } }))
    await ann.organisation.add('eve', { role: 'coordinator', token: { id: 'first', ...grant } })
    const eve = approvalClient(hub.hub.url, token)
    expect(await codeOf(eve.ask([wish]))).toBe('forbidden')
    expect(await codeOf(eve.give((await ann.approvals.ask([wish])).id))).toBe('forbidden')
  })

  test('an approval ends after a week, and with the person who gave it or its right to', async () => {
    const wish = (subject: string) =>
      eventWish('escrow.open', { type: 'escrow.opened', stream: 'admin', subject, data: {} })
    const open = (subject: string) =>
      codeOf(desk(ann).commit([{ type: 'escrow.opened', stream: 'admin', subject, data: {} }]))
    await approved(ann, ben, wish('late'))
    hub.now = new Date(hub.now.getTime() + 8 * 86_400_000)
    expect(await open('late')).toBe('approval-needed')
    const grant = drawToken('investigator', hub.now)
    const newcomer = { role: 'investigator' as const, token: { id: 'first', ...grant.grant } }
    await approved(ann, ben, addPersonWish('finn', newcomer))
    await ann.organisation.add('finn', newcomer)
    await approvalClient(hub.hub.url, grant.token).give((await ann.approvals.ask([wish('gone')])).id)
    expect(await codeOf(ben.organisation.changeRole('finn', 'reader'))).toBe('approval-needed')
    await approved(ben, ann, roleWish('finn', 'reader'))
    await ben.organisation.changeRole('finn', 'reader')
    expect(await open('gone')).toBe('approval-needed')
    await approved(ben, ann, roleWish('finn', 'investigator'))
    await ben.organisation.changeRole('finn', 'investigator')
    await ben.organisation.remove('finn')
    expect(await open('gone')).toBe('approval-needed')
  })
})

test('whoever runs the hub can end it all when nobody is left, and the log says that glass was broken', async () => {
  const own = await startTestHub()
  try {
    const { ann: first } = await addPair(own)
    await first.approvals.setRules(['package.issue'])
    await own.stop()
    const again = await startTestHub(
      { dataDir: own.dataDir, breakFourEyes: 'nobody is left who can sign in' },
      own.vendorToken,
    )
    expect(await approvalClient(again.hub.url, first.token).rules()).toEqual({ fourEyes: [] })
    const events = await again.vendor.events()
    expect(events.at(-1)?.type).toBe('breakglass.used')
    await again.stop()
  } finally {
    own.remove()
  }
})

test('the people whom a partner has are its own affair', async () => {
  const recipient = await drawRecipient('partner-009')
  await approved(ann, ben, enrolWish(recipient.entry))
  await desk(ann).enrol([recipient.entry])
  const gina = await addTestPerson(hub, recipient.token, 'gina', 'partner-administrator')
  expect(await gina.organisation.add('hugo', { role: 'partner-reader' })).toMatchObject({ id: 'hugo' })
})
