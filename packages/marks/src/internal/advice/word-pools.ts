/**
 * Words that are equally ordinary in one role, sixteen or fewer a line, named by the parameters they stand behind. They are offered as
 * alternatives of values that a target ignores or treats alike; whether it does is for the artefact's own tests to say.
 */
const VALUES = `
scope,realm,domain,area,zone: tenant domain site realm zone region cluster global estate branch campus division district sector territory organisation
view,detail,projection,render: full compact detailed summary expanded condensed lengthy minimal plain rich outline extended terse complete elaborate brief
order,sort,sorting: newest oldest ascending descending relevance alphabetical received natural starred pinned unread flagged popular recent size name
channel,transport,via,protocol: web mobile desktop rest rpc soap graph socket push poll stream bridge relay feed queue batch
reason,cause,trigger: maintenance migration upgrade rotation failover rollover relocation restart replacement outage drain standby travel roaming audit review
mode,action,operation,op: attach adopt assume inherit acquire obtain receive collect pickup enter follow carry switch move shift change
depth,levels,recursion: subtree recursive nested flat children descendants inclusive deep entire everything toplevel single below under within onelevel
commit,durability,timing: soft hard deferred immediate lazy eager staged postponed gradual prompt partial final scheduled batched nightly delayed
audience,visibility,group: everyone members staff guests visitors customers partners colleagues employees users people team crew personnel residents subscribers
role,acting,as,actor: delegate proxy deputy assistant owner operator steward custodian manager auditor supervisor guardian trustee officer keeper sponsor
origin,source,backend,store: archive journal vault ledger backup mirror replica snapshot shadow escrow depot warehouse storage reserve library repository
consent,approval,grant: granted issued confirmed approved agreed implied recorded signed acknowledged affirmed ratified noted waived assured pledged sanctioned
state,status,outcome,result: finished adjourned released abandoned retired settled cleared completed concluded done over stopped expired vacated surrendered returned
priority,urgency,importance: urgent high normal low bulk express ordinary economy silent routine regular elevated critical flash idle background
client,device,platform,agent: desktop mobile tablet console kiosk terminal browser widget addin plugin applet daemon handset worker shell notebook
probe,check,ping,health: light basic simple fast quick small short ready alive health vital pulse heartbeat ping echo hello
purpose,intent,use: resume takeover transfer rejoin reattach restore recover reclaim reopen reconnect reenter renew rebind relink revive regain
`

/** Names of ways to compute or write a token, and other sets from which a program picks one. */
const SETS: readonly (readonly string[])[] = [
  ['sha256', 'sha1', 'md5', 'sha512', 'sha224', 'sha384', 'sha3_256', 'blake2b'],
  ['hex', 'base64', 'base64url', 'latin1'],
  ['b16encode', 'b32encode', 'urlsafe_b64encode', 'standard_b64encode'],
  [
    'en-GB',
    'de-AT',
    'fr-CA',
    'nl-BE',
    'it-CH',
    'es-MX',
    'pt-BR',
    'sv-FI',
    'da-DK',
    'nb-NO',
    'fi-FI',
    'pl-PL',
    'cs-CZ',
    'hu-HU',
    'ro-RO',
    'el-GR',
  ],
  ['keep-alive', 'close'],
]

/** Beginnings of tokens. */
const PREFIXES = 'hnd sess gate pair lnk jmp tkt sid hop peer berth lane xfer cont trf mbx'.split(' ')

/** Last words of header names that say who is asking or with what right. */
const HEADER_ENDS =
  'Proof Signature Digest Seal Token Verify Check Mac Evidence Assertion Challenge Answer Attest Witness Grant Stamp'.split(
    ' ',
  )

interface Pool {
  readonly names: readonly string[]
  readonly words: readonly string[]
}

const POOLS: readonly Pool[] = VALUES.trim()
  .split('\n')
  .map((line) => {
    const [names = '', words = ''] = line.split(': ')
    return { names: names.split(','), words: words.split(' ') }
  })

/** Parameters that a request can carry besides what it needs, each with sixteen values. */
export function spareParameters(): readonly { readonly name: string; readonly words: readonly string[] }[] {
  return POOLS.map(({ names, words }) => ({ name: names[0] ?? '', words }))
}

/** Words that could stand for a value, by the value itself or by what it is given to; the value is not among them. */
export function wordsFor(value: string, given: string): readonly string[] {
  const set = SETS.find((words) => words.includes(value))
  const pool = POOLS.find(({ words }) => words.includes(value)) ?? POOLS.find(({ names }) => names.includes(given))
  return (set ?? pool?.words ?? []).filter((word) => word !== value)
}

/** Other beginnings for a token, in the spelling of the one at hand: `sess-` gives `gate-`. */
export function prefixesFor(value: string): readonly string[] {
  const end = /[^A-Za-z0-9]*$/.exec(value)?.[0] ?? ''
  return PREFIXES.map((word) => word + end).filter((word) => word !== value)
}

/** Other names for a header, with another last word. */
export function headersFor(value: string): readonly string[] {
  const stem = /^(X-(?:[A-Za-z0-9]+-)*)[A-Za-z0-9]+$/.exec(value)?.[1]
  return stem === undefined ? [] : HEADER_ENDS.map((word) => stem + word).filter((word) => word !== value)
}

/** Whole numbers between half and twice one, as ordinary as it: even ones near an even one. */
export function numbersNear(value: number): readonly string[] {
  const step = value % 2 === 0 ? 2 : 1
  const first = step * Math.ceil(Math.max(1, value / 2) / step)
  const numbers = Array.from({ length: 40 }, (_, at) => first + at * step)
  return numbers.filter((number) => number !== value && number <= 2 * value + 8).map(String)
}

const METHODS: readonly (readonly string[])[] = [
  ['GET', 'SEARCH', 'REPORT', 'QUERY'],
  ['POST', 'PUT', 'PATCH', 'MERGE'],
  ['DELETE', 'UNLINK', 'PURGE', 'REMOVE'],
]

/** Other HTTP methods that a lenient target might treat alike. */
export function methodsFor(value: string): readonly string[] {
  return (METHODS.find((methods) => methods.includes(value)) ?? []).filter((method) => method !== value)
}

const COOKIES =
  'sessionid usersid authpass webkey boxpass deskkey gateid hopkey portalid frontpass loginkey visitid ticketid passkey edgeid roomkey'.split(
    ' ',
  )

/** Names that a session cookie could have. */
export function cookiesFor(value: string): readonly string[] {
  return COOKIES.filter((name) => name !== value)
}
