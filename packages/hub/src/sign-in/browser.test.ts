import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addTestPerson } from '../people/people.fixture.ts'
import { startTestHub, type TestHub } from '../programme.fixture.ts'
import { giveCode, siteOf } from './sign-in.fixture.ts'

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

test('a person enrols, signs in, sees its session, idles out and signs out in Chromium', async ({ skip }) => {
  skip(browser === null, `no Chromium at ${CHROMIUM}: the page is NOT tested`)
  if (browser === null) return
  const ann = await addTestPerson(hub, hub.vendorToken, 'ann', 'administrator')
  const code = await giveCode(hub, ann.token, '/self')
  const page = await browser.newPage({ viewport: { width: 390, height: 760 } })
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
  const picture = async (name: string) => {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png` })
  }

  await page.goto(`${siteOf(hub)}/sign-in#enrol=${code}`)
  await page.getByLabel('Name of this device').fill('Work laptop')
  await picture('enrol')
  await page.keyboard.press('Enter')
  await page.getByText('Your passkey is set up.').waitFor()
  expect(page.url()).not.toContain(code)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('Work laptop (here)').waitFor()
  expect(await page.locator('#who').textContent()).toBe('ann · administrator')
  await picture('inside')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture('inside-dark')
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
