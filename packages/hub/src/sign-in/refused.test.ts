import { createHash, generateKeyPairSync } from 'node:crypto'
import { generateToken } from '@sigillo/api/token'
import { sql } from 'kysely'
import { openServer } from '@sigillo/db/engine-server'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addTestPerson, type TestPerson } from '../people/people.fixture.ts'
import { startTestHub, type TestHub } from '../programme.fixture.ts'
import { type SoftAuthenticator, softAuthenticator, type Tweaks } from '@sigillo/testkit/soft-authenticator'
import { type Browser, enrolWith, openBrowser, optionsIn, signInWith, siteOf } from '@sigillo/testkit/sign-in-browser'
import { giveCode, signIn } from './sign-in.fixture.ts'

// Goal P1: what a thief, another site or a broken authenticator can answer, and that none of it signs anybody in.

describe.each(['embedded', 'server'] as const)('refused, on the %s engine', (kind) => {
  let postgres: TemporaryPostgres | null = null
  let hub: TestHub | null = null
  let person: TestPerson
  let browser: Browser
  let key: SoftAuthenticator
  let url = ''
  const there = (): TestHub => hub ?? expect.fail('no hub')
  const site = (): string => siteOf(there())
  beforeAll(async () => {
    postgres = kind === 'server' ? await startPostgres() : null
    if (kind === 'server' && postgres === null) return
    url = postgres === null ? '' : await postgres.createDatabase()
    hub = await startTestHub(url === '' ? {} : { databaseUrl: url })
    person = await addTestPerson(hub, hub.vendorToken, 'ann', 'administrator')
    ;({ browser, key } = await signIn(hub, person))
    key.counter = 10
    await signInWith(browser, key)
  })
  beforeEach(({ skip }) => {
    if (hub === null) skip('no PostgreSQL server')
    else browser = openBrowser(hub)
  })
  afterAll(async () => {
    await hub?.stop()
    hub?.remove()
    await postgres?.stop()
  })
  const ask = async (from = browser) => optionsIn(await (await from.send('POST', '/sign-in/options', {})).json())
  const answer = (credential: unknown, headers: Record<string, string> = {}, from = browser) =>
    from.send('POST', '/sign-in', { credential }, headers)

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const tweaks: [string, () => Tweaks][] = [
    ['an answer made on another site', () => ({ origin: 'https://evil.example' })],
    ['an answer made on another port', () => ({ origin: 'http://localhost:1' })],
    ['an answer made on a subdomain', () => ({ origin: site().replace('localhost', 'a.localhost') })],
    ['an answer made over another scheme', () => ({ origin: site().replace('http:', 'https:') })],
    ['an answer for another relying party', () => ({ rpId: 'evil.example' })],
    ['an answer to a challenge of its own', () => ({ challenge: Buffer.alloc(32, 7).toString('base64url') })],
    ['an answer to an empty challenge', () => ({ challenge: '' })],
    ['an answer of the other ceremony', () => ({ type: 'webauthn.create' })],
    ['an answer of no ceremony', () => ({ type: 'payment.get' })],
    ['an answer without user verification', () => ({ flags: 0x01 })],
    ['an answer without user presence', () => ({ flags: 0x04 })],
    ['an answer without any flag', () => ({ flags: 0 })],
    ['a counter that stands still', () => ({ counter: 11 })],
    ['a counter that went back', () => ({ counter: 3 })],
    ['a counter that fell to zero', () => ({ counter: 0 })],
    ['the signature of another key', () => ({ key: other })],
    ['a passkey that the hub does not know', () => ({ id: Buffer.alloc(16, 9).toString('base64url') })],
  ]
  test.each(tweaks)('%s', async (_, tweak) => {
    const response = await answer(key.get(await ask(), tweak()))
    expect(response.status, await response.clone().text()).toBe(401)
    expect(browser.cookie).not.toContain('sigillo-session')
  })

  test('the same answer a second time', async () => {
    const credential = key.get(await ask())
    const cookie = browser.cookie
    expect((await answer(credential)).status).toBe(200)
    expect((await answer(credential, {}, openBrowser(there(), cookie))).status).toBe(401)
  })

  test('an answer in another browser than was asked', async () => {
    const credential = key.get(await ask())
    expect((await answer(credential, {}, openBrowser(there()))).status).toBe(401)
    const foreign = openBrowser(there())
    await ask(foreign)
    expect((await answer(credential, {}, foreign)).status).toBe(401)
  })

  test('a cookie of the ceremony that was tampered with', async () => {
    const credential = key.get(await ask())
    expect((await answer(credential, { cookie: `${browser.cookie.slice(0, -6)}AAAAAA` })).status).toBe(401)
  })

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page without origin', { origin: 'null' }],
    ['a sister host', { 'sec-fetch-site': 'same-site' }],
    ['another site by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
  ])('a right answer sent by %s', async (_, headers) => {
    expect((await answer(key.get(await ask()), headers)).status).toBe(401)
  })

  test('a signature with one bit changed, and data with one bit changed', async () => {
    for (const part of ['signature', 'authenticatorData']) {
      const credential = key.get(await ask())
      const response = { ...(credential['response'] as Record<string, string>) }
      const bytes = Buffer.from(response[part] ?? '', 'base64url')
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      response[part] = bytes.toString('base64url')
      expect((await answer({ ...credential, response })).status, part).toBe(401)
    }
  })

  // The embedded engine has one connection, and the hub has it.
  if (kind === 'server')
    test('a challenge that is too old', async () => {
      const credential = key.get(await ask())
      const engine = await openServer({ url })
      await sql`update auth_verifications set expires_at = now() - interval '1 second'`.execute(engine.db)
      await engine.close()
      expect((await answer(credential)).status).toBe(401)
    })

  test('enrolment with a code that was used, replaced, too old, or made up', async () => {
    const outcome = async (code: string) =>
      (await enrolWith(openBrowser(there()), softAuthenticator(site()), code)).status
    const used = await giveCode(there(), person.token, '/self')
    expect([await outcome(used), await outcome(used)]).toEqual([200, 401])
    const replaced = await giveCode(there(), person.token, '/self')
    const old = await giveCode(there(), person.token, '/self')
    expect([await outcome(replaced), await outcome(generateToken()), await outcome(person.token)]).toEqual([
      401, 401, 401,
    ])
    there().now = new Date(there().now.getTime() + 24 * 3_600_000)
    expect(await outcome(old)).toBe(401)
  })

  test.each([
    ['without user verification', { flags: 0x01 }],
    ['made on another site', { origin: 'https://evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: createHash('sha256').update('x').digest('base64url') }],
  ])('enrolment of a passkey %s, and the link stays good', async (_, tweak) => {
    const code = await giveCode(there(), person.token, '/self')
    expect((await enrolWith(browser, softAuthenticator(site()), code, tweak)).status).toBe(401)
    expect((await enrolWith(browser, softAuthenticator(site()), code)).status).toBe(200)
  })

  test.each(['/sign-in/email', '/sign-up/email', '/password', '/api/auth/sign-in/email', '/reset-password'])(
    'a password: there is no %s',
    async (path) => {
      expect((await browser.send('POST', path, { email: 'staff/ann', password: 'x' })).status).toBe(404)
    },
  )

  test('and is told of in the log, at most once a minute for one person', async () => {
    const before = Number((await there().vendor.checkpoint()).split('\n')[1])
    there().now = new Date(there().now.getTime() + 120_000)
    for (let i = 0; i < 3; i++) await answer(key.get(await ask(), { flags: 0x01 }))
    const events = await there().vendor.events({ after: before - 1 })
    expect(events.map(({ type, subject }) => `${type} ${subject}`)).toEqual(['access.denied ann'])
  })
})
