import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { HubError } from '../errors.ts'

/** Ranges that no message of ours may reach: this host, private and shared networks, and everything that is not a unicast address. */
const REFUSED: readonly (readonly [address: string, prefix: number, type: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
]
/** Of IPv6 only global unicast is public, and of that not what embeds an IPv4 address or is for documentation. */
const PUBLIC_IPV6 = ['2000::', 3] as const
const REFUSED_IPV6: readonly (readonly [address: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

/** Which addresses messages may go to. */
export interface AddressRule {
  /** Whether a connection to this IP address may be made. */
  allows(ip: string): boolean
  /** Resolves a name for a connection; fails when any of its addresses is refused, so that none can be picked. */
  readonly lookup: LookupFunction
}

/**
 * The rule: public addresses, and the networks in `allowed` (CIDR, such as `10.1.0.0/16` or `fd00::/8`). Throws {@link HubError}
 * `bad-options` on what is no network.
 */
export function addressRule(allowed: readonly string[]): AddressRule {
  const [refused, own] = [new BlockList(), new BlockList()]
  const publicIpv6 = new BlockList()
  for (const [address, prefix, type] of REFUSED) refused.addSubnet(address, prefix, type)
  for (const [address, prefix] of REFUSED_IPV6) refused.addSubnet(address, prefix, 'ipv6')
  publicIpv6.addSubnet(...PUBLIC_IPV6, 'ipv6')
  for (const network of allowed) addNetwork(own, network)
  const allows = (ip: string): boolean => {
    const family = isIP(ip)
    if (family === 0) return false
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (own.check(ip, type)) return true
    return !refused.check(ip, type) && (family === 4 || publicIpv6.check(ip, 'ipv6'))
  }
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const bad = addresses.find(({ address }) => !allows(address))
      const [first] = addresses
      if (bad !== undefined || first === undefined)
        return callback(new Error('it resolves to an address that is not public'), '')
      if (options.all === true) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
  return { allows, lookup }
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix = ''] = network.split('/')
  const family = isIP(address)
  const most = family === 4 ? 32 : 128
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
    throw new HubError('bad-options', `"${network}" is not a network, such as 10.1.0.0/16`)
  list.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
}
