import { createHmac } from 'node:crypto'
import type { SoftAuthenticator, Tweaks } from './soft-authenticator.ts'

/** A hub that listens on this machine. */
interface LocalHub {
  readonly hub: { readonly url: string }
}

/** Address at which browsers find a test hub. */
export function siteOf(hub: LocalHub): string {
  return hub.hub.url.replace('127.0.0.1', 'localhost')
}

/** A browser without a screen: it keeps cookies and says where its requests come from. */
export interface Browser {
  cookie: string
  /** Sends JSON from the hub's own page, or with other headers. */
  send(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<Response>
}

/** A browser at the page of a hub. */
export function openBrowser(hub: LocalHub, cookie = ''): Browser {
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
  if (typeof answer !== 'object' || answer === null || !('options' in answer))
    throw new Error('an answer without options')
  const { options } = answer
  if (typeof options !== 'object' || options === null) throw new Error('options that are no object')
  return { ...options }
}

/** The one-time code of a secret at an instant (RFC 6238: HMAC-SHA-1, six digits, thirty seconds). */
export function codeAt(secret: string, now: Date): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now.getTime() / 30_000)))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const digits = Array.from(text, (letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter))
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
