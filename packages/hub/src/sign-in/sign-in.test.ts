import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { migrate } from '@sigillo/db/migrations'
import { sql } from 'kysely'
import { getMigrations } from 'better-auth/db/migration'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { addPair, addTestPerson, type Pair, type TestPerson } from '../people/people.fixture.ts'
import { drawRecipient, startTestHub, type TestHub } from '../programme.fixture.ts'
import { softAuthenticator } from '@sigillo/testkit/soft-authenticator'
import { openAuth } from './ceremonies.ts'
import { codeAt, enrolWith, openBrowser, signInWith, siteOf } from '@sigillo/testkit/sign-in-browser'
import { codesIn, ownSignIn, giveCode, signIn } from './sign-in.fixture.ts'
import { siteAt } from './site.ts'

const MINUTE = 60_000

describe.each(['embedded', 'server'] as const)('people who sign in, on the %s engine', (kind) => {
  let postgres: TemporaryPostgres | null = null
  let hub: TestHub | null = null
  let pair: Pair
  let member: TestPerson
  beforeAll(async () => {
    postgres = kind === 'server' ? await startPostgres() : null
    if (kind === 'server' && postgres === null) return
    hub = await startTestHub(postgres === null ? {} : { databaseUrl: await postgres.createDatabase() })
    pair = await addPair(hub)
    const alice = await drawRecipient('partner-001')
    await hub.vendor.enrol([alice.entry])
    member = await addTestPerson(hub, alice.token, 'alice', 'partner-administrator')
  })
  beforeEach(({ skip }) => {
    if (hub === null) skip('no PostgreSQL server')
    else hub.now = new Date(hub.now.getTime() + 60 * MINUTE)
  })
  afterAll(async () => {
    await hub?.stop()
    hub?.remove()
    await postgres?.stop()
  })
  const there = (): TestHub => hub ?? expect.fail('no hub')
  let people = 0
  const newcomer = (): Promise<TestPerson> =>
    addTestPerson(there(), there().vendorToken, `person-${String(++people)}`, 'coordinator')
  const typesSince = async (index: number) =>
    (await there().vendor.events({ after: index })).map(({ type, subject }) => `${type} ${subject}`)
  const size = async (): Promise<number> => Number((await there().vendor.checkpoint()).split('\n')[1])

  test('enrol with a link, once, and sign in; both are in the log', async () => {
    const person = await newcomer()
    const [browser, key] = [openBrowser(there()), softAuthenticator(siteOf(there()))]
    const before = await size()
    const code = await giveCode(there(), pair.ann.token, `/people/${person.id}`)
    expect((await enrolWith(browser, key, code)).status).toBe(200)
    const response = await signInWith(browser, key)
    expect(await response.json()).toMatchObject({ person: person.id, needsCode: false })
    expect(response.headers.getSetCookie().join()).toMatch(/sigillo-session=[^;]+; Path=\/; HttpOnly; SameSite=Strict/)
    expect(await (await browser.send('GET', '/self')).json()).toMatchObject({
      side: 'vendor',
      person: person.id,
      roles: ['coordinator'],
      token: null,
    })
    expect(await typesSince(before - 1)).toEqual([
      `admin.action ${person.id}`,
      `key.enrolled ${person.id}`,
      `admin.action ${person.id}`,
    ])
    expect((await enrolWith(openBrowser(there()), softAuthenticator(siteOf(there())), code)).status).toBe(401)
  })

  test('may do as people of a partner what a token of theirs may, and nothing of others', async () => {
    const { browser } = await signIn(there(), member)
    expect((await browser.send('GET', '/me/people')).status).toBe(200)
    expect((await browser.send('GET', '/people')).status).toBe(403)
    expect((await browser.send('GET', '/me/people/nobody/sign-in')).status).toBe(404)
  })

  test('are out after 15 minutes without use, and after 12 hours in any case', async () => {
    const { browser } = await signIn(there(), await newcomer())
    const statusAfter = async (minutes: number): Promise<number> => {
      there().now = new Date(there().now.getTime() + minutes * MINUTE)
      return (await browser.send('GET', '/self')).status
    }
    expect(await statusAfter(14)).toBe(200)
    expect(await statusAfter(14)).toBe(200)
    expect(await statusAfter(15)).toBe(401)
    const { browser: busy } = await signIn(there(), await newcomer())
    const statuses: number[] = []
    for (let minutes = 10; minutes <= 12 * 60; minutes += 10) {
      there().now = new Date(there().now.getTime() + 10 * MINUTE)
      statuses.push((await busy.send('GET', '/self')).status)
    }
    expect(statuses.slice(0, -1).every((status) => status === 200)).toBe(true)
    expect(statuses.at(-1)).toBe(401)
  })

  test.each([
    ['GET', '/self'],
    ['GET', '/people'],
    ['PUT', '/self/enrolment'],
    ['POST', '/self/codes'],
  ])('are nobody when another page asks: %s %s', async (method, path) => {
    const { browser } = await signIn(there(), pair.ann)
    const before = await size()
    const others = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: siteOf(there()), 'sec-fetch-site': 'same-site' },
      { origin: siteOf(there()), 'sec-fetch-site': 'cross-site' },
      { origin: siteOf(there()), cookie: `sigillo-session=${'A'.repeat(43)}` },
      { origin: siteOf(there()), cookie: `${browser.cookie}; ${browser.cookie}` },
    ]
    for (const headers of others) {
      const response = await browser.send(method, path, method === 'GET' ? undefined : {}, headers)
      expect(response.status, JSON.stringify(headers)).toBe(401)
    }
    expect(await size()).toBe(before)
  })

  test('sign out, by themselves and by an administrator', async () => {
    const person = await newcomer()
    const { browser, key } = await signIn(there(), person)
    const status = await ownSignIn(browser)
    expect(status).toMatchObject({ keys: [{ name: 'laptop' }], sessions: [{ isThis: true }] })
    const cookie = browser.cookie
    const ended = await browser.send('POST', `/self/sessions/${status.sessions[0]?.id}/end`, {})
    expect(await ended.json()).toMatchObject({ sessions: [] })
    expect(browser.cookie).not.toContain('sigillo-session')
    expect((await openBrowser(there(), cookie).send('GET', '/self')).status).toBe(401)
    await signInWith(browser, key)
    const ann = await signIn(there(), pair.ann)
    expect((await ann.browser.send('POST', `/people/${person.id}/sign-out`, {})).status).toBe(200)
    expect((await browser.send('GET', '/self')).status).toBe(401)
  })

  test('are out when they are removed, get another role, or their passkey is revoked', async () => {
    const people = [await newcomer(), await newcomer(), await newcomer()] as const
    const [one, two, three] = await Promise.all(people.map((person) => signIn(there(), person)))
    const status = async () =>
      await Promise.all([one, two, three].map(async (each) => (await each?.browser.send('GET', '/self'))?.status))
    expect(await status()).toEqual([200, 200, 200])
    await pair.ann.organisation.remove(people[0].id)
    await pair.ann.organisation.changeRole(people[1].id, 'observer')
    const own = three && (await ownSignIn(three.browser))
    expect((await three?.browser.send('POST', `/self/keys/${own?.keys[0]?.id}/revoke`, {}))?.status).toBe(200)
    expect(await status()).toEqual([401, 401, 401])
    for (const [at, each] of [one, two, three].entries())
      if (each !== undefined) expect((await signInWith(each.browser, each.key)).status).toBe(at === 1 ? 200 : 401)
  })

  test('prove again that it is them before a sensitive act, and not before others', async () => {
    const { browser } = await signIn(there(), pair.ben)
    const draw = async () => await browser.send('POST', '/self/codes', {})
    there().now = new Date(there().now.getTime() + 4 * MINUTE)
    const { secret } = await codesIn(await draw())
    there().now = new Date(there().now.getTime() + MINUTE)
    expect(await (await draw()).json()).toMatchObject({ type: 'urn:sigillo:problem:confirm-needed', status: 403 })
    expect((await browser.send('GET', '/people')).status).toBe(200)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  })

  test('with one-time codes: a passkey alone does not do for sensitive acts, and each code is good once', async () => {
    const person = await newcomer()
    const { browser, key } = await signIn(there(), person)
    const { secret, uri } = await codesIn(await browser.send('POST', '/self/codes', {}))
    expect(uri).toContain(`secret=${secret}`)
    const code = async () => codeAt(secret, there().now)
    const wrong = await browser.send('POST', '/self/codes/enrol', { code: '000000' })
    expect(await wrong.json()).toMatchObject({ type: 'urn:sigillo:problem:wrong-code', status: 403 })
    expect((await browser.send('POST', '/self/codes/enrol', { code: await code() })).status).toBe(200)
    expect(await (await signInWith(browser, key)).json()).toMatchObject({ needsCode: true })
    const own = async () => (await browser.send('POST', '/self/codes', {})).status
    expect(await own()).toBe(403)
    const confirm = async (given: string) => (await browser.send('POST', '/self/confirm', { code: given })).status
    expect(await confirm(await code())).toBe(403)
    there().now = new Date(there().now.getTime() + MINUTE)
    const next = await code()
    expect([await confirm(next), await own(), await confirm(next)]).toEqual([200, 200, 403])
  })

  test('cannot guess codes: five wrong ones, and the right one waits a quarter of an hour', async () => {
    const { browser } = await signIn(there(), await newcomer())
    const { secret } = await codesIn(await browser.send('POST', '/self/codes', {}))
    const enrol = async (code: string) => (await browser.send('POST', '/self/codes/enrol', { code })).status
    const wrong = ['111111', '222222', '333333', '444444', '555555']
    expect(await Promise.all(wrong.map(enrol))).toEqual([403, 403, 403, 403, 403])
    expect(await enrol(codeAt(secret, there().now))).toBe(429)
    there().now = new Date(there().now.getTime() + 4 * MINUTE)
    await browser.send('GET', '/self')
    expect(await enrol(codeAt(secret, there().now))).toBe(429)
  })
})

describe('what sign-in keeps', () => {
  test('is where better-auth looks for it, and the database itself refuses a password', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sign-in-'))
    const engine = await openEmbedded({ dataDir })
    try {
      await migrate(engine.db)
      const auth = openAuth(engine.db, '0'.repeat(64), siteAt('https://hub.example'))
      const { toBeCreated, toBeAdded } = await getMigrations(auth.options)
      expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] })
      const insert =
        sql`insert into auth_accounts (id, account_id, provider_id, user_id, password, created_at, updated_at)
        values ('a', 'a', 'credential', 'a', 'secret', now(), now())`.execute(engine.db)
      await expect(insert).rejects.toThrow('auth_accounts_none')
    } finally {
      await engine.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  })

  test('is keyed by a file that only the hub can read, the same after a restart', async () => {
    const hub = await startTestHub()
    const person = await addTestPerson(hub, hub.vendorToken, 'ann', 'administrator')
    const { browser } = await signIn(hub, person)
    expect(statSync(join(hub.dataDir, 'sign-in.key')).mode & 0o777).toBe(0o600)
    const again = await hub.restart()
    expect((await openBrowser(again, browser.cookie).send('GET', '/self')).status).toBe(200)
    await again.stop()
    again.remove()
  })
})
