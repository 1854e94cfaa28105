import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNote, signNote, verifyNote } from '@sigillo/tlog/note'
import {
  formatSecretKey,
  generateNoteKey,
  generateSigningKey,
  noteSigner,
  noteVerifier,
  parseSecretKey,
  signEd25519,
  signingKeyFromSeed,
  verifyEd25519,
  vkeyOf,
} from './ed25519.ts'
import { SealError } from './errors.ts'

/** Folder with CCTV's `ed25519vectors.json` and Wycheproof's `ed25519_test.json`, which this repository does not copy (vectors/seal/ORIGIN.md). */
const vectors = process.env['SIGILLO_ED25519_VECTORS']
const hex = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'hex'))
const toHex = (value: Uint8Array): string => Buffer.from(value).toString('hex')

interface CctvVector {
  readonly number: number
  readonly key: string
  readonly sig: string
  readonly msg: string
  readonly flags: readonly string[] | null
}

interface WycheproofFile {
  readonly numberOfTests: number
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

const read = (name: string): string => readFileSync(join(vectors ?? '', name), 'utf8')

describe('Ed25519 against outside vectors', () => {
  it.each([
    // RFC 8032 section 7.1, TEST 1, 2 and 3
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('signs as RFC 8032 says (seed %s)', (seed, publicKey, message, signature) => {
    const key = signingKeyFromSeed(hex(seed))
    expect(toHex(key.publicKey)).toBe(publicKey)
    expect(toHex(signEd25519(key, hex(message)))).toBe(signature)
  })
})

if (vectors === undefined) {
  process.stderr.write(
    'SKIPPED outside Ed25519 vectors: set SIGILLO_ED25519_VECTORS to a folder with them (vectors/seal/ORIGIN.md)\n',
  )
} else {
  describe('outside vectors of Ed25519', () => {
    it('accepts and refuses the 914 CCTV edge cases by the strict rule', () => {
      const cases: readonly CctvVector[] = JSON.parse(read('ed25519vectors.json'))
      const refusing = new Set([
        'low_order_A',
        'low_order_R',
        'non_canonical_A',
        'non_canonical_R',
        'low_order_residue',
      ])
      expect(cases.length).toBe(914)
      const wrong = cases.filter((one) => {
        const expected = !(one.flags ?? []).some((flag) => refusing.has(flag))
        return verifyEd25519(hex(one.key), new TextEncoder().encode(one.msg), hex(one.sig)) !== expected
      })
      expect(wrong.map((one) => one.number)).toEqual([])
    })

    it('agrees with every Wycheproof test', () => {
      const file: WycheproofFile = JSON.parse(read('ed25519_test.json'))
      const tests = file.testGroups.flatMap((group) => group.tests.map((test) => ({ ...test, pk: group.publicKey.pk })))
      expect(tests.length).toBe(file.numberOfTests)
      expect(tests.length).toBeGreaterThanOrEqual(150)
      const wrong = tests.filter(
        (one) => verifyEd25519(hex(one.pk), hex(one.msg), hex(one.sig)) !== (one.result === 'valid'),
      )
      expect(wrong.map((one) => one.tcId)).toEqual([])
    })
  })
}

describe('signing keys', () => {
  it('verify their own signatures and no other message', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array(),
        fc.uint8Array(),
        (seed, message, other) => {
          const key = signingKeyFromSeed(seed)
          const signature = signEd25519(key, message)
          expect(verifyEd25519(key.publicKey, message, signature)).toBe(true)
          expect(verifyEd25519(key.publicKey, other, signature)).toBe(toHex(other) === toHex(message))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('differ each time they are generated', () => {
    expect(toHex(generateSigningKey().seed)).not.toBe(toHex(generateSigningKey().seed))
  })

  it('name a seed of a wrong length', () => {
    expect(() => signingKeyFromSeed(new Uint8Array(31))).toThrow(
      new SealError('bad-key', 'an Ed25519 seed has 32 bytes, this one has 31'),
    )
  })

  it('answer false to keys and signatures of a wrong form', () => {
    const key = signingKeyFromSeed(new Uint8Array(32))
    const message = new Uint8Array(3)
    expect(verifyEd25519(key.publicKey.subarray(1), message, signEd25519(key, message))).toBe(false)
    expect(verifyEd25519(key.publicKey, message, signEd25519(key, message).subarray(1))).toBe(false)
    expect(verifyEd25519(new Uint8Array(32).fill(0xff), message, signEd25519(key, message))).toBe(false)
  })
})

describe('note keys', () => {
  // The example of c2sp.org/signed-note and of Go's sumdb/note.
  const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`

  it('verify the example note of the specification, and nothing but it', () => {
    const note = new TextEncoder().encode(NOTE)
    expect(verifyNote(note, [noteVerifier(PETER)])).toMatchObject({ ok: true })
    expect(verifyNote(new TextEncoder().encode(NOTE.replace('you', 'You')), [noteVerifier(PETER)])).toMatchObject({
      ok: false,
    })
  })

  it("read the secret key of Go's sumdb/note tests and sign as it does", () => {
    // golang/mod sumdb/note/note_test.go: the signer of the key above.
    const secret = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
    expect(noteSigner(secret).vkey).toBe(PETER)
    const { text } = parseNote(new TextEncoder().encode(NOTE))
    expect(new TextDecoder().decode(signNote(text, [noteSigner(secret)]))).toBe(NOTE)
  })

  it('round-trip, and take their randomness from the caller when asked', () => {
    const key = generateNoteKey('partner-017', (length) => new Uint8Array(length).fill(7))
    expect(noteSigner(key.secret).vkey).toBe(key.vkey)
    const parsed = parseSecretKey(key.secret)
    expect([formatSecretKey(parsed.name, parsed.key), vkeyOf(parsed.name, parsed.key)]).toEqual([key.secret, key.vkey])
    expect(noteSigner(`${key.secret}\n`).vkey).toBe(key.vkey)
    expect(generateNoteKey('partner-017', (length) => new Uint8Array(length).fill(7))).toEqual(key)
    expect(generateNoteKey('partner-017').secret).not.toBe(generateNoteKey('partner-017').secret)
  })

  it('name what is wrong and never quote the secret', () => {
    const { secret } = generateNoteKey('partner-017')
    const bad = [
      '',
      'AGE-SECRET-KEY-1XX',
      secret.slice(0, -8),
      secret.replace('partner-017', 'partner-018'),
      `${secret}=`,
    ]
    for (const text of bad) {
      expect(() => noteSigner(text)).toThrow(SealError)
      expect(() => noteSigner(text)).not.toThrow(secret.slice(-20))
    }
    expect(() => noteVerifier('nonsense')).toThrow(SealError)
    expect(() => generateNoteKey('two words')).toThrow(SealError)
  })
})
