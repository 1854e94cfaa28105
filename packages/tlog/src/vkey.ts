import { cosignatureVerifier } from './cosignature.ts'
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex } from './encoding.ts'
import { TlogError } from './errors.ts'
import { isKeyName, keyId, type Verifier } from './note.ts'

/**
 * Checks an Ed25519 signature (RFC 8032); given by the caller, never computed here. `publicKey` has 32 bytes, `signature` 64. Must return
 * false rather than throw. Use node:crypto or WebCrypto: other libraries disagree with them, and with Go, on edge cases, and a proof
 * that one verifier accepts and another refuses is worthless.
 */
export type Ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** Ed25519 signature over the text of a note. */
export const ED25519: number = 0x01
/** Timestamped Ed25519 cosignature over a checkpoint, made by a witness. */
export const ED25519_COSIGNATURE: number = 0x04

/** A public key with its name and its use (c2sp.org/signed-note, "Verifier keys"). */
export interface Vkey {
  readonly name: string
  readonly keyId: Uint8Array
  /** `ED25519` or `ED25519_COSIGNATURE`. */
  readonly type: number
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array
}

/** A vkey with its key id computed. Throws `bad-argument` on a bad name, type or key length. */
export function makeVkey(name: string, type: number, publicKey: Uint8Array): Vkey {
  if (!isKeyName(name)) throw new TlogError('bad-argument', 'a key name is empty or holds a space or a plus sign')
  if (type !== ED25519 && type !== ED25519_COSIGNATURE)
    throw new TlogError('bad-argument', `no support for key type ${type}`)
  if (publicKey.length !== 32)
    throw new TlogError('bad-argument', `an Ed25519 public key has 32 bytes, not ${publicKey.length}`)
  return { name, keyId: keyId(name, type, publicKey), type, publicKey }
}

/** `<name>+<hex key id>+<base64 of type and key>`. */
export function formatVkey(vkey: Vkey): string {
  return `${vkey.name}+${toHex(vkey.keyId)}+${toBase64(concatBytes(new Uint8Array([vkey.type]), vkey.publicKey))}`
}

/** Parses a vkey. Throws `bad-key`, also when its key id is not the one computed from the key, or its type is not supported here. */
export function parseVkey(text: string): Vkey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text)
  if (match === null) throw new TlogError('bad-key', 'not a verifier key: expected <name>+<8 hex digits>+<base64>')
  const [, name = '', id = '', material = ''] = match
  let vkey: Vkey
  try {
    const blob = fromBase64(material)
    vkey = makeVkey(name, blob[0] ?? 0, blob.slice(1))
  } catch (error) {
    throw new TlogError('bad-key', `not a verifier key: ${error instanceof TlogError ? error.message : 'unreadable'}`)
  }
  if (!equalBytes(vkey.keyId, fromHex(id)))
    throw new TlogError('bad-key', `the key id ${id} does not belong to this verifier key`)
  return vkey
}

/** Verifier for the signature lines of this key: of notes for `ED25519`, of checkpoint cosignatures for `ED25519_COSIGNATURE`. */
export function verifierOf(vkey: Vkey, ed25519: Ed25519Verify): Verifier {
  const plain: Verifier = {
    name: vkey.name,
    keyId: vkey.keyId,
    verify: (message, signature) => signature.length === 64 && ed25519(vkey.publicKey, message, signature),
  }
  return vkey.type === ED25519_COSIGNATURE ? cosignatureVerifier(plain) : plain
}
