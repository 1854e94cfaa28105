import { partnerClient } from '@sigillo/api/client'
import { organisationClient } from '@sigillo/api/client-people'
import { PREFIX, type Role, type Route, type RouteName, routes } from '@sigillo/api/routes'
import { generateToken, hashToken } from '@sigillo/api/token'
import { packageHash } from '@sigillo/seal/package'
import { toHex } from '@sigillo/tlog/encoding'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clockSamples, spareCases, type SparedCases } from '../lift/clock-samples.fixture.ts'
import { eraseWish } from '@sigillo/api/wishes'
import {
  addPair,
  addTestPerson,
  approved,
  type Pair,
  peopleSamples,
  type TestPerson,
} from '../people/people.fixture.ts'
import {
  drawRecipient,
  readNote,
  receiptOf,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'
import { siteOf } from '@sigillo/testkit/sign-in-browser'
import { signIn } from '../sign-in/sign-in.fixture.ts'
import { signInSamples } from '../sign-in/sign-in-samples.fixture.ts'

let hub: TestHub
let alice: TestRecipient
let bob: TestRecipient
let packageBytes: Uint8Array
let spare: SparedCases
let pair: Pair
let aliceAdministrator: TestPerson
let annCookie: string
let aliceCookie: string
const sha256 = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex')

beforeAll(async () => {
  hub = await startTestHub()
  alice = await drawRecipient('partner-001')
  bob = await drawRecipient('partner-002')
  await hub.vendor.enrol([alice.entry, bob.entry])
  packageBytes = await sealFor(alice, 'p-1')
  await hub.vendor.putPackage('p-1', packageBytes, release.vkey)
  await hub.partner(alice).fetchPackage('p-1')
  pair = await addPair(hub)
  aliceAdministrator = await addTestPerson(hub, alice.token, 'alice', 'partner-administrator')
  annCookie = (await signIn(hub, pair.ann)).browser.cookie
  aliceCookie = (await signIn(hub, aliceAdministrator)).browser.cookie
  await pair.ann.approvals.setRules(['dossier.export'])
  spare = await spareCases({ url: hub.hub.url, token: hub.vendorToken }, 60)
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

interface Sample {
  readonly path: string
  readonly json?: unknown
  readonly bytes?: Uint8Array
  readonly headers?: Record<string, string>
}

/** One request for each route that its rightful caller gets an answer to; a route without one fails the tour. */
async function sampleOf(name: RouteName, side: 'vendor' | 'partner' = 'vendor'): Promise<Sample> {
  const people = peopleSamples(hub, pair, aliceAdministrator)
  const samples: Record<RouteName, () => Promise<Sample> | Sample> = {
    ...clockSamples(spare),
    ...people,
    ...signInSamples(hub, pair, aliceAdministrator, side),
    addOwnToken: () => people.addOwnToken(side),
    enrolRecipients: async () => ({
      path: '/recipients',
      json: { recipients: [(await drawRecipient(`partner-${String(Math.random()).slice(2)}`)).entry] },
    }),
    revokeKeys: async () => {
      const { entry } = await drawRecipient(`p-${String(Math.random()).slice(2)}`)
      await hub.vendor.enrol([entry])
      return { path: `/recipients/${entry.id}/revoke`, json: {} }
    },
    commitEvents: () => ({
      path: '/events',
      json: { events: [{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }] },
    }),
    listEvents: () => ({ path: '/events?after=0' }),
    proveEvent: () => ({ path: '/events/0/proof' }),
    proveEvents: () => ({ path: '/proofs', json: { events: [0, 1] } }),
    putPackage: async () => {
      const id = `p-${String(Math.random()).slice(2)}`
      const bytes = await sealFor(alice, id)
      return {
        path: `/packages/${id}?sha256=${await sha256(bytes)}&releaseKey=${encodeURIComponent(release.vkey)}`,
        bytes,
      }
    },
    putBackup: async () => {
      const bytes = Buffer.from(`age-encryption.org/v1\n${String(Math.random())}`)
      const newest = (await hub.vendor.backups()).at(-1)?.version ?? 0
      return { path: `/vault/backups?sha256=${await sha256(bytes)}&after=${String(newest)}`, bytes }
    },
    erase: async () => {
      const [event] = await hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }])
      const request = { reason: 'retention' as const, events: [event?.index ?? -1], packages: [] }
      await approved(pair.ann, pair.ben, eraseWish(request))
      return { path: '/erasures', json: request }
    },
    listBackups: () => ({ path: '/vault/backups' }),
    fetchBackup: async () => {
      const bytes = Buffer.from('age-encryption.org/v1\nfirst')
      if ((await hub.vendor.backups()).length === 0) await hub.vendor.putBackup(bytes, 0)
      return { path: '/vault/backups/1' }
    },
    listPackages: () => ({ path: '/packages' }),
    me: () => ({ path: '/me' }),
    listMyPackages: () => ({ path: '/me/packages' }),
    fetchBody: () => ({ path: '/me/packages/p-1/body' }),
    fetchPackage: () => ({ path: '/me/packages/p-1' }),
    acknowledgePackage: () => ({
      path: '/me/packages/p-1/receipt',
      json: { receipt: receiptOf(alice, packageHash(packageBytes)) },
    }),
    checkpoint: () => ({ path: '/checkpoint' }),
    tile: () => ({ path: '/tile/0/000.p/1' }),
    health: () => ({ path: '/health' }),
  }
  return await samples[name]()
}

async function send(
  route: Route,
  sample: Sample,
  token: string | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const type = sample.bytes === undefined ? 'application/json' : 'application/octet-stream'
  const body = sample.bytes === undefined ? JSON.stringify(sample.json) : new Uint8Array(sample.bytes)
  return await fetch(`${hub.hub.url}${PREFIX}${sample.path}`, {
    method: route.method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(route.method === 'GET' ? {} : { 'content-type': type }),
      ...headers,
      ...sample.headers,
    },
    ...(route.method === 'GET' ? {} : { body }),
  })
}

const statusOf = async (method: string, path: string): Promise<number> =>
  (await fetch(`${hub.hub.url}${path}`, { method, headers: { authorization: `Bearer ${alice.token}` } })).status

const size = async (): Promise<number> => readNote(await hub.vendor.checkpoint()).size
const isRouteName = (name: string): name is RouteName => Object.hasOwn(routes, name)
const table: [RouteName, Route][] = Object.entries(routes).flatMap(([name, route]) =>
  isRouteName(name) ? [[name, route]] : [],
)

describe.each(table)('%s', (name, route) => {
  const callers: {
    who: string
    token?: () => string
    cookie?: () => string
    side?: 'vendor' | 'partner'
    roles: readonly Role[]
    status: number
  }[] = [
    { who: 'nobody', roles: ['public'], status: 401 },
    { who: 'a made-up token', token: () => generateToken(), roles: ['public'], status: 401 },
    { who: 'a malformed token', token: () => 'sgl_x', roles: ['public'], status: 401 },
    {
      who: 'the hash of a token',
      token: () => Buffer.from(hashToken(alice.token)).toString('hex'),
      roles: ['public'],
      status: 401,
    },
    { who: 'one of the vendor’s people', token: () => pair.ann.token, roles: ['public', 'any', 'vendor'], status: 403 },
    {
      who: 'one of a partner’s people',
      token: () => aliceAdministrator.token,
      side: 'partner',
      roles: ['public', 'any', 'partner'],
      status: 403,
    },
    {
      who: 'the session of one of the vendor’s people',
      cookie: () => annCookie,
      roles: ['public', 'any', 'vendor'],
      status: 403,
    },
    {
      who: 'the session of one of a partner’s people',
      cookie: () => aliceCookie,
      side: 'partner',
      roles: ['public', 'any', 'partner'],
      status: 403,
    },
  ]
  test.each(callers)('asked by $who', async ({ token, cookie, side = 'vendor', roles, status }) => {
    const sample = await sampleOf(name, side)
    const before = await size()
    const session = cookie === undefined ? {} : { cookie: cookie(), origin: siteOf(hub) }
    const response = await send(route, sample, token?.() ?? null, session)
    if (roles.includes(route.role)) {
      expect(response.status, await response.clone().text()).toBe(200)
      return
    }
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/)
    expect(await response.json()).toMatchObject({
      type: status === 401 ? 'urn:sigillo:problem:unauthorized' : 'urn:sigillo:problem:forbidden',
      status,
    })
    const events = await hub.vendor.events({ after: before - 1 })
    // Whoever is known is told of in the log: once a minute for each kind of refusal.
    for (const event of events) expect(event.type).toBe('access.denied')
    expect(events.length).toBeLessThanOrEqual(status === 403 ? 1 : 0)
  })

  test('has its event in a signed checkpoint before it answers, or none at all', async () => {
    const sample = await sampleOf(name)
    const before = await size()
    const response = await send(route, sample, route.role === 'partner' ? aliceAdministrator.token : pair.ann.token)
    // The headers are here, the body may still be on its way: the event must be there already.
    const after = await size()
    const events = await hub.vendor.events({ after: before - 1 })
    await response.arrayBuffer()
    if (route.event === null) {
      expect(after).toBe(before)
      expect(route.why).toBeTruthy()
    } else if (name !== 'acknowledgePackage') {
      expect(after).toBe(before + 1)
      if (route.event !== 'as requested') expect(events.map((event) => event.type)).toEqual([route.event])
    }
  })

  test('is not cached, and is not handed to scripts or frames of others', async () => {
    const response = await send(route, await sampleOf(name), alice.token)
    await response.arrayBuffer()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('refuses what its contract does not know', async () => {
    const sample = await sampleOf(name)
    const token = route.role === 'partner' ? aliceAdministrator.token : pair.ann.token
    const spoiled = [
      ...(route.query === undefined
        ? []
        : [{ ...sample, path: `${sample.path}${sample.path.includes('?') ? '&' : '?'}unknown=1` }]),
      ...(sample.json === undefined
        ? []
        : [
            { ...sample, json: Object.assign({ unknown: 1 }, sample.json) },
            { ...sample, json: [] },
            { ...sample, json: null },
          ]),
      ...(route.params === undefined
        ? []
        : [
            {
              ...sample,
              path: sample.path.replace(/\/(p-[0-9]+|[0-9a-f]{18}|[A-Za-z0-9]{32}|[01])(?=[/?]|$)/, '/%00%2e%2e'),
            },
          ]),
    ]
    for (const bad of spoiled) {
      const response = await send(route, bad, token)
      expect(response.status, JSON.stringify(bad.path)).toBe(400)
      expect(await response.json()).toMatchObject({
        type: 'urn:sigillo:problem:bad-request',
        detail: expect.stringMatching(/^[^\n]+$/),
      })
    }
  })
})

describe('the server around the routes', () => {
  test('has no other routes: not with another method, not HEAD, not below other paths', async () => {
    const before = await size()
    expect(await statusOf('HEAD', '/v1/me/packages/p-1')).toBe(404)
    expect(await statusOf('DELETE', '/v1/me/packages/p-1')).toBe(404)
    expect(await statusOf('GET', '/')).toBe(404)
    expect(await statusOf('GET', '/v1/packages/p-1')).toBe(404)
    expect(await size()).toBe(before)
  })

  test('takes no body that is too large, not JSON, or of another type', async () => {
    const { commitEvents } = routes
    const post = (body: string, type = 'application/json') =>
      fetch(`${hub.hub.url}/v1/events`, {
        method: commitEvents.method,
        headers: { authorization: `Bearer ${hub.vendorToken}`, 'content-type': type },
        body,
      })
    const outcomes = [
      [await post(`"${'x'.repeat(5 * 1024 * 1024)}"`), 413, 'too-large'],
      [await post('{"events":'), 400, 'bad-request'],
      [await post('{"__proto__":{"x":1}}'), 400, 'bad-request'],
      [await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400, 'bad-request'],
      [await post('events=1', 'application/x-www-form-urlencoded'), 400, 'bad-request'],
      [await post('x', 'application/octet-stream'), 400, 'bad-request'],
    ] as const
    for (const [response, status, code] of outcomes) {
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ type: `urn:sigillo:problem:${code}` })
    }
  })

  test('slows down whoever has no token, and nobody else', async () => {
    const statuses = new Set<number>()
    for (let i = 0; i < 320; i++) statuses.add((await fetch(`${hub.hub.url}/v1/me`)).status)
    expect([...statuses]).toEqual([401, 429])
    await hub.partner(bob).me()
  })

  test('slows down one person, and not the colleagues', async () => {
    const token = generateToken((length) => crypto.getRandomValues(new Uint8Array(length)))
    const grant = { tokenHash: toHex(hashToken(token)), expiresAt: new Date(Date.now() + 86_400_000).toISOString() }
    await organisationClient(hub.hub.url, bob.token, 'partner').add('colleague', {
      role: 'partner-reader',
      token: { id: 'first', role: 'partner-reader', ...grant },
    })
    const colleague = partnerClient(hub.hub.url, token)
    const most = Array.from({ length: 1_250 }, () =>
      colleague.me().then(
        () => 'served',
        (error: Error) => error.message,
      ),
    )
    expect(new Set(await Promise.all(most))).toEqual(new Set(['served', expect.stringMatching(/too many requests/)]))
    await hub.partner(bob).me()
  })
})
