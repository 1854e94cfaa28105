import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign as signOneShot,
  verify as verifyOneShot,
} from 'node:crypto'
import { fromBase64, toBase64, toHex } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import type { Signer, Verifier } from '@sigillo/tlog/note'
import { ED25519, formatVkey, makeVkey, parseVkey, verifierOf } from '@sigillo/tlog/vkey'
import { SealError } from './errors.ts'

/** An Ed25519 key pair (RFC 8032). `seed` is the 32-byte secret: keep it out of logs and messages. */
export interface SigningKey {
  readonly seed: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A signer of notes that also knows its public side. */
export interface NoteSigner extends Signer {
  /** C2SP verifier key: what others need to check its signatures. */
  readonly vkey: string
}

/** A named key for notes as text: `secret` to be kept, `vkey` to be given away. */
export interface NoteKey {
  /** `PRIVATE+KEY+<name>+<key id>+<base64>`, the form of Go's sumdb/note. */
  readonly secret: string
  /** `<name>+<key id>+<base64>`. */
  readonly vkey: string
}

// RFC 8410 wrappings of a raw seed (PKCS #8) and of a raw public key (SubjectPublicKeyInfo).
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SECRET_HEAD = 'PRIVATE+KEY+'
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** p = 2^255 - 19, big-endian. */
const FIELD_PRIME = Buffer.from(`7f${'ff'.repeat(30)}ed`, 'hex')

/** The y coordinates of the eight low-order points of edwards25519, little-endian (C2SP CCTV, ed25519/README.md). */
const LOW_ORDER_Y: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** A new key from the system's random generator. */
export function generateSigningKey(): SigningKey {
  return signingKeyFromSeed(randomBytes(32))
}

/**
 * The key pair of a 32-byte seed.
 *
 * @throws SealError 'bad-key' when `seed` has another length.
 */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new SealError('bad-key', `an Ed25519 seed has 32 bytes, this one has ${seed.length}`)
  const spki = createPublicKey(privateKeyObject(seed)).export({ format: 'der', type: 'spki' })
  return { seed: new Uint8Array(seed), publicKey: new Uint8Array(spki.subarray(SPKI_HEAD.length)) }
}

/** The 64-byte signature of `message` (RFC 8032, pure Ed25519, deterministic). */
export function signEd25519(key: SigningKey, message: Uint8Array): Uint8Array {
  return new Uint8Array(signOneShot(null, message, privateKeyObject(key.seed)))
}

/**
 * Whether `signature` is valid under the strict rule: cofactorless equation, S reduced (RFC 8032), and neither the key nor R may be a low-order point or
 * a non-canonical encoding (what ed25519-dalek calls `verify_strict`).
 *
 * The last two conditions are checked here, not left to node:crypto: Node 20 and Go accept low-order points, Node 24 refuses them, and a verdict must not
 * depend on the verifier's build. Honest keys never meet them. The C2SP CCTV vectors pin the rule; a verifier in another language has to add the same check.
 *
 * `false`, never an exception, for keys and signatures of a wrong length or form.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (!isStrictPoint(publicKey) || !isStrictPoint(signature.subarray(0, 32))) return false
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: 'der', type: 'spki' })
    return verifyOneShot(null, message, key, signature)
  } catch {
    return false
  }
}

/** Whether a 32-byte encoding has y < p = 2^255 - 19 and is not one of the eight low-order points (whatever its sign bit says). */
function isStrictPoint(point: Uint8Array): boolean {
  const y = Buffer.from(point)
  y[31] = (y[31] ?? 0) & 0x7f
  const bigEndian = y.toReversed()
  if (Buffer.compare(bigEndian, FIELD_PRIME) >= 0) return false
  return !LOW_ORDER_Y.has(y.toString('hex'))
}

/**
 * A new named key for signed notes.
 *
 * @param name the key's name in signature lines: no spaces, no plus sign
 * @param random gives that many random bytes; the system's generator unless a test needs another
 * @param type `ED25519` for notes, `ED25519_COSIGNATURE` for a witness (constants of `@sigillo/tlog/vkey`)
 * @throws SealError 'bad-key' for a name or type that notes cannot carry
 */
export function generateNoteKey(
  name: string,
  random: (length: number) => Uint8Array = randomBytes,
  type: number = ED25519,
): NoteKey {
  const key = signingKeyFromSeed(random(32))
  return { secret: formatSecretKey(name, key, type), vkey: vkeyOf(name, key, type) }
}

/** The C2SP verifier key of a signing key under that name. @throws SealError 'bad-key' for a name or type that notes cannot carry */
export function vkeyOf(name: string, key: SigningKey, type: number = ED25519): string {
  return formatVkey(asSealError(() => makeVkey(name, type, key.publicKey)))
}

/** The text in which a signing key is stored: `PRIVATE+KEY+…`, see `NoteKey`. @throws SealError 'bad-key' for a name or type that notes cannot carry */
export function formatSecretKey(name: string, key: SigningKey, type: number = ED25519): string {
  const vkey = asSealError(() => makeVkey(name, type, key.publicKey))
  return `${SECRET_HEAD}${name}+${toHex(vkey.keyId)}+${toBase64(Buffer.concat([Uint8Array.of(type), key.seed]))}`
}

/** A stored signing key, read back. */
export interface NamedKey {
  readonly name: string
  readonly key: SigningKey
  /** `ED25519` or `ED25519_COSIGNATURE`. */
  readonly type: number
}

/**
 * Reads what `formatSecretKey` wrote.
 *
 * @throws SealError 'bad-key', never quoting the text
 */
export function parseSecretKey(secret: string): NamedKey {
  const match = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(secret.trim())
  if (match === null) {
    throw new SealError('bad-key', 'this is not a signing key: it must read PRIVATE+KEY+<name>+<8 hex digits>+<base64>')
  }
  const [, name = '', id = '', material = ''] = match
  const bytes = asSealError(() => fromBase64(material))
  if (bytes.length !== 33)
    throw new SealError('bad-key', `the signing key ${name} is damaged: it has ${bytes.length} bytes, not 33`)
  const [type = 0] = bytes
  const key = signingKeyFromSeed(bytes.subarray(1))
  if (toHex(asSealError(() => makeVkey(name, type, key.publicKey)).keyId) !== id) {
    throw new SealError('bad-key', `the signing key ${name} is damaged: its key id does not belong to it`)
  }
  return { name, key, type }
}

/**
 * The signer of a `PRIVATE+KEY+…` text. For a witness key it signs plainly; `cosignatureSigner` of `@sigillo/tlog/cosignature` adds the time.
 *
 * @throws SealError 'bad-key', never quoting the text
 */
export function noteSigner(secret: string): NoteSigner {
  const { name, key, type } = parseSecretKey(secret)
  const { keyId } = makeVkey(name, type, key.publicKey)
  return { name, keyId, vkey: vkeyOf(name, key, type), sign: (message) => signEd25519(key, message) }
}

/**
 * The verifier of a C2SP vkey, of notes or of cosignatures by the key's type.
 *
 * @throws SealError 'bad-key' naming what is wrong with it
 */
export function noteVerifier(vkey: string): Verifier {
  return verifierOf(
    asSealError(() => parseVkey(vkey.trim())),
    verifyEd25519,
  )
}

function asSealError<T>(action: () => T): T {
  try {
    return action()
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new SealError('bad-key', cause.message, { cause })
  }
}

function privateKeyObject(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}
