import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { Signer, Verifier } from '../src/note.ts'
import { ED25519, type Ed25519Verify, formatVkey, makeVkey, verifierOf } from '../src/vkey.ts'

/** The injected signature check of the tests: node:crypto. */
export const nodeEd25519: Ed25519Verify = (publicKey, message, signature) => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' })
  return verify(null, message, key, signature)
}

export interface TestKey {
  readonly signer: Signer
  /** Checks signature lines of this key, cosignatures if its type is that of a witness. */
  readonly verifier: Verifier
  readonly vkey: string
}

/** A key of the given name; from its 32-byte seed, or one that follows from the name. */
export function testKey(name: string, type: number = ED25519, seed: Uint8Array = seedOf(name)): TestKey {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const vkey = makeVkey(name, type, new Uint8Array(spki.subarray(-32)))
  return {
    signer: { name, keyId: vkey.keyId, sign: (message) => new Uint8Array(sign(null, message, privateKey)) },
    verifier: verifierOf(vkey, nodeEd25519),
    vkey: formatVkey(vkey),
  }
}

function seedOf(name: string): Uint8Array {
  return createHash('sha256').update(`test key ${name}`).digest()
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
