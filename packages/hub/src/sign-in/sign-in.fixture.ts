import { createOTP } from '@better-auth/utils/otp'
import { base32 } from '@better-auth/utils/base32'
import { CeremonyOptions, CodesAnswer, SignInStatus } from '@sigillo/api/contracts-sign-in'
import { generateToken, hashToken } from '@sigillo/api/token'
import type { TestPerson } from '../people/people.fixture.ts'
import type { TestHub } from '../programme.fixture.ts'
import { type SoftAuthenticator, softAuthenticator, type Tweaks } from './authenticator.fixture.ts'

/** Address at which browsers find a test hub. */
export function siteOf(hub: TestHub): string {
  return hub.hub.url.replace('127.0.0.1', 'localhost')
}

/** A browser without a screen: it keeps cookies and says where its requests come from. */
export interface Browser {
  cookie: string
  /** Sends JSON from the hub's own page, or with other headers. */
  send(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<Response>
}

/** A browser at the page of a hub. */
export function openBrowser(hub: TestHub, cookie = ''): Browser {
  const self: Browser = {
    cookie,
    send: async (method, path, json, headers = {}) => {
      const response = await fetch(`${hub.hub.url}/v1${path}`, {
        method,
        headers: {
          origin: siteOf(hub),
          ...(self.cookie === '' ? {} : { cookie: self.cookie }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      for (const set of response.headers.getSetCookie()) self.cookie = withCookie(self.cookie, set)
      return response
    },
  }
  return self
}

function withCookie(cookie: string, set: string): string {
  const [pair = ''] = set.split(';')
  const name = pair.slice(0, pair.indexOf('=') + 1)
  const others = cookie.split('; ').filter((known) => known !== '' && !known.startsWith(name))
  return [...others, ...(/Max-Age=0\b/.test(set) ? [] : [pair])].join('; ')
}

/** The code of a new enrolment of a person, made by an administrator's token. */
export async function giveCode(hub: TestHub, administrator: string, path: string): Promise<string> {
  const code = generateToken()
  const response = await fetch(`${hub.hub.url}/v1${path}/enrolment`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' },
    body: JSON.stringify({ codeHash: Buffer.from(hashToken(code)).toString('hex') }),
  })
  if (!response.ok) throw new Error(await response.text())
  return code
}

/** Enrols an authenticator with a code. */
export async function enrolWith(
  browser: Browser,
  key: SoftAuthenticator,
  code: string,
  tweaks: Tweaks = {},
): Promise<Response> {
  const asked = await browser.send('POST', '/enrolment/options', { code })
  if (!asked.ok) return asked
  const credential = key.create(optionsIn(await asked.json()), tweaks)
  return await browser.send('POST', '/enrolment', { code, name: 'laptop', credential })
}

/** Signs in with an authenticator. */
export async function signInWith(browser: Browser, key: SoftAuthenticator, tweaks: Tweaks = {}): Promise<Response> {
  const asked = await browser.send('POST', '/sign-in/options', {})
  return await browser.send('POST', '/sign-in', { credential: key.get(optionsIn(await asked.json()), tweaks) })
}

/** The options in an answer of the hub. */
export function optionsIn(answer: unknown): Record<string, unknown> {
  return CeremonyOptions.parse(answer).options
}

/** What a browser is told of its person's sign-in. */
export async function ownSignIn(browser: Browser): Promise<SignInStatus> {
  return SignInStatus.parse(await (await browser.send('GET', '/self/sign-in')).json())
}

/** The new secret for one-time codes in an answer. */
export async function codesIn(response: Response): Promise<CodesAnswer> {
  return CodesAnswer.parse(await response.json())
}

/** A person's browser, signed in, with the authenticator that it used. */
export interface SignedIn {
  readonly browser: Browser
  readonly key: SoftAuthenticator
}

/** Signs a person in who has a token: by a link of its own, a passkey, and a ceremony. */
export async function signIn(hub: TestHub, person: TestPerson): Promise<SignedIn> {
  const [browser, key] = [openBrowser(hub), softAuthenticator(siteOf(hub))]
  const code = await giveCode(hub, person.token, '/self')
  for (const response of [await enrolWith(browser, key, code), await signInWith(browser, key)])
    if (!response.ok) throw new Error(await response.text())
  return { browser, key }
}

/** The one-time code of a secret at an instant. */
export async function codeAt(secret: string, now: Date): Promise<string> {
  return await createOTP(base32.decode(secret)).hotp(Math.floor(now.getTime() / 30_000))
}
