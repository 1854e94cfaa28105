import { createHash, randomBytes } from 'node:crypto'
import { LONGEST_HOURS } from '@sigillo/api/contracts-sign-in'
import type { Site } from './site.ts'

/** A new secret of a session: 256 random bits. */
export function drawSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of the secret. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest()
}

/** Value of `Set-Cookie` that gives a browser its session. */
export function sessionCookie(site: Site, secret: string): string {
  return `${nameAt(site)}=${secret}; ${attributesAt(site)}; Max-Age=${String(LONGEST_HOURS * 3600)}`
}

/** Value of `Set-Cookie` that takes it away. */
export function endedCookie(site: Site): string {
  return `${nameAt(site)}=; ${attributesAt(site)}; Max-Age=0`
}

/** The secret in a `Cookie` header, or null. Two cookies of the name are none: one of them is somebody else's. */
export function secretIn(site: Site, header: string | undefined): string | null {
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${nameAt(site)}=`))
  const secret = found.length === 1 ? (found[0] ?? '').slice(nameAt(site).length + 1) : ''
  return /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : null
}

/** With the prefix, browsers take the cookie from this very host only, over TLS only. */
function nameAt({ isSecure }: Site): string {
  return isSecure ? '__Host-sigillo-session' : 'sigillo-session'
}

function attributesAt({ isSecure }: Site): string {
  return `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
}
