import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { generateToken, hashToken, isToken } from './token.ts'

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('a bearer token', () => {
  test('has 256 random bits behind a prefix that secret scanners find', () => {
    const tokens = Array.from({ length: 100 }, () => generateToken())
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) expect(token).toMatch(/^sgl_[A-Za-z0-9_-]{48}$/)
  })

  test.prop([secret])('is told from a mistyped one by its checksum', (bytes) => {
    const token = generateToken(() => bytes)
    expect(isToken(token)).toBe(true)
    for (let at = 4; at < token.length; at += 5) {
      const other = token[at] === 'A' ? 'B' : 'A'
      expect(isToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(false)
    }
  })

  test.prop([fc.string({ maxLength: 80 })])('is no other text', (text) => {
    expect(isToken(text)).toBe(false)
  })

  test('is stored as the SHA-256 of its text', () => {
    expect(Buffer.from(hashToken('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
