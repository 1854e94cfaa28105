import { equalBytes, fromBinaryString, fromUtf8, parseDecimal, toBinaryString, toHex } from './encoding.ts'
import { TlogError } from './errors.ts'
import { ED25519, ED25519_COSIGNATURE, parseVkey, type Vkey } from './vkey.ts'

/** Caps against hostile policy files; the specification recommends at least 32 of each kind. */
const maxLines = 1024
const maxBytes = 256 * 1024

/** A trusted log. Its key name is its origin. */
export interface PolicyLog {
  readonly vkey: Vkey
  readonly url: string | null
}

/** A trusted witness. `name` has a meaning in the policy only; it is an octet string with one character per byte. */
export interface PolicyWitness {
  readonly name: string
  readonly vkey: Vkey
  readonly url: string | null
}

/** Satisfied when at least `threshold` of its members are; members are witnesses or groups defined before it. */
export interface PolicyGroup {
  readonly name: string
  readonly threshold: number
  readonly members: readonly string[]
}

/** Trusted keys and the quorum rule (c2sp.org/tlog-policy). It comes from whoever verifies, never from what is verified. */
export interface Policy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly groups: readonly PolicyGroup[]
  /** Name of a witness or group; `null` for `quorum none`. */
  readonly quorum: string | null
}

interface Draft {
  readonly logs: PolicyLog[]
  readonly witnesses: PolicyWitness[]
  readonly groups: PolicyGroup[]
  readonly memberOf: Map<string, string>
  quorum: string | null | undefined
}

/** Parses a policy file. Throws `bad-policy` with the number of the line. */
export function parsePolicy(bytes: Uint8Array): Policy {
  if (bytes.length > maxBytes) throw new TlogError('bad-policy', `the policy has more than ${maxBytes} bytes`)
  const lines = toBinaryString(bytes).split('\n')
  if (lines.pop() !== '') throw new TlogError('bad-policy', 'the last line of the policy does not end with a newline')
  if (lines.length > maxLines) throw new TlogError('bad-policy', `the policy has more than ${maxLines} lines`)
  const draft: Draft = { logs: [], witnesses: [], groups: [], memberOf: new Map(), quorum: undefined }
  for (const [at, line] of lines.entries()) parseLine(draft, line, `policy line ${at + 1}`)
  const { logs, witnesses, groups, quorum } = draft
  if (quorum === undefined) throw new TlogError('bad-policy', 'the policy has no quorum line')
  return { logs, witnesses, groups, quorum }
}

/**
 * Names of the witnesses and groups that a set of cosigning witnesses satisfies, in order of definition. Each direct member of the
 * quorum's group stands for one organisation if the policy is written so.
 */
export function satisfiedNames(policy: Policy, cosigned: ReadonlySet<string>): ReadonlySet<string> {
  const satisfied = new Set(policy.witnesses.map((witness) => witness.name).filter((name) => cosigned.has(name)))
  for (const group of policy.groups) {
    if (group.members.filter((member) => satisfied.has(member)).length >= group.threshold) satisfied.add(group.name)
  }
  return satisfied
}

/**
 * The rule of the quorum: how many of which members have to be satisfied. One witness as quorum is one of one. `null` for
 * `quorum none`.
 */
export function quorumRule(policy: Policy): Omit<PolicyGroup, 'name'> | null {
  if (policy.quorum === null) return null
  const group = policy.groups.find(({ name }) => name === policy.quorum)
  return group ?? { threshold: 1, members: [policy.quorum] }
}

/**
 * Whether a witness is the log's own: it shares a public key, or the host part of its key name, with a log of the policy. A log that
 * witnesses itself adds no assurance.
 */
export function isOwnWitness(policy: Policy, witness: PolicyWitness): boolean {
  return policy.logs.some(
    (log) => equalBytes(log.vkey.publicKey, witness.vkey.publicKey) || host(log.vkey.name) === host(witness.vkey.name),
  )
}

function parseLine(draft: Draft, line: string, where: string): void {
  // oxlint-disable-next-line no-control-regex -- the specification allows exactly these octets
  if (/[^\t\x20-\x7e\x80-\xff]/.test(line)) throw new TlogError('bad-policy', `${where}: control character`)
  const [keyword = '', ...items] = line.split(/[ \t]+/).filter((item) => item !== '')
  if (keyword === '' || keyword.startsWith('#')) return
  switch (keyword) {
    case 'log':
      return addLog(draft, items, where)
    case 'witness':
      return addWitness(draft, items, where)
    case 'group':
      return addGroup(draft, items, where)
    case 'quorum':
      return setQuorum(draft, items, where)
    default:
      throw new TlogError('bad-policy', `${where}: unknown keyword`)
  }
}

function addLog(draft: Draft, items: readonly string[], where: string): void {
  const [key, url] = items
  if (key === undefined || items.length > 2) throw new TlogError('bad-policy', `${where}: expected log <vkey> [<url>]`)
  const vkey = readKey(key, ED25519, where)
  requireNewKey(draft.logs, vkey, where)
  draft.logs.push({ vkey, url: url ?? null })
}

function addWitness(draft: Draft, items: readonly string[], where: string): void {
  const [name, key, url] = items
  if (name === undefined || key === undefined || items.length > 3) {
    throw new TlogError('bad-policy', `${where}: expected witness <name> <vkey> [<url>]`)
  }
  requireNewName(draft, name, where)
  const vkey = readKey(key, ED25519_COSIGNATURE, where)
  requireNewKey(draft.witnesses, vkey, where)
  draft.witnesses.push({ name, vkey, url: url ?? null })
}

function addGroup(draft: Draft, items: readonly string[], where: string): void {
  const [name, count, ...members] = items
  if (name === undefined || count === undefined || members.length === 0) {
    throw new TlogError('bad-policy', `${where}: expected group <name> <k|any|all> <member>…`)
  }
  requireNewName(draft, name, where)
  const words: Record<string, number> = { any: 1, all: members.length }
  const threshold = (Object.hasOwn(words, count) ? words[count] : parseDecimal(count)) ?? 0
  if (threshold < 1 || threshold > members.length) {
    throw new TlogError('bad-policy', `${where}: the threshold is not in 1..${members.length}`)
  }
  for (const member of members) {
    if (!isDefined(draft, member)) throw new TlogError('bad-policy', `${where}: a member is not defined above`)
    if (draft.memberOf.has(member)) throw new TlogError('bad-policy', `${where}: a member is in a group already`)
    draft.memberOf.set(member, name)
  }
  draft.groups.push({ name, threshold, members })
}

function setQuorum(draft: Draft, items: readonly string[], where: string): void {
  const [name] = items
  if (name === undefined || items.length > 1) throw new TlogError('bad-policy', `${where}: expected quorum <name>`)
  if (draft.quorum !== undefined) throw new TlogError('bad-policy', `${where}: second quorum line`)
  if (name !== 'none' && !isDefined(draft, name))
    throw new TlogError('bad-policy', `${where}: the quorum is not defined above`)
  draft.quorum = name === 'none' ? null : name
}

function readKey(octets: string, type: number, where: string): Vkey {
  let vkey: Vkey
  try {
    vkey = parseVkey(fromUtf8(fromBinaryString(octets)))
  } catch (error) {
    throw new TlogError('bad-policy', `${where}: ${error instanceof TlogError ? error.message : 'unreadable key'}`)
  }
  if (vkey.type !== type)
    throw new TlogError('bad-policy', `${where}: a key of type ${vkey.type} where ${type} is needed`)
  return vkey
}

function requireNewKey(known: readonly { readonly vkey: Vkey }[], vkey: Vkey, where: string): void {
  const id = toHex(vkey.publicKey)
  if (known.some((other) => toHex(other.vkey.publicKey) === id))
    throw new TlogError('bad-policy', `${where}: this key is listed already`)
}

function requireNewName(draft: Draft, name: string, where: string): void {
  if (name === 'none' || isDefined(draft, name)) throw new TlogError('bad-policy', `${where}: the name is taken`)
}

function isDefined(draft: Draft, name: string): boolean {
  return [...draft.witnesses, ...draft.groups].some((item) => item.name === name)
}

function host(name: string): string {
  return (name.split('/')[0] ?? name).toLowerCase()
}
