import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { normaliseNumber } from './model.ts'
import { decodeEscapes, encodeEscapes } from './string-literals.ts'

describe('decodeEscapes', () => {
  it.each([
    ['plain', 'plain'],
    ['a\\n\\t\\\\', 'a\n\t\\'],
    ['\\x41\\u0042\\u{43}\\U00000044', 'ABCD'],
    ['\\q\\"', 'q"'],
    ['one\\\ntwo', 'onetwo'],
    ['\\u{ffffff}', '\ufffd'],
  ])('%j is %j', (raw, value) => {
    expect(decodeEscapes(raw)).toBe(value)
  })
})

property.prop([fc.string({ unit: 'binary' }), fc.constantFrom('"', "'", '`$', '"{}')])(
  'encoding and decoding is the identity',
  (value, special) => {
    const written = encodeEscapes(value, { special, raw: false })
    if (written === null) return expect(value).toMatch(/[\u{10000}-\u{10ffff}]/u)
    for (const char of special) expect(written).not.toContain(char)
    expect(decodeEscapes(written)).toBe(value)
  },
)

describe('normaliseNumber', () => {
  it.each([
    ['0x10', '16'],
    ['16.0', '16'],
    ['1_600e-2', '16'],
    ['0o20', '16'],
    ['020', '16'],
    ['16n', '16'],
    ['1e1000', '1e1000'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['0xffffffffffffffffff', '4722366482869645213695'],
    ['3j', '3'],
  ])('%s is %s', (text, value) => {
    expect(normaliseNumber(text)).toBe(value)
  })
})
