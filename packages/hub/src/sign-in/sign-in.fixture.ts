import { CodesAnswer, SignInStatus } from '@sigillo/api/contracts-sign-in'
import { generateToken, hashToken } from '@sigillo/api/token'
import { type Browser, enrolWith, openBrowser, signInWith, siteOf } from '@sigillo/testkit/sign-in-browser'
import { type SoftAuthenticator, softAuthenticator } from '@sigillo/testkit/soft-authenticator'
import type { TestPerson } from '../people/people.fixture.ts'
import type { TestHub } from '../programme.fixture.ts'

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
