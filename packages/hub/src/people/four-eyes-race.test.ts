import { vendorClient } from '@sigillo/api/client'
import { clockClient } from '@sigillo/api/client-clocks'
import { approvalClient, organisationClient } from '@sigillo/api/client-people'
import { eventWish, issueWish, liftWish, roleWish, type Wish } from '@sigillo/api/wishes'
import { FOUR_EYES_ACTIONS } from '@sigillo/programme/four-eyes'
import { packageHash } from '@sigillo/seal/package'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawRecipient, release, sealFor, type TestRecipient } from '../programme.fixture.ts'
import { SEVERAL, type SeveralHubs } from '../several-hubs.fixture.ts'
import { addPair, drawToken } from './people.fixture.ts'

// Goal A3: nothing under four eyes is done by one identity, however it asks at once, with several tokens and over several hubs.

/** Races; `SLOW=1` for all of them. */
const TRIALS = process.env['SLOW'] === undefined ? 25 : 1000
const START = new Date('2026-01-02T00:00:00Z')
const RELEASE = new Date('2026-03-09T18:00:00Z')

/** Something under four eyes, which is done at most once. */
interface Deed {
  readonly wish: Wish
  act(url: string, token: string): Promise<unknown>
  /** Whether an event of the log says that it was done. */
  isDone(type: string, event: { readonly subject: string; readonly data: Readonly<Record<string, unknown>> }): boolean
}

function eventDeed(type: 'escrow.opened' | 'dossier.sealed', subject: string): Deed {
  const event = { type, stream: 'admin' as const, subject, data: {} }
  return {
    wish: eventWish(type === 'escrow.opened' ? 'escrow.open' : 'dossier.export', event),
    act: (url, token) => vendorClient(url, token).commit([event]),
    isDone: (of, body) => of === type && body.subject === subject,
  }
}

async function liftDeed(caseId: string, url: string, token: string): Promise<Deed> {
  await clockClient(url, token).setEmbargo(caseId, { release: RELEASE.toISOString() })
  return {
    wish: liftWish(caseId, 'early', RELEASE),
    act: (at, by) => clockClient(at, by).liftEmbargo(caseId),
    isDone: (type, { subject, data }) => type === 'embargo.lifted' && subject === caseId && data['change'] === 'lift',
  }
}

function roleDeed(person: string): Deed {
  return {
    wish: roleWish(person, 'observer'),
    act: (url, token) => organisationClient(url, token, 'vendor').changeRole(person, 'observer'),
    isDone: (_, { subject, data }) => subject === person && data['change'] === 'role',
  }
}

async function issueDeed(id: string, recipient: TestRecipient): Promise<Deed> {
  const bytes = await sealFor(recipient, id, { bytes: 100 })
  const sha256 = packageHash(bytes)
  return {
    wish: issueWish({ distribution: 'dist-1', package: id, sha256, recipient: recipient.id, notBefore: null }),
    act: (url, token) => vendorClient(url, token).putPackage(id, bytes, release.vkey),
    isDone: (type, { subject, data }) =>
      type === 'copy.issued' && JSON.stringify({ subject, data }).includes(`"${id}"`),
  }
}

let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

describe.each(SEVERAL)('on $title', ({ open }) => {
  test(`in ${String(TRIALS)} races no one identity does both halves, and nothing is done twice`, {
    timeout: 3_600_000,
  }, async ({ skip }) => {
    const several = await open(postgres, START)
    skip(several === null, 'no PostgreSQL server')
    if (several === null) return
    try {
      await race(several)
    } finally {
      await several.close()
    }
  })
})

async function race(several: SeveralHubs): Promise<void> {
  const [hub] = several.hubs
  const { ann, ben } = await addPair(hub)
  const second = drawToken('administrator', several.now)
  await ann.own.addToken('second', second.grant)
  const recipient = await drawRecipient('partner-001')
  await hub.vendor.enrol([recipient.entry])
  for (let trial = 3; trial < TRIALS; trial += 5)
    await ann.organisation.add(`person-${String(trial)}`, { role: 'reader' })
  await ann.approvals.setRules([...FOUR_EYES_ACTIONS])
  const deedOf = (trial: number): Deed | Promise<Deed> => {
    const id = `race-${String(trial)}`
    if (trial % 5 === 0) return eventDeed('escrow.opened', id)
    if (trial % 5 === 1) return eventDeed('dossier.sealed', id)
    if (trial % 5 === 2) return liftDeed(id, hub.hub.url, ann.token)
    if (trial % 5 === 3) return roleDeed(`person-${String(trial)}`)
    return issueDeed(id, recipient)
  }
  const deeds: { readonly deed: Deed; readonly helps: boolean }[] = []
  for (let trial = 0; trial < TRIALS; trial++) {
    const deed = await deedOf(trial)
    const helps = trial % 2 === 0
    deeds.push({ deed, helps })
    await raceOnce(several, deed, { tokens: [ann.token, second.token], helper: ben.token, helps, trial })
  }
  const events = (await hub.vendor.events()).map(({ type, event }) => ({ type, body: JSON.parse(event ?? '{}') }))
  for (const { deed, helps } of deeds) {
    const done = events.filter(({ type, body }) => deed.isDone(type, body))
    expect(done.length, JSON.stringify(deed.wish)).toBe(helps ? 1 : 0)
    for (const { body } of done) expect(body.actor.id).toBe('staff/ann')
  }
  const given = events.filter(({ body }) => body.data.change === 'approval-given')
  expect(given.map(({ body }) => body.actor.id)).toEqual(Array(Math.ceil(TRIALS / 2)).fill('staff/ben'))
}

interface Racers {
  /** Of the one identity that asks. */
  readonly tokens: readonly [string, string]
  readonly helper: string
  /** Whether the second person agrees. */
  readonly helps: boolean
  readonly trial: number
}

/** All at once and from every hub: the asker gives, acts and asks again; the helper acts, and gives twice where it helps. */
async function raceOnce(several: SeveralHubs, deed: Deed, racers: Racers): Promise<void> {
  const { tokens, helper, helps, trial } = racers
  const urls = several.hubs.map(({ hub }) => hub.url)
  const urlAt = (at: number): string => urls[at % urls.length] ?? ''
  const { id } = await approvalClient(urlAt(trial), tokens[0]).ask([deed.wish])
  const give = (token: string) => (url: string) => approvalClient(url, token).give(id)
  const act = (token: string) => (url: string) => deed.act(url, token)
  const again = (url: string) => approvalClient(url, tokens[1]).ask([deed.wish])
  const moves: ((url: string) => Promise<unknown>)[] = [
    ...tokens.flatMap((token) => [give(token), act(token), act(token)]),
    act(helper),
    again,
    ...(helps ? [give(helper), give(helper)] : []),
  ]
  const turned = moves.map((_, at) => moves[(at + trial) % moves.length] ?? again)
  await Promise.allSettled(turned.map((move, at) => move(urlAt(at))))
  if (helps) await Promise.allSettled([deed.act(urlAt(trial), tokens[0])])
}
