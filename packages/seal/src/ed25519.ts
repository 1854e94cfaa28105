import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign as signOneShot,
  verify as verifyOneShot,
} from 'node:crypto'
import { SealError } from './errors.ts'

/** An Ed25519 key pair (RFC 8032). `seed` is the 32-byte secret: keep it out of logs and messages. */
export interface SigningKey {
  readonly seed: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

// RFC 8410 wrappings of a raw seed (PKCS #8) and of a raw public key (SubjectPublicKeyInfo).
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
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

function privateKeyObject(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}
