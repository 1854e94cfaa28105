import { vendorClient } from '@sigillo/api/client'
import { organisationClient, selfClient } from '@sigillo/api/client-people'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPair, addTestPerson, drawToken, type Pair, type TestPerson } from './people.fixture.ts'
import { drawRecipient, startTestHub, type TestHub, type TestRecipient } from '../programme.fixture.ts'

const DAY = 86_400_000
let hub: TestHub
let pair: Pair
let [alice, bob]: TestRecipient[] = []

beforeAll(async () => {
  hub = await startTestHub()
  ;[alice, bob] = [await drawRecipient('partner-001'), await drawRecipient('partner-002')]
  await hub.vendor.enrol([alice.entry, bob.entry])
  pair = await addPair(hub)
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
const newest = async (): Promise<unknown> => JSON.parse((await hub.vendor.events()).at(-1)?.event ?? '')
const works = (person: TestPerson) => codeOf(person.own.self())

describe('a token', () => {
  test('speaks for its person, who is the actor of what it does', async () => {
    expect(await pair.ann.own.self()).toEqual({
      side: 'vendor',
      organisation: 'vendor',
      person: 'ann',
      roles: ['administrator'],
      token: 'first',
      session: null,
      expiresAt: '2026-02-01T00:00:00.000Z',
    })
    const desk = vendorClient(hub.hub.url, pair.ann.token)
    await desk.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }])
    expect(await newest()).toMatchObject({ actor: { id: 'staff/ann', kind: 'staff' } })
  })

  test('ends at its instant, when it is revoked, and with its person', async () => {
    const people = await Promise.all(
      ['ends', 'revoked', 'leaves'].map((id) => addTestPerson(hub, hub.vendorToken, id, 'reader')),
    )
    const [ends, revoked, leaves] = people
    if (ends === undefined || revoked === undefined || leaves === undefined) throw new Error('nobody')
    await pair.ann.organisation.revokeToken('revoked', 'first')
    await pair.ann.organisation.remove('leaves')
    expect(await Promise.all(people.map(works))).toEqual(['done', 'unauthorized', 'unauthorized'])
    const start = hub.now
    hub.now = new Date(start.getTime() + 30 * DAY)
    expect(await works(ends)).toBe('unauthorized')
    hub.now = start
    expect(await codeOf(pair.ann.organisation.add('leaves', { role: 'reader' }))).toBe('conflict')
  })

  test('does no more than its person may now, whatever it was given for', async () => {
    const carl = await addTestPerson(hub, hub.vendorToken, 'carl', 'administrator')
    expect(await codeOf(carl.organisation.people())).toBe('done')
    await pair.ann.organisation.changeRole('carl', 'reader')
    expect(await codeOf(carl.organisation.people())).toBe('forbidden')
    expect(await codeOf(carl.organisation.changeRole('carl', 'administrator'))).toBe('forbidden')
  })

  test('that is limited does not make one that is not', async () => {
    const { token, grant } = drawToken('reader', hub.now)
    await pair.ann.own.addToken('reading', grant)
    const reading = selfClient(hub.hub.url, token)
    expect((await reading.self()).roles).toEqual(['administrator', 'reader'])
    expect(await codeOf(reading.addToken('more', drawToken('administrator', hub.now).grant))).toBe('forbidden')
    expect(await codeOf(reading.addToken('same', drawToken('observer', hub.now).grant))).toBe('done')
  })

  test('lives a year at most, ends after now, is of its own side, and is nobody else’s', async () => {
    const give = (id: string, grant: ReturnType<typeof drawToken>['grant']) => codeOf(pair.ann.own.addToken(id, grant))
    expect(await give('long', drawToken('reader', hub.now, 367).grant)).toBe('bad-request')
    expect(await give('past', drawToken('reader', hub.now, 0).grant)).toBe('bad-request')
    expect(await give('side', drawToken('partner-reader', hub.now).grant)).toBe('bad-request')
    const { grant } = drawToken('reader', hub.now)
    expect(await give('once', { ...grant, tokenHash: alice?.entry.tokenHash ?? '' })).toBe('conflict')
    expect(await give('once', grant)).toBe('done')
    expect(await give('once', drawToken('reader', hub.now).grant)).toBe('conflict')
  })

  test('is stored as its hash, which nobody is told', async () => {
    const told = JSON.stringify([await pair.ann.organisation.people(), await hub.vendor.events()])
    expect(told).not.toContain(pair.ann.token)
    expect(told).toContain('"ann"')
    expect(told).not.toMatch(/"tokenHash":"[0-9a-f]{64}"/)
  })
})

describe('a partner’s people', () => {
  test('are its own: two partners may use one id, and neither learns of the other’s', async () => {
    const ofAlice = await addTestPerson(hub, alice?.token ?? '', 'sam', 'partner-administrator')
    const ofBob = await addTestPerson(hub, bob?.token ?? '', 'sam', 'partner-reader')
    expect((await ofAlice.own.self()).organisation).toBe('partner-001')
    expect((await ofBob.own.self()).organisation).toBe('partner-002')
    await ofAlice.organisation.add('tim', { role: 'partner-reader' })
    expect((await ofAlice.organisation.people()).map(({ id }) => id)).toEqual(['sam', 'tim'])
    expect((await organisationClient(hub.hub.url, bob?.token ?? '', 'partner').people()).map(({ id }) => id)).toEqual([
      'sam',
    ])
    expect(await codeOf(ofBob.organisation.people())).toBe('forbidden')
  })

  test('cannot be given a role of the vendor’s', async () => {
    const own = organisationClient(hub.hub.url, alice?.token ?? '', 'partner')
    expect(await codeOf(own.add('uma', { role: 'administrator' }))).toBe('bad-request')
  })

  test('cannot be enrolled under the vendor’s own name', async () => {
    const vendor = await drawRecipient('vendor')
    expect(await codeOf(hub.vendor.enrol([vendor.entry]))).toBe('bad-request')
  })
})

describe('what somebody known is refused', () => {
  test('is told in the log once a minute, with how many were like it', async () => {
    const dan = await addTestPerson(hub, hub.vendorToken, 'dan', 'observer')
    const denials = async (): Promise<readonly unknown[]> =>
      (await hub.vendor.events())
        .filter(({ type, subject }) => type === 'access.denied' && subject === 'staff/dan')
        .map(({ event }) => JSON.parse(event ?? '').data)
    for (let n = 0; n < 5; n++) expect(await codeOf(dan.organisation.people())).toBe('forbidden')
    expect(await denials()).toEqual([{ action: 'person.list', status: 403, before: 0 }])
    hub.now = new Date(hub.now.getTime() + 60_000)
    await codeOf(dan.organisation.people())
    expect((await denials()).at(-1)).toEqual({ action: 'person.list', status: 403, before: 4 })
  })

  test('a partner that asks for what is not its own leaves the same trace as one that asks for nothing', async () => {
    const eve = await addTestPerson(hub, alice?.token ?? '', 'eve', 'partner-administrator')
    expect(await codeOf(eve.organisation.remove('nobody'))).toBe('not-found')
    expect(await newest()).toMatchObject({
      type: 'access.denied',
      stream: 'partner:partner-001',
      actor: { id: 'partner/partner-001/eve', kind: 'partner' },
      data: { action: 'role.change-own', status: 404 },
    })
  })
})
