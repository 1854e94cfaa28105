import { HubError } from '../errors.ts'

/** Where browsers find the hub: passkeys and cookies belong to it alone. */
export interface Site {
  /** `https://hub.example`, without a path. */
  readonly origin: string
  /** Id of the relying party: the host name. */
  readonly rpId: string
  /** Whether cookies go over TLS only; false on this machine itself and nowhere else. */
  readonly isSecure: boolean
}

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1']

/**
 * The site at a public address. Throws {@link HubError} `bad-options` when browsers would refuse passkeys there: it must be https with a
 * name, or http on localhost, and nothing but scheme, host and port.
 */
export function siteAt(address: string): Site {
  const url = URL.parse(address)
  const isHere = url?.protocol === 'http:' && url.hostname === 'localhost'
  const isNamed = url?.protocol === 'https:' && /[a-z]$/.test(url.hostname)
  if (url === null || !(isHere || isNamed) || `${url.origin}/` !== url.href)
    throw new HubError(
      'bad-options',
      `${JSON.stringify(address)} cannot be the public address; it looks like https://hub.example, without a path`,
    )
  return { origin: url.origin, rpId: url.hostname, isSecure: url.protocol === 'https:' }
}

/** The site of a hub that listens on this machine only and was given no public address; null for any other. */
export function siteHere(host: string, port: number): Site | null {
  return THIS_MACHINE.includes(host) ? siteAt(`http://localhost:${String(port)}`) : null
}
