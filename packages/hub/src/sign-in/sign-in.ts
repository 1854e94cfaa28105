import type { Tx } from '@sigillo/db/schema'
import { HubError } from '../errors.ts'
import { type OnceAMinute, onceAMinute } from '../internal/once-a-minute.ts'
import type { Ceremonies } from './ceremonies.ts'
import { type Site, siteAt, siteHere } from './site.ts'

/** What sign-in of people works with. */
export interface SignIn {
  /** Encrypts the secrets of one-time codes. */
  readonly key: string
  /** Null while the hub does not know at which address browsers find it; then nobody signs in. */
  site(): Site | null
  /** Throws {@link HubError} `not-found` when there is no site. */
  requireSite(): Site
  /** Throws {@link HubError} `not-found` when there is no site. Its library is loaded with the first one: half of a hub's start would be that. */
  ceremonies(): Promise<Ceremonies>
  /** Tells where the hub listens, which is its site when it has no other and listens on this machine only. */
  listens(host: string, port: number): void
  /** Which refused sign-ins are told of in the log. */
  readonly told: OnceAMinute
}

/** Opens sign-in. Throws {@link HubError} `bad-options` when browsers would refuse passkeys at `publicUrl`. */
export function openSignIn(parts: {
  readonly db: Tx
  readonly key: string
  readonly clock: () => Date
  readonly publicUrl: string | undefined
}): SignIn {
  let site: Site | null = parts.publicUrl === undefined ? null : siteAt(parts.publicUrl)
  let open: Promise<Ceremonies> | undefined
  const requireSite = (): Site => {
    if (site === null)
      throw new HubError('not-found', 'nobody signs in here: the hub was started without its public address')
    return site
  }
  return {
    key: parts.key,
    site: () => site,
    requireSite,
    ceremonies: async () => {
      const at = requireSite()
      open ??= import('./ceremonies.ts').then(({ openCeremonies }) => openCeremonies(parts.db, parts.key, at))
      return await open
    },
    listens: (host, port) => {
      site ??= siteHere(host, port)
    },
    told: onceAMinute(parts.clock),
  }
}
