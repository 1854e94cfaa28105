import { type ClockClient, clockClient, tellOpened } from '@sigillo/api/client-clocks'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openServer } from '@sigillo/db/engine-server'
import { insertLift } from '@sigillo/db/embargoes'
import {
  drawRecipient,
  receiptOf,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'

const T0 = '2026-03-09T18:00:00.000Z'
const DAY = 86_400_000
const before = (days: number): string => new Date(Date.parse(T0) - days * DAY).toISOString()

let postgres: TemporaryPostgres | null
let alice: TestRecipient
let bob: TestRecipient
beforeAll(async () => {
  postgres = await startPostgres()
  alice = await drawRecipient('partner-001')
  bob = await drawRecipient('partner-002')
})
afterAll(() => postgres?.stop())

/** Waits until it is so, as something else makes it. */
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await what()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not come about within 5 s')
}

const engines: { engine: string; url: () => Promise<string | undefined> | null }[] = [
  { engine: 'embedded', url: () => Promise.resolve(undefined) },
  { engine: 'server', url: () => postgres?.createDatabase() ?? null },
]

describe.each(engines)('an embargo on the $engine engine', ({ url }) => {
  let hub: TestHub
  let hubUrl: string | undefined
  let desk: ClockClient
  let cases = 0
  let caseId = ''
  let isSkipped = false
  beforeAll(async () => {
    const databaseUrl = url()
    isSkipped = databaseUrl === null
    if (databaseUrl === null) return
    hubUrl = await databaseUrl
    hub = await startTestHub(hubUrl === undefined ? {} : { databaseUrl: hubUrl })
    desk = clockClient(hub.hub.url, hub.vendorToken)
    await hub.vendor.enrol([alice.entry, bob.entry])
  })
  afterAll(async () => {
    if (isSkipped) return
    await hub.stop()
    hub.remove()
  })
  beforeEach(({ skip }) => {
    if (isSkipped) skip('no PostgreSQL server')
    caseId = `case-${String(++cases)}`
    hub.now = new Date(before(30))
  })

  /** Issues a package of the test's case with this instant in its manifest. Ids are of the case. */
  const issue = async (recipient: TestRecipient, id: string, notBefore: string | null): Promise<void> => {
    const name = `${caseId}.${id}`
    const bytes = await sealFor(recipient, name, { case: caseId, ...(notBefore === null ? {} : { notBefore }) })
    await hub.vendor.putPackage(name, bytes, release.vkey)
  }
  /** How the case's packages of a recipient are listed. */
  const listed = async (recipient: TestRecipient) =>
    (await hub.partner(recipient).packages()).filter((one) => one.case === caseId)
  const types = async (): Promise<readonly string[]> =>
    (await hub.vendor.events({ stream: `case:${caseId}` })).map(({ type }) => type)
  const status = async () => (await desk.embargoes()).find((one) => one.case === caseId)
  const isLifted = async (): Promise<boolean> => (await status())?.lift === 'lifted'
  const fetched = (recipient: TestRecipient, id: string): Promise<string> =>
    hub
      .partner(recipient)
      .fetchPackage(`${caseId}.${id}`)
      .then(
        () => 'fetched',
        (error: { code: string }) => error.code,
      )

  test('is lifted once its instant has come, once, and then what waited for it can be fetched', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', T0)
    hub.now = new Date(Date.parse(T0) - 1)
    expect(await fetched(alice, 'p-1')).toBe('not-yet')
    hub.now = new Date(T0)
    await until(isLifted)
    expect(await status()).toMatchObject({ embargo: 'exited', state: 'VfdPxa', lifted: { how: 'clock', at: T0 } })
    expect(await fetched(alice, 'p-1')).toBe('fetched')
    expect(await types()).toEqual(['embargo.set', 'embargo.lifted'])
    await expect(desk.liftEmbargo(caseId)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is lifted by the first who asks, if nobody has looked yet', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', T0)
    hub.now = new Date(Date.parse(T0) + 10)
    expect(await fetched(alice, 'p-1')).toBe('fetched')
    expect(await types()).toEqual(['embargo.set', 'embargo.lifted'])
  })

  test('moves everything with it: lead times, and what leaves with the lift', async () => {
    await issue(bob, 'p-early', before(14))
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', T0)
    const moved = await desk.setEmbargo(caseId, { release: new Date(Date.parse(T0) + 7 * DAY).toISOString() })
    expect(moved).toMatchObject({ lift: 'scheduled', embargo: 'active' })
    hub.now = new Date(before(8))
    expect(await fetched(bob, 'p-early')).toBe('not-yet')
    expect(await listed(bob)).toMatchObject([{ notBefore: before(7), held: null }])
    hub.now = new Date(before(7))
    expect(await fetched(bob, 'p-early')).toBe('fetched')
    hub.now = new Date(Date.parse(T0) + DAY)
    expect(await fetched(alice, 'p-1')).toBe('not-yet')
    expect(await types()).toEqual(['embargo.set', 'embargo.changed'])
  })

  test('that is cancelled holds everything with an instant until another is planned', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', T0)
    await issue(bob, 'p-early', before(14))
    expect(await desk.cancelEmbargo(caseId)).toMatchObject({ lift: 'cancelled', embargo: 'revise' })
    hub.now = new Date(Date.parse(T0) + DAY)
    expect([await fetched(alice, 'p-1'), await fetched(bob, 'p-early')]).toEqual(['not-yet', 'not-yet'])
    expect(await listed(alice)).toMatchObject([{ held: 'unplanned' }])
    await desk.setEmbargo(caseId, { release: new Date(Date.parse(T0) + 2 * DAY).toISOString() })
    hub.now = new Date(Date.parse(T0) + 2 * DAY)
    await until(isLifted)
    expect(await fetched(alice, 'p-1')).toBe('fetched')
  })

  test('that broke freezes everything at once; a lift or a new plan ends that', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', null)
    await issue(bob, 'p-2', T0)
    expect(await desk.breakEmbargo(caseId, 'attacks')).toMatchObject({
      frozen: true,
      state: 'VfdpxA',
      rule: 'should-end',
    })
    hub.now = new Date(Date.parse(T0) + DAY)
    expect([await fetched(alice, 'p-1'), await fetched(bob, 'p-2')]).toEqual(['frozen', 'frozen'])
    await desk.setEmbargo(caseId, { release: new Date(Date.parse(T0) + 2 * DAY).toISOString() })
    expect([await fetched(alice, 'p-1'), await fetched(bob, 'p-2')]).toEqual(['fetched', 'not-yet'])
    await desk.breakEmbargo(caseId, 'public')
    expect(await desk.liftEmbargo(caseId)).toMatchObject({ lift: 'lifted', lifted: { how: 'broken' } })
    expect(await fetched(bob, 'p-2')).toBe('fetched')
    const last = (await hub.vendor.events({ stream: `case:${caseId}` })).map(({ type }) => type)
    expect(last).toEqual(['embargo.set', 'breakglass.used', 'embargo.changed', 'breakglass.used', 'embargo.lifted'])
  })

  test('can be lifted early by people, and its packages show since when', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await issue(alice, 'p-1', T0)
    expect(await desk.liftEmbargo(caseId)).toMatchObject({ lifted: { how: 'early', at: before(30) } })
    expect(await listed(alice)).toMatchObject([{ notBefore: before(30), held: null }])
    expect(await fetched(alice, 'p-1')).toBe('fetched')
  })

  test('cannot be planned for the past, nor written by a desk itself', async () => {
    await expect(desk.setEmbargo(caseId, { release: before(31) })).rejects.toMatchObject({ code: 'conflict' })
    const forged = { type: 'embargo.lifted', stream: `case:${caseId}`, subject: caseId, data: {} }
    // @ts-expect-error -- not among what a desk may write
    await expect(hub.vendor.commit([forged])).rejects.toMatchObject({ code: 'bad-request' })
    await expect(desk.liftEmbargo('case-9')).rejects.toMatchObject({ code: 'conflict' })
    expect(await types()).toEqual([])
  })

  test('planned again for the same instant changes nothing', async () => {
    const first = await desk.setEmbargo(caseId, { release: T0 })
    expect(await desk.setEmbargo(caseId, { release: '2026-03-09T19:00:00+01:00' })).toEqual(first)
    expect(await types()).toEqual(['embargo.set'])
  })

  test('shows who stays silent: never fetched, never opened, never answered', async () => {
    await issue(alice, 'p-1', null)
    await issue(alice, 'p-2', T0)
    const silences = async () =>
      (await desk.silent(caseId)).map(({ package: id, silence }) => [id.split('.')[1], silence])
    expect(await silences()).toEqual([['p-1', 'never-fetched']])
    await expect(tellOpened(hub.hub.url, alice.token, `${caseId}.p-1`)).rejects.toMatchObject({ code: 'conflict' })
    const { sha256 } = await hub.partner(alice).fetchPackage(`${caseId}.p-1`)
    expect(await silences()).toEqual([['p-1', 'never-opened']])
    await tellOpened(hub.hub.url, alice.token, `${caseId}.p-1`)
    await expect(tellOpened(hub.hub.url, bob.token, `${caseId}.p-1`)).rejects.toMatchObject({ code: 'not-found' })
    expect(await silences()).toEqual([['p-1', 'never-answered']])
    await hub.partner(alice).acknowledge(`${caseId}.p-1`, receiptOf(alice, sha256))
    expect(await silences()).toEqual([])
    hub.now = new Date(T0)
    expect(await silences()).toEqual([['p-2', 'never-fetched']])
  })

  test('that came due while no hub ran is lifted when one starts, with how late it is in the log', async () => {
    await desk.setEmbargo(caseId, { release: T0 })
    await hub.stop()
    const again = await startTestHub(
      {
        dataDir: hub.dataDir,
        clock: () => new Date(Date.parse(T0) + 90_000),
        ...(hubUrl === undefined ? {} : { databaseUrl: hubUrl }),
      },
      hub.vendorToken,
    )
    try {
      const client = clockClient(again.hub.url, hub.vendorToken)
      await until(async () => (await client.embargoes()).some((one) => one.case === caseId && one.lift === 'lifted'))
      // The row shows it a moment before its event is signed.
      await until(async () => (await again.vendor.events({ stream: `case:${caseId}` })).length === 2)
      const [, lifted] = await again.vendor.events({ stream: `case:${caseId}` })
      expect(JSON.parse(lifted?.event ?? '')).toMatchObject({
        type: 'embargo.lifted',
        actor: { id: 'hub', kind: 'system' },
        data: { how: 'clock', latenessMs: 90_000 },
      })
    } finally {
      hub = again
    }
  })
})

test('the database itself refuses a second lift, and one by the clock before its instant', async ({ skip }) => {
  if (postgres === null) {
    skip('no PostgreSQL server')
    return
  }
  const databaseUrl = await postgres.createDatabase()
  const hub = await startTestHub({ databaseUrl })
  const engine = await openServer({ url: databaseUrl })
  try {
    hub.now = new Date(before(30))
    const desk = clockClient(hub.hub.url, hub.vendorToken)
    await desk.setEmbargo('case-1', { release: T0 })
    const lift = { case_id: 'case-1', how: 'clock', event_index: 90, release_at: new Date(T0) }
    const early = { ...lift, lifted_at: new Date(T0), database_at: new Date(Date.parse(T0) - 1) }
    await expect(insertLift(engine.db, early)).rejects.toMatchObject({ code: '23514' })
    await desk.liftEmbargo('case-1')
    const second = { ...lift, lifted_at: new Date(T0), database_at: new Date(T0) }
    await expect(insertLift(engine.db, second)).rejects.toMatchObject({ code: '23505' })
  } finally {
    await engine.close()
    await hub.stop()
    hub.remove()
  }
})
