import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addTestPerson } from '../people/people.fixture.ts'
import { startTestHub, type TestHub } from '../programme.fixture.ts'
import { codeAt, siteOf } from '@sigillo/testkit/sign-in-browser'
import { giveCode } from './sign-in.fixture.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Folder for pictures of the page, to look at. */
const PICTURES = process.env['SIGN_IN_PICTURES']

let hub: TestHub
let browser: Browser | null = null
beforeAll(async () => {
  hub = await startTestHub()
  if (existsSync(CHROMIUM))
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(async () => {
  await browser?.close()
  await hub.stop()
  hub.remove()
})

/** A new tab whose device has a passkey store of its own; `complaints` are errors of the page's script and of its policies. */
async function openPage(
  chromiumHere: Browser,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await chromiumHere.newPage({ viewport: { width: 390, height: 760 } })
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) complaints.push(message.text())
  })
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { page, complaints }
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png` })
}

test('a person enrols, signs in, sees its session, idles out and signs out in Chromium', async ({ skip }) => {
  skip(browser === null, `no Chromium at ${CHROMIUM}: the page is NOT tested`)
  if (browser === null) return
  const ann = await addTestPerson(hub, hub.vendorToken, 'ann', 'administrator')
  const code = await giveCode(hub, ann.token, '/self')
  const { page, complaints } = await openPage(browser)

  await page.goto(`${siteOf(hub)}/sign-in#enrol=${code}`)
  await page.getByLabel('Name of this device').fill('Work laptop')
  await picture(page, 'enrol')
  await page.keyboard.press('Enter')
  await page.getByText('Your passkey is set up.').waitFor()
  expect(page.url()).not.toContain(code)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('Work laptop (here)').waitFor()
  expect(await page.locator('#who').textContent()).toBe('ann · administrator')
  await picture(page, 'inside')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'inside-dark')
  expect(await page.evaluate('document.cookie')).toBe('')
  expect(await page.evaluate(`fetch('/v1/people').then((answer) => answer.status)`)).toBe(200)

  hub.now = new Date(hub.now.getTime() + 16 * 60_000)
  expect(await page.evaluate(`fetch('/v1/people').then((answer) => answer.status)`)).toBe(401)
  await page.reload()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  expect(await page.evaluate(`fetch('/v1/self').then((answer) => answer.status)`)).toBe(401)
  expect(complaints).toEqual([])
})

test('a person sets up one-time codes, and needs a fresh one for sensitive acts in Chromium', async ({ skip }) => {
  skip(browser === null, `no Chromium at ${CHROMIUM}: the page is NOT tested`)
  if (browser === null) return
  const ben = await addTestPerson(hub, hub.vendorToken, 'ben', 'coordinator')
  const { page, complaints } = await openPage(browser)
  const button = (name: string) => page.getByRole('button', { name }).click()
  const says = async (text: string) => {
    await page.locator('#message', { hasText: text }).waitFor()
  }
  /** Moves the time of the hub, and of the authenticator app, on. */
  const later = (seconds: number): void => {
    hub.now = new Date(hub.now.getTime() + seconds * 1000)
  }
  const shownSecret = async () => ((await page.locator('#secret-text').textContent()) ?? '').replaceAll(' ', '')
  const fill = async (label: string, code: string) => {
    await page.getByLabel(label).fill(code)
    await page.keyboard.press('Enter')
  }
  const APP = 'Six digits from your authenticator app'
  /** A sensitive act, asked for by the page without its buttons. */
  const act = () =>
    page.evaluate(`fetch('/v1/self/codes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      .then((answer) => answer.status)`)

  await page.goto(`${siteOf(hub)}/sign-in#enrol=${await giveCode(hub, ben.token, '/self')}`)
  await fill('Name of this device', 'Work laptop')
  await button('Sign in with a passkey')
  await page.getByText('Off: for sensitive acts, you sign in again with your passkey.').waitFor()

  await button('Set up one-time codes')
  await page.getByLabel('First code').waitFor()
  const secret = await shownSecret()
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  await picture(page, 'codes-secret')
  const first = codeAt(secret, hub.now)
  const wrong = first === '000000' ? '000001' : '000000'
  await fill('First code', wrong)
  await says('this code is not right, or was used already; try the next')
  expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false)
  await fill('First code', first)
  await says('One-time codes are on.')
  await page.getByText('On: sensitive acts need a code besides your passkey.').waitFor()
  expect(await shownSecret()).toBe('')

  // A passkey alone does not do now, and neither does the code that was used: it is of these thirty seconds still.
  await button('Sign out: Work laptop (here)')
  await button('Sign in with a passkey')
  await page.getByLabel(APP).waitFor()
  await picture(page, 'code-asked')
  expect(await act()).toBe(403)
  for (const code of [wrong, first]) {
    await fill(APP, code)
    await says('this code is not right, or was used already; try the next')
    expect(await act()).toBe(403)
    await page.locator('#message').evaluate('(message) => { message.textContent = "" }')
  }
  later(30)
  const second = codeAt(secret, hub.now)
  await fill(APP, second)
  await says('Confirmed for five minutes.')
  expect(await page.getByLabel(APP).isVisible()).toBe(false)
  expect(await act()).toBe(200)

  // After five minutes the page asks for a code when an act needs one, and the act goes through once it is given.
  later(5 * 60)
  await button('Move one-time codes to another app')
  await says('token.change-self needs a proof that it is you')
  await fill(APP, second)
  await says('this code is not right')
  await fill(APP, codeAt(secret, hub.now))
  await says('Confirmed for five minutes.')
  await button('Move one-time codes to another app')
  await page.getByLabel('First code').waitFor()
  expect(await shownSecret()).not.toBe(secret)

  // Whoever sits here next sees nothing of a secret that was on the page.
  await button('Sign out: Work laptop (here)')
  await says('You are signed out.')
  expect(await shownSecret()).toBe('')
  expect(complaints).toEqual([])
})
