import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a test changes about an answer of the authenticator. */
export interface Tweaks {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  readonly crossOrigin?: boolean
  /** Flags of the authenticator data; default: user present and verified. */
  readonly flags?: number
  readonly counter?: number
  readonly key?: KeyObject
  readonly id?: string
}

/** An authenticator in software: it makes ES256 passkeys and signs as WebAuthn Level 3 asks, or wrongly where a test says so. */
export interface SoftAuthenticator {
  readonly id: string
  counter: number
  create(options: Record<string, unknown>, tweaks?: Tweaks): Record<string, unknown>
  get(options: Record<string, unknown>, tweaks?: Tweaks): Record<string, unknown>
}

const PRESENT_AND_VERIFIED = 0x05
const HAS_CREDENTIAL = 0x40

/** An authenticator at a site; what it says of its site and challenge is true unless tweaked. */
export function softAuthenticator(origin: string): SoftAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(16)
  const id = credentialId.toString('base64url')
  const rpId = new URL(origin).hostname
  const clientData = (type: string, options: Record<string, unknown>, tweaks: Tweaks): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: tweaks.type ?? type,
        challenge: tweaks.challenge ?? options['challenge'],
        origin: tweaks.origin ?? origin,
        crossOrigin: tweaks.crossOrigin ?? false,
      }),
    )
  const dataOf = (flags: number, counter: number, tweaks: Tweaks, rest: Buffer): Buffer =>
    Buffer.concat([sha256(tweaks.rpId ?? rpId), Buffer.from([flags]), u32(counter), rest])
  const self: SoftAuthenticator = {
    id,
    counter: 0,
    create: (options, tweaks = {}) => {
      const credential = Buffer.concat([Buffer.alloc(16), u16(credentialId.length), credentialId, coseOf(publicKey)])
      const data = dataOf((tweaks.flags ?? PRESENT_AND_VERIFIED) | HAS_CREDENTIAL, self.counter, tweaks, credential)
      return answerOf(tweaks.id ?? id, {
        clientDataJSON: clientData('webauthn.create', options, tweaks).toString('base64url'),
        attestationObject: attestation(data).toString('base64url'),
        transports: ['internal'],
      })
    },
    get: (options, tweaks = {}) => {
      const client = clientData('webauthn.get', options, tweaks)
      const counter = tweaks.counter ?? ++self.counter
      const data = dataOf(tweaks.flags ?? PRESENT_AND_VERIFIED, counter, tweaks, Buffer.alloc(0))
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), tweaks.key ?? privateKey)
      return answerOf(tweaks.id ?? id, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: null,
      })
    },
  }
  return self
}

function answerOf(id: string, response: Record<string, unknown>): Record<string, unknown> {
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
}

/** COSE_Key of a P-256 public key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseOf(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.from('a5010203262001', 'hex'), coordinate(0x21, x), coordinate(0x22, y)])
}

/** CBOR of {fmt: 'none', attStmt: {}, authData}. */
function attestation(data: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.from([0x59]), u16(data.length), data])
  return Buffer.concat([
    Buffer.from([0xa3]),
    text('fmt'),
    text('none'),
    text('attStmt'),
    Buffer.from([0xa0]),
    text('authData'),
    bytes,
  ])
}

/** A COSE coordinate: its label, and 32 bytes. */
function coordinate(label: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, 'base64url')])
}

/** CBOR of a text shorter than 24 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)])
}

function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest()
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
