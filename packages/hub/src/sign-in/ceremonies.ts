import { passkey } from '@better-auth/passkey'
import type { EnrolRequest, SignInRequest } from '@sigillo/api/contracts-sign-in'
import type { Tx } from '@sigillo/db/schema'
import { APIError, betterAuth } from 'better-auth'
import { HubError } from '../errors.ts'
import type { Site } from './site.ts'
import { authTables, passkeyTable } from './tables.ts'

/** What a browser is asked, and the cookie that it has to bring back with its answer. */
export interface Challenge {
  readonly options: Record<string, unknown>
  /** Values of `Set-Cookie`. */
  readonly cookies: readonly string[]
}

/** What a browser answers. */
export interface CeremonyAnswer<Credential> {
  readonly credential: Credential
  /** Value of `Cookie`. */
  readonly cookie: string
}

/**
 * The two WebAuthn ceremonies, by better-auth: every challenge is good for one answer within five minutes, in the browser that it was
 * given to. What they write is good for nothing before the hub has logged it. Refusals are {@link HubError} `unauthorized`, all with one
 * message: which passkeys exist is nobody's business.
 */
export interface Ceremonies {
  /** Asks for a new passkey of a person that `auth_users` knows. */
  askPasskey(person: { readonly id: string; readonly label: string }): Promise<Challenge>
  /** Stores the passkey that answers. Returns its id and whose the challenge was. */
  storePasskey(
    answer: CeremonyAnswer<EnrolRequest['credential']> & { readonly name: string },
  ): Promise<{ id: string; person: string }>
  /** Asks for any passkey. */
  askSignIn(): Promise<Challenge>
  /** Verifies the answer. Returns the id of a session that is not started, and whose it would be. */
  verifySignIn(answer: CeremonyAnswer<SignInRequest['credential']>): Promise<{ session: string; person: string }>
}

const REFUSED = 'the passkey was refused; try again, or ask an administrator for a new link'

/** Opens the ceremonies of a site. `key` signs the cookie of a running ceremony. */
export function openCeremonies(db: Tx, key: string, site: Site): Ceremonies {
  const { api } = openAuth(db, key, site)
  const headersOf = ({ cookie }: { readonly cookie: string }): Headers => new Headers({ cookie, origin: site.origin })
  return {
    askPasskey: ({ id, label }) =>
      unlessRefused(async () => {
        const query = { context: id, name: label }
        const { headers, response } = await api.generatePasskeyRegistrationOptions({ query, returnHeaders: true })
        return { options: { ...response }, cookies: headers.getSetCookie() }
      }),
    storePasskey: (answer) =>
      unlessRefused(async () => {
        const body = { response: answer.credential, name: answer.name }
        const stored = await api.verifyPasskeyRegistration({ body, headers: headersOf(answer) })
        return { id: stored.id, person: stored.userId }
      }),
    askSignIn: () =>
      unlessRefused(async () => {
        const { headers, response } = await api.generatePasskeyAuthenticationOptions({ returnHeaders: true })
        // The plugin only prefers that the person is verified; it is required, here and again when the answer comes.
        return { options: { ...response, userVerification: 'required' }, cookies: headers.getSetCookie() }
      }),
    verifySignIn: (answer) =>
      unlessRefused(async () => {
        const { id, rawId, type, response } = answer.credential
        const body = { response: { id, rawId, type, response, clientExtensionResults: {} } }
        const { session } = await api.verifyPasskeyAuthentication({ body, headers: headersOf(answer) })
        return { session: session.id, person: session.userId }
      }),
  }
}

/** better-auth with nothing but passkeys. It is called as a library: none of its own routes are served. */
export function openAuth(db: Tx, key: string, site: Site) {
  return betterAuth({
    ...authTables,
    appName: 'Sigillo',
    baseURL: site.origin,
    secret: key,
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    // What it would say is about strangers' answers; those are told of in the log, at most once a minute.
    logger: { disabled: true },
    emailAndPassword: { enabled: false },
    advanced: {
      cookiePrefix: 'sigillo',
      useSecureCookies: site.isSecure,
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true, secure: site.isSecure, path: '/v1' },
    },
    plugins: [
      passkey({
        ...passkeyTable,
        rpID: site.rpId,
        rpName: 'Sigillo',
        origin: site.origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          // The hub decided who it is before it asked; `context` comes from nowhere else.
          requireSession: false,
          resolveUser: ({ context }) => ({ id: context ?? '', name: context ?? '' }),
          afterVerification: ({ verification }) => {
            requireVerified(verification.registrationInfo?.userVerified)
          },
        },
        authentication: {
          afterVerification: ({ verification }) => requireVerified(verification.authenticationInfo.userVerified),
        },
      }),
    ],
  })
}

/** The plugin itself takes answers of authenticators that did not ask for a finger, a face or a PIN. */
function requireVerified(isVerified: boolean | undefined): void {
  if (isVerified !== true) throw new APIError('UNAUTHORIZED')
}

async function unlessRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof APIError) throw new HubError('unauthorized', REFUSED, { cause: error })
    throw error
  }
}
