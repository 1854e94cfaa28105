import { noteVerifier } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { TlogError } from '@sigillo/tlog/errors'
import { type Policy, parsePolicy } from '@sigillo/tlog/policy'
import { DossierError } from './errors.ts'

/**
 * Whom the verifier trusts. It comes from the verifier alone; nothing inside a verified file is ever taken as a key when a policy is given.
 */
export interface VerifierPolicy {
  /** Logs, witnesses and quorum (c2sp.org/tlog-policy). */
  readonly log: Policy
  /** Release keys of vendors: packages. C2SP vkeys. */
  readonly vendors: readonly string[]
  /** Keys of those who write dossiers; a vendor's key counts as one. */
  readonly investigators: readonly string[]
  /** Receipt keys of partners, by recipient id. */
  readonly partners: ReadonlyMap<string, readonly string[]>
}

interface OwnLines {
  readonly vendors: string[]
  readonly investigators: string[]
  readonly partners: Map<string, string[]>
}

/**
 * Parses a policy file: the lines of c2sp.org/tlog-policy (`log`, `witness`, `group`, `quorum`), and three more that it leaves to applications:
 *
 *     vendor <vkey>
 *     investigator <vkey>
 *     partner <recipient id> <vkey>
 *
 * @throws DossierError 'bad-policy' with the number of the line
 */
export function parseVerifierPolicy(bytes: Uint8Array): VerifierPolicy {
  const own: OwnLines = { vendors: [], investigators: [], partners: new Map() }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new DossierError('bad-policy', 'the policy file is not UTF-8 text', { cause })
  }
  // Own lines become empty ones, so that the line numbers in messages stay right.
  const rest = text.split('\n').map((line, index) => (takeOwnLine(line, index + 1, own) ? '' : line))
  try {
    return { log: parsePolicy(new TextEncoder().encode(rest.join('\n'))), ...own }
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new DossierError('bad-policy', cause.message, { cause })
  }
}

function takeOwnLine(line: string, number: number, own: OwnLines): boolean {
  const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '')
  if (keyword === 'vendor' || keyword === 'investigator') {
    const list = keyword === 'vendor' ? own.vendors : own.investigators
    list.push(oneKey(items, 1, number, `${keyword} <vkey>`))
    return true
  }
  if (keyword !== 'partner') return false
  const key = oneKey(items, 2, number, 'partner <recipient id> <vkey>')
  const [id = ''] = items
  own.partners.set(id, [...(own.partners.get(id) ?? []), key])
  return true
}

function oneKey(items: readonly string[], count: number, number: number, form: string): string {
  const key = items[count - 1]
  if (key === undefined || items.length !== count)
    throw new DossierError('bad-policy', `policy line ${number}: expected ${form}`)
  try {
    noteVerifier(key)
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new DossierError('bad-policy', `policy line ${number}: ${cause.message}`, { cause })
  }
  return key
}
