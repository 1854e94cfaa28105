import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { encryptAge } from './age-file.ts'
import { SealError } from './errors.ts'

/** Kinds of native age recipients, told apart by the human-readable part before the last `1` of the bech32 string. */
export type RecipientKind = 'x25519' | 'hybrid' | 'tag' | 'hybrid-tag'

/** An age identity with the recipient string that goes with it. `identity` is secret. */
export interface AgeIdentity {
  /** `AGE-SECRET-KEY-1…` (X25519) or `AGE-SECRET-KEY-PQ-1…` (ML-KEM-768 with X25519) */
  readonly identity: string
  /** `age1…`, or `age1pq1…` of some 2,000 characters */
  readonly recipient: string
}

const KINDS: ReadonlyMap<string, RecipientKind> = new Map([
  ['age', 'x25519'],
  ['age1pq', 'hybrid'],
  ['age1tag', 'tag'],
  ['age1tagpq', 'hybrid-tag'],
])
const BECH32_DATA = /^[qpzry9x8gf2tvdw0s3jn54khce6mua7l]+$/

/** Recipients whose files stay closed to a quantum computer. */
const QUANTUM_SAFE: readonly RecipientKind[] = ['hybrid', 'hybrid-tag']

/**
 * A new identity from the system's random generator: X25519, which every age opens, or the hybrid of ML-KEM-768 and X25519, which needs age 1.3
 * or newer where age's own command line is used.
 */
export async function generateIdentity(kind: 'x25519' | 'hybrid' = 'x25519'): Promise<AgeIdentity> {
  return parseIdentity(await (kind === 'hybrid' ? generateHybridIdentity() : generateX25519Identity()))
}

/**
 * The recipient (public) of an identity.
 *
 * @throws SealError 'bad-key', see `parseIdentity`
 */
export async function recipientOf(identity: string): Promise<string> {
  return (await parseIdentity(identity)).recipient
}

/**
 * Reads an identity: one `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…` line, alone or in a file as `age-keygen` writes it (comment lines start with `#`).
 *
 * @throws SealError 'bad-key' naming what is wrong, without quoting the key: no identity line, several, a recipient instead of an identity, a
 * plugin identity, a wrong checksum.
 */
export async function parseIdentity(text: string): Promise<AgeIdentity> {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const [identity] = keys
  if (identity === undefined)
    throw new SealError('bad-key', 'there is no AGE-SECRET-KEY-1… line; make a key with `sigillo keygen`')
  if (keys.length > 1)
    throw new SealError('bad-key', `there are ${keys.length} key lines; give a file with one identity`)
  checkIdentityForm(identity)
  try {
    return { identity, recipient: await identityToRecipient(identity) }
  } catch (cause) {
    throw new SealError('bad-key', 'the AGE-SECRET-KEY-… line is damaged: its checksum or length is wrong', { cause })
  }
}

function checkIdentityForm(line: string): void {
  if (line.startsWith('AGE-SECRET-KEY-1') || line.startsWith('AGE-SECRET-KEY-PQ-1')) return
  if (line.startsWith('age1'))
    throw new SealError(
      'bad-key',
      'this is a recipient (public key, age1…); the identity (AGE-SECRET-KEY-1…) is needed',
    )
  if (line.startsWith('AGE-PLUGIN-'))
    throw new SealError(
      'bad-key',
      'an age plugin identity belongs to a key in hardware; open the file with age and that plugin',
    )
  if (line.startsWith('PRIVATE+KEY+'))
    throw new SealError('bad-key', 'this is a signing key; the age identity (AGE-SECRET-KEY-1…) is needed')
  throw new SealError('bad-key', 'this is not an age identity: it must start with AGE-SECRET-KEY-1')
}

/**
 * The text of an identity file as `age-keygen` writes it; `age -d -i FILE` reads it.
 *
 * @param created RFC 3339 instant for the comment line.
 */
export function formatIdentityFile(identity: AgeIdentity, created: string): string {
  return `# created: ${created}\n# public key: ${identity.recipient}\n${identity.identity}\n`
}

/**
 * Which kind of native recipient `text` is. Only the human-readable part is looked at here. Plugin names are never resolved: they reached a binary
 * look-up in other programs (GHSA-32gq-x56h-299c).
 *
 * @throws SealError 'bad-recipient' for anything but `age1…`, `age1pq1…`, `age1tag1…` and `age1tagpq1…`.
 */
export function recipientKind(text: string): RecipientKind {
  const separator = text.lastIndexOf('1')
  const data = text.slice(separator + 1)
  const kind = KINDS.get(text.slice(0, Math.max(separator, 0)))
  if (kind !== undefined && BECH32_DATA.test(data)) return kind
  if (text.startsWith('AGE-SECRET-KEY-')) {
    throw new SealError(
      'bad-recipient',
      'this is an identity (secret key); give the recipient (age1…) and keep the identity private',
    )
  }
  throw new SealError('bad-recipient', `${shown(text)} is not a native age recipient: it must start with age1`)
}

/**
 * Checks the recipients of one age file: native, well-formed, none twice, and no mix of post-quantum and classic ones (the age specification forbids it,
 * since the weaker one decides). What is sealed to `age1tag1…` or `age1tagpq1…` opens only with age and the plugin of that hardware.
 *
 * @throws SealError 'bad-recipient' naming the first offender.
 */
export async function checkRecipients(recipients: readonly string[]): Promise<void> {
  if (recipients.length === 0) throw new SealError('bad-recipient', 'there is no recipient to encrypt to')
  const kinds = recipients.map(recipientKind)
  const quantumSafe = kinds.filter((kind) => QUANTUM_SAFE.includes(kind)).length
  if (quantumSafe > 0 && quantumSafe < kinds.length) {
    throw new SealError(
      'bad-recipient',
      'post-quantum and classic recipients cannot share one age file: the classic key would decide its strength',
    )
  }
  for (const [index, recipient] of recipients.entries()) {
    if (recipients.indexOf(recipient) !== index)
      throw new SealError('bad-recipient', `${shown(recipient)} is listed twice`)
    // age-encryption checks a recipient only while it encrypts, so an empty file is encrypted to it.
    await encryptAge(new Uint8Array(), [recipient])
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 70 ? `${text.slice(0, 24)}…` : text)
}
