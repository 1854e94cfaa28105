import { createHash } from 'node:crypto'
import { openServer } from '@sigillo/db/engine-server'
import { clockClient } from '@sigillo/api/client-clocks'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  drawRecipient,
  readNote,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'

const PARTNERS = 12
const T0 = '2026-03-09T18:00:00.000Z'

let postgres: TemporaryPostgres | null
let partners: readonly TestRecipient[]
let hub: TestHub
let url: string
beforeAll(async () => {
  postgres = await startPostgres()
  partners = await Promise.all(Array.from({ length: PARTNERS }, (_, i) => drawRecipient(`partner-${String(i)}`)))
})
afterAll(() => postgres?.stop())

/** Ids of the packages that were issued, one a partner. */
const idOf = (partner: TestRecipient): string => `for-${partner.id}`

beforeEach(async ({ skip, onTestFinished }) => {
  if (postgres === null) {
    skip('no PostgreSQL server')
    return
  }
  url = await postgres.createDatabase()
  hub = await startTestHub({ databaseUrl: url })
  onTestFinished(async () => {
    await hub.stop()
    hub.remove()
  })
  await hub.vendor.enrol(partners.map(({ entry }) => entry))
})

async function issueAll(options: { case?: string; notBefore?: string } = {}): Promise<void> {
  for (const partner of partners)
    await hub.vendor.putPackage(idOf(partner), await sealFor(partner, idOf(partner), options), release.vkey)
}

describe('packages that are asked for at the same time', () => {
  test('leave each with an event of its own; the first of several hand-overs is the one remembered', async () => {
    await issueAll()
    const asked = partners.flatMap((partner) => [partner, partner, partner])
    const given = await Promise.all(asked.map((partner) => hub.partner(partner).fetchPackage(idOf(partner))))
    const events = (await hub.vendor.events()).filter(({ type }) => type === 'copy.delivered')
    expect(given.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(events.map(({ index }) => index))
    for (const [at, { bytes, sha256, index }] of given.entries()) {
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      expect(events.find((event) => event.index === index)?.subject).toBe(idOf(asked[at] ?? asked[0]!))
    }
    for (const { id, fetched } of await hub.vendor.packages()) {
      const first = events.find(({ subject }) => subject === id)
      expect(fetched).toEqual({ index: first?.index, at: first?.at })
    }
    expect(readNote(await hub.vendor.checkpoint()).size).toBe((events.at(-1)?.index ?? 0) + 1)
  })

  test('are refused one by one: a foreign one, one whose stream is closed for good, one whose bytes were altered', async () => {
    await issueAll()
    const [thief, closed, altered, ...honest] = partners
    const engine = await openServer({ url })
    const { db } = engine
    await db
      .updateTable('streams')
      .set({ key: null })
      .where('stream', '=', `partner:${closed?.id ?? ''}`)
      .execute()
    const stored = await db
      .selectFrom('packages')
      .select('sha256')
      .where('recipient_id', '=', altered?.id ?? '')
      .execute()
    await db
      .updateTable('blobs')
      .set({ bytes: new Uint8Array(9) })
      .where('sha256', '=', stored[0]?.sha256 ?? new Uint8Array(0))
      .execute()
    await engine.close()
    const fetch = (by: TestRecipient | undefined, of: TestRecipient | undefined) =>
      hub.partner(by ?? partners[0]!).fetchPackage(idOf(of ?? partners[0]!))
    const outcomes = await Promise.allSettled([
      fetch(thief, honest[0]),
      fetch(closed, closed),
      fetch(altered, altered),
      ...honest.map((partner) => fetch(partner, partner)),
    ])
    expect(outcomes.slice(0, 3)).toMatchObject([
      { reason: { code: 'not-found' } },
      { reason: { code: 'conflict' } },
      { reason: { code: 'internal' } },
    ])
    expect(outcomes.slice(3).map(({ status }) => status)).toEqual(honest.map(() => 'fulfilled'))
    const fetched = (await hub.vendor.packages())
      .filter(({ fetched: by }) => by !== null)
      .map(({ recipient }) => recipient)
    expect(fetched.toSorted()).toEqual(honest.map(({ id }) => id).toSorted())
  })

  test('at the planned instant find one lift, before every hand-over', async () => {
    const desk = clockClient(hub.hub.url, hub.vendorToken)
    await desk.setEmbargo('case-1', { release: T0 })
    await issueAll({ case: 'case-1', notBefore: T0 })
    const all = () => Promise.allSettled(partners.map((partner) => hub.partner(partner).fetchPackage(idOf(partner))))
    hub.now = new Date(Date.parse(T0) - 1)
    for (const early of await all()) expect(early).toMatchObject({ reason: { code: 'not-yet' } })
    hub.now = new Date(T0)
    for (const { status } of await all()) expect(status).toBe('fulfilled')
    const types = (await hub.vendor.events()).map(({ type }) => type)
    expect(types.filter((type) => type === 'embargo.lifted')).toHaveLength(1)
    expect(types.indexOf('embargo.lifted')).toBeLessThan(types.indexOf('copy.delivered'))
    expect(types.filter((type) => type === 'copy.delivered')).toHaveLength(PARTNERS)
  })
})
