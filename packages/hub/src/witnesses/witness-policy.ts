import { verifyEd25519 } from '@sigillo/seal/ed25519'
import { utf8 } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { type Policy, parsePolicy } from '@sigillo/tlog/policy'
import { formatVkey, parseVkey, type Vkey, verifierOf } from '@sigillo/tlog/vkey'
import type { Verifier } from '@sigillo/tlog/note'
import { HubError } from '../errors.ts'

/** A witness that the hub submits its checkpoints to. */
export interface WitnessAddress {
  /** Its name in the policy. */
  readonly name: string
  /** Its C2SP verifier key. */
  readonly vkey: string
  readonly verifier: Verifier
  /** Submission and monitoring prefix, without a slash at its end. */
  readonly url: string
}

/** What the hub asks of witnesses. */
export interface WitnessPolicy {
  /** The quorum rule, with the hub's own log as its only log, under each of its keys. */
  readonly policy: Policy
  readonly witnesses: readonly WitnessAddress[]
  /** `witnessed`: no byte of a package leaves before its event is in a checkpoint with the quorum; `signed`: the log's own signature is enough. */
  readonly release: 'signed' | 'witnessed'
}

/**
 * Parses the hub's policy file: the lines of c2sp.org/tlog-policy, with the address of every witness, and one more:
 *
 *     release witnessed
 *
 * The hub's own keys, `logKeys`, need no `log` line. Throws {@link HubError} `bad-options` with the number of the line.
 */
export function parseWitnessPolicy(text: string, logKeys: readonly string[]): WitnessPolicy {
  const found: WitnessPolicy['release'][] = []
  // Own lines become empty ones, so that the numbers of lines in messages stay right.
  const rest = text.split('\n').map((line, at) => {
    const [keyword, value, ...more] = line.trim().split(/\s+/)
    if (keyword !== 'release') return line
    if ((value !== 'signed' && value !== 'witnessed') || more.length > 0)
      throw bad(`policy line ${at + 1}: expected release signed or release witnessed`)
    found.push(value)
    return ''
  })
  const release = found.at(-1) ?? 'signed'
  const parsed = parse(rest.join('\n'))
  if (parsed.logs.some((log) => !logKeys.includes(formatVkey(log.vkey))))
    throw bad('the policy names another log than this hub; leave its log lines out')
  if (release === 'witnessed' && parsed.quorum === null)
    throw bad('the policy says release witnessed, but asks for no quorum')
  const policy = { ...parsed, logs: logKeys.map((key) => ({ vkey: parseVkey(key), url: null })) }
  return { policy, release, witnesses: parsed.witnesses.map(({ name, vkey, url }) => addressOf(name, vkey, url)) }
}

function parse(text: string): Policy {
  try {
    return parsePolicy(utf8(text))
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw bad(error.message, error)
  }
}

function addressOf(name: string, vkey: Vkey, url: string | null): WitnessAddress {
  const address = url === null ? null : URL.parse(url)
  if (address === null || !/^https?:$/.test(address.protocol))
    throw bad(`the policy gives no http(s) address of witness ${name}: witness <name> <vkey> <url>`)
  return {
    name,
    vkey: formatVkey(vkey),
    verifier: verifierOf(vkey, verifyEd25519),
    url: address.href.replace(/\/$/, ''),
  }
}

function bad(message: string, cause?: unknown): HubError {
  return new HubError('bad-options', message, { cause })
}
