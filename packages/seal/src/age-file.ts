import { armor, Decrypter, Encrypter, type Identity, type Stanza } from 'age-encryption'
import { SealError } from './errors.ts'

/** Longest age header accepted, so that a hostile file cannot make us try millions of stanzas. */
const MAX_HEADER_BYTES = 256 * 1024
const ARMOR_HEAD = '-----BEGIN AGE ENCRYPTED FILE-----'

/** What may open an age file: identity strings (`AGE-SECRET-KEY-1…`, `AGE-SECRET-KEY-PQ-1…`) and passphrases. */
export interface AgeKeys {
  readonly identities?: readonly string[]
  readonly passphrases?: readonly string[]
}

/**
 * Encrypts to recipients that the caller has checked with `checkRecipients`.
 *
 * @throws SealError 'bad-recipient' when the list is empty or age refuses one.
 */
export async function encryptAge(
  plaintext: Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  if (recipients.length === 0) throw new SealError('bad-recipient', 'an age file needs at least one recipient')
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new SealError(
        'bad-recipient',
        `the recipient ${JSON.stringify(recipient.slice(0, 80))} is damaged: ${messageOf(cause)}`,
        { cause },
      )
    }
  }
  try {
    return new Uint8Array(await encrypter.encrypt(plaintext))
  } catch (cause) {
    throw new SealError('bad-recipient', `age cannot encrypt to these recipients: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Encrypts under a passphrase through scrypt with N = 2^`workFactor`, r = 8, p = 1.
 *
 * @throws SealError 'wrong-passphrase' when the passphrase is empty.
 */
export async function encryptAgeWithPassphrase(
  plaintext: Uint8Array,
  passphrase: string,
  workFactor: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (passphrase === '') throw new SealError('wrong-passphrase', 'the passphrase is empty')
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(workFactor)
  encrypter.setPassphrase(passphrase)
  return new Uint8Array(await encrypter.encrypt(plaintext))
}

/**
 * Opens an age file (age-encryption.org/v1, binary or armored). Nothing of the plaintext is returned unless all of it authenticated.
 *
 * @throws SealError 'wrong-identity' when the header is well formed but none of the keys matches; 'wrong-passphrase' likewise when only passphrases
 * were given; 'bad-age-file' for a malformed header, armor, MAC or payload; 'bad-key' when an identity cannot be parsed.
 */
export async function decryptAge(file: Uint8Array, keys: AgeKeys): Promise<Uint8Array<ArrayBuffer>> {
  const binary = unarmor(file)
  checkHeaderLength(binary)
  const payload = await openHeader(binary, keys)
  const parts: Uint8Array[] = []
  try {
    for await (const part of payload) parts.push(part)
  } catch (cause) {
    throw new SealError(
      'bad-age-file',
      'the age file is damaged: a part of its content does not authenticate or is missing',
      { cause },
    )
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function openHeader(binary: Uint8Array, keys: AgeKeys): Promise<ReadableStream<Uint8Array>> {
  let matched = false
  const spy: Identity = {
    // Asked last: reaching it means that the header parsed and no earlier key matched.
    unwrapFileKey(_stanzas: Stanza[]): null {
      matched = true
      return null
    },
  }
  const decrypter = decrypterFor(keys)
  decrypter.addIdentity(spy)
  try {
    return await decrypter.decrypt(new Blob([new Uint8Array(binary)]).stream())
  } catch (cause) {
    if (!matched)
      throw new SealError('bad-age-file', `the age file is damaged or malformed: ${messageOf(cause)}`, { cause })
    if ((keys.identities ?? []).length === 0)
      throw new SealError('wrong-passphrase', 'the passphrase does not open this file', { cause })
    throw new SealError('wrong-identity', 'the file is sealed to another key: no identity given here opens it', {
      cause,
    })
  }
}

function decrypterFor(keys: AgeKeys): Decrypter {
  const decrypter = new Decrypter()
  for (const identity of keys.identities ?? []) {
    try {
      decrypter.addIdentity(identity)
    } catch (cause) {
      throw new SealError(
        'bad-key',
        'an identity is malformed: it must be one AGE-SECRET-KEY-1… line as keygen writes it',
        { cause },
      )
    }
  }
  for (const passphrase of keys.passphrases ?? []) decrypter.addPassphrase(passphrase)
  return decrypter
}

function unarmor(file: Uint8Array): Uint8Array {
  const head = new TextDecoder().decode(file.subarray(0, 256))
  if (!head.trimStart().startsWith(ARMOR_HEAD)) return file
  try {
    return armor.decode(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file))
  } catch (cause) {
    throw new SealError('bad-age-file', `the armor of the age file is malformed: ${messageOf(cause)}`, { cause })
  }
}

function checkHeaderLength(binary: Uint8Array): void {
  const head = Buffer.from(binary.buffer, binary.byteOffset, Math.min(binary.length, MAX_HEADER_BYTES))
  if (!head.toString('latin1', 0, 21).startsWith('age-encryption.org/v1')) {
    throw new SealError('bad-age-file', 'this is not an age file: it does not start with age-encryption.org/v1')
  }
  if (!head.includes('\n---')) {
    const reason =
      binary.length > MAX_HEADER_BYTES
        ? `its header is longer than ${MAX_HEADER_BYTES} bytes`
        : 'it ends inside its header'
    throw new SealError('bad-age-file', `the age file is damaged: ${reason}`)
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown reason'
}
