import { PREFIX, type Route, type RouteName, routes } from '@sigillo/api/routes'
import { can } from '@sigillo/programme/can'
import { PARTNER_ROLES, type Role, ROLES, STAFF_ROLES } from '@sigillo/programme/roles'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageHash } from '@sigillo/seal/package'
import { addTestPerson, drawToken, type TestPerson } from '../people/people.fixture.ts'
import { drawRecipient, receiptOf, release, sealFor, startTestHub, type TestHub } from '../programme.fixture.ts'
import { siteOf } from '@sigillo/testkit/sign-in-browser'
import { ownSignIn, signIn } from '../sign-in/sign-in.fixture.ts'

// Every route, asked by every role, about something of its own, of another organisation, and that does not exist.

/** Whose the object of a request is. */
type Whose = 'own' | 'foreign' | 'missing'

/** Ids of objects by place in a path. */
const IDS: Readonly<Record<Whose, Readonly<Record<string, string>>>> = {
  own: {
    id: 'own-package',
    case: 'case-1',
    index: '0',
    person: 'own-person',
    token: 'own-token',
    '*': '0/000.p/1',
  },
  foreign: {
    id: 'foreign-package',
    case: 'case-2',
    index: '1',
    person: 'foreign-person',
    token: 'foreign-token',
    '*': '0/000.p/1',
  },
  missing: {
    id: 'missing-package',
    case: 'case-9',
    index: '1',
    person: 'missing-person',
    token: 'missing-token',
    '*': '0/000.p/1',
  },
}
/** What stands in no answer to a partner: the other partner's names, and the vendor's people. */
const SECRETS = ['foreign-package', 'partner-002', 'case-2', 'secret-of-theirs', 'vendor-secret']

let hub: TestHub
let receipt: string
const callers = new Map<Role, TestPerson>()
const cookies = new Map<Role, string>()

beforeAll(async () => {
  hub = await startTestHub()
  const [alice, bob] = [await drawRecipient('partner-001'), await drawRecipient('partner-002')]
  await hub.vendor.enrol([alice.entry, bob.entry])
  await hub.vendor.putPackage('own-package', await sealFor(alice, 'own-package'), release.vkey)
  const foreign = await sealFor(bob, 'foreign-package', { case: 'case-2' })
  await hub.vendor.putPackage('foreign-package', foreign, release.vkey)
  receipt = receiptOf(alice, packageHash(foreign))
  for (const role of STAFF_ROLES)
    callers.set(role, await addTestPerson(hub, hub.vendorToken, `vendor-secret-${role}`, role))
  for (const role of PARTNER_ROLES) callers.set(role, await addTestPerson(hub, alice.token, `own-${role}`, role))
  for (const [role, person] of callers) cookies.set(role, (await signIn(hub, person)).browser.cookie)
  await addTestPerson(hub, alice.token, 'own-person', 'partner-reader')
  const other = await addTestPerson(hub, bob.token, 'foreign-person', 'partner-administrator')
  await other.organisation.add('secret-of-theirs', { role: 'partner-reader' })
  await other.own.addToken('foreign-token', drawToken('partner-reader', hub.now).grant)
  const theirs = await ownSignIn((await signIn(hub, other)).browser)
  Object.assign(IDS.foreign, { session: theirs.sessions[0]?.id, key: theirs.keys[0]?.id })
})
afterAll(async () => {
  await hub.stop()
  hub.remove()
})

/** Bodies that a route takes, so that a refusal is about who asks and for what; the others get an empty object. */
function bodyOf(name: string): unknown {
  const grant = () => drawToken('partner-reader', hub.now).grant
  const bodies: Readonly<Record<string, () => unknown>> = {
    addMember: () => ({ role: 'partner-reader' }),
    changeMemberRole: () => ({ role: 'partner-reader' }),
    addMemberToken: grant,
    addOwnToken: grant,
    enrolMember: () => ({ codeHash: grant().tokenHash }),
    enrolSelf: () => ({ codeHash: grant().tokenHash }),
    enrolCodes: () => ({ code: '123456' }),
    confirm: () => ({ code: '123456' }),
    acknowledgePackage: () => ({ receipt }),
    setEndpoint: () => ({ channel: 'webhook', address: 'https://partner.example/hook' }),
  }
  return bodies[name]?.() ?? {}
}

/** By its token, or by its session. */
type Way = 'token' | 'session'

async function ask(name: string, route: Route, role: Role, whose: Whose, way: Way = 'token'): Promise<Response> {
  const path = route.path.replace(/:(\w+)|\*/g, (place, named: string | undefined) => IDS[whose][named ?? place] ?? 'x')
  const type = route.body === 'bytes' ? 'application/octet-stream' : 'application/json'
  return await fetch(`${hub.hub.url}${PREFIX}${path}`, {
    method: route.method,
    headers: {
      ...(way === 'token'
        ? { authorization: `Bearer ${callers.get(role)?.token ?? ''}` }
        : { cookie: cookies.get(role) ?? '', origin: siteOf(hub) }),
      ...(route.method === 'GET' ? {} : { 'content-type': type }),
    },
    ...(route.method === 'GET' ? {} : { body: JSON.stringify(bodyOf(name)) }),
  })
}

/** All that a caller could tell an answer by, without what differs between any two requests. */
async function toldBy(response: Response, whose: Whose): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) => !/^(date|x-ratelimit-.*|content-length)$/.test(name))
  const body = (await response.text()).replaceAll(`${whose}-`, 'the-').replaceAll(/"\w+At":"[^"]*"/g, '"at":"…"')
  return { status: response.status, headers, body }
}

const table: [RouteName, Route][] = Object.keys(routes).flatMap((name) =>
  isRouteName(name) ? [[name, routes[name]]] : [],
)
function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(routes, name)
}

describe.each(table)('%s', (name, route) => {
  const both = ROLES.flatMap((role) => [[role, 'token'] as const, [role, 'session'] as const])
  test.each(both)('asked by: %s, with a %s', async (role, way) => {
    for (const whose of ['own', 'foreign', 'missing'] as const) {
      const response = await ask(name, route, role, whose, way)
      const isDenied = (await response.clone().text()).includes('"urn:sigillo:problem:forbidden"')
      // An administrator's token may answer `forbidden` for want of four eyes only; there are none here, and all callers are people.
      expect(isDenied, `${role} ${whose} ${String(response.status)}`).toBe(
        route.role !== 'public' && !can(role, route.action),
      )
      expect(response.status).toBeLessThan(500)
      await response.arrayBuffer()
    }
  })
})

const partnerTable = table.filter(([, { role }]) => role === 'partner' || role === 'any')
describe.each(partnerTable)('to a partner, %s', (name, route) => {
  const both = PARTNER_ROLES.flatMap((role) => [[role, 'token'] as const, [role, 'session'] as const])
  test.each(both)('tells nothing of others (%s, with a %s)', async (role, way) => {
    const foreign = await ask(name, route, role, 'foreign', way)
    const text = await foreign.clone().text()
    if (route.path.includes('/:')) {
      expect(await toldBy(foreign, 'foreign')).toEqual(
        await toldBy(await ask(name, route, role, 'missing', way), 'missing'),
      )
    }
    for (const secret of SECRETS) expect(text).not.toContain(secret)
  })
})

test('the table is about both sides: what only the vendor may do no partner may, and the other way', () => {
  for (const [, route] of table) {
    if (route.role === 'vendor') expect(PARTNER_ROLES.filter((role) => can(role, route.action))).toEqual([])
    if (route.role === 'partner') expect(STAFF_ROLES.filter((role) => can(role, route.action))).toEqual([])
  }
})
