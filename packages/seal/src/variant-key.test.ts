import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { boxKey, keyHash } from './internal/variant-key.ts'

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const vector: Readonly<Record<'secret' | 'salt' | 'key' | 'hash', string>> & { readonly box: number } = JSON.parse(
  readFileSync(new URL('../../../vectors/seal/variant-key.json', import.meta.url), 'utf8'),
)
const secret = hex(vector.secret)
const salt = hex(vector.salt)

describe('the key of a variant', () => {
  it('is HKDF-SHA-256 of its secret, and its hash SHA-256, as computed by another program', () => {
    expect(shown(boxKey(secret, salt, vector.box))).toBe(vector.key)
    expect(shown(keyHash(secret, salt, vector.box))).toBe(vector.hash)
  })

  it('is that of one box of one body: the same secret elsewhere gives another key and another hash', () => {
    const elsewhere = [
      [salt, vector.box + 1],
      [hex('00'.repeat(32)), vector.box],
    ] as const
    for (const [other, box] of elsewhere) {
      expect(shown(boxKey(secret, other, box))).not.toBe(vector.key)
      expect(shown(keyHash(secret, other, box))).not.toBe(vector.hash)
    }
  })
})
