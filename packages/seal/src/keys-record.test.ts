import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CopyKeys } from './copy-keys.ts'
import { decodeKeys, encodeKeys } from './keys-record.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const outer = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`
const keysFor = (...boxes: readonly (readonly number[])[]): CopyKeys => ({
  outer,
  salt: new Uint8Array(randomBytes(32)),
  files: boxes.map((numbers, index) => ({
    path: `poc/ä-${index}.py`,
    pieces: numbers.map((box) => ({ box, secret: new Uint8Array(randomBytes(16)) })),
  })),
})
const refused = (bytes: Uint8Array, message: RegExp): void =>
  expect(() => decodeKeys(bytes)).toThrow(
    expect.objectContaining({ name: 'SealError', code: 'bad-keys', message: expect.stringMatching(message) }),
  )

describe('the record of a copy’s keys', () => {
  it.each<[string, CopyKeys]>([
    ['some files', keysFor([3, 0, 2], [1])],
    ['an empty file', keysFor([])],
    ['no file', keysFor()],
    ['a great body', keysFor([65_535, 65_536, 2 ** 32 - 1])],
  ])('gives back what was written: %s', (_, keys) => {
    expect(decodeKeys(encodeKeys(keys))).toEqual(keys)
  })

  it('takes eighteen bytes for each piece, whatever its box, and twenty in a great body', () => {
    const length = (boxes: readonly number[]): number => encodeKeys(keysFor(boxes)).length
    expect(length([0, 1, 2, 60_000]) - length([])).toBe(4 * 18)
    expect(length([0, 1, 2, 70_000]) - length([])).toBe(4 * 20)
  })

  it('shows the outer key as its second line, for who opens a package by hand', () => {
    expect(
      Buffer.from(encodeKeys(keysFor([1])))
        .toString('latin1')
        .split('\n')[1],
    ).toBe(outer)
  })

  it('is refused when it is cut at any length, or followed by anything', () => {
    const bytes = encodeKeys(keysFor([1, 2], [3]))
    for (let length = 0; length < bytes.length; length += 1) refused(bytes.subarray(0, length), /^(the record of|this)/)
    refused(Buffer.concat([bytes, Buffer.of(0)]), /^1 bytes follow the end/)
  })

  it.each<[string, (bytes: Buffer) => void, RegExp]>([
    ['another schema', (bytes) => bytes.write('9', 13), /first line is not sigillo-keys\/3/],
    ['box numbers of no bytes', (bytes) => bytes.writeUInt8(0, afterSalt), /they have 2 or 4/],
    ['box numbers of seven bytes', (bytes) => bytes.writeUInt8(7, afterSalt), /they have 2 or 4/],
    ['more files than there are', (bytes) => bytes.writeUInt16BE(9, afterSalt + 1), /cut short/],
    ['more pieces than there are', (bytes) => bytes.writeUInt32BE(2 ** 32 - 1, afterSalt + 5 + 11), /cut short/],
    ['a path that is not UTF-8', (bytes) => bytes.writeUInt8(0xff, afterSalt + 5), /not UTF-8/],
  ])('is refused with %s', (_, change, message) => {
    const bytes = Buffer.from(encodeKeys(keysFor([1, 2], [3])))
    change(bytes)
    refused(bytes, message)
  })

  it('is refused when its box numbers are wider than they need be: one copy, one record', () => {
    const keys = keysFor([70_000])
    const bytes = Buffer.from(encodeKeys(keys))
    bytes.writeUInt32BE(5, bytes.length - 20)
    refused(bytes, /not their shortest form/)
  })

  it('is refused unread when it is longer than any can be', () => {
    refused(new Uint8Array(16 * 2 ** 20 + 1), /at most/)
  })
})

describe('a record of keys in the older form', () => {
  const record = {
    files: [{ boxes: [4, 0], keys: Buffer.alloc(64, 7).toString('base64'), path: 'a.py' }],
    outer,
    salt: 'ab'.repeat(32),
    schema: 'sigillo-keys/2',
  }

  it('is read: whole keys of 32 bytes', () => {
    const secret = new Uint8Array(32).fill(7)
    expect(decodeKeys(text(JSON.stringify(record)))).toEqual({
      outer,
      salt: new Uint8Array(32).fill(0xab),
      files: [
        {
          path: 'a.py',
          pieces: [
            { box: 4, secret },
            { box: 0, secret },
          ],
        },
      ],
    })
  })

  const file = { boxes: [0], keys: `${'A'.repeat(43)}=`, path: 'a' }
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another schema', { ...record, schema: 'sigillo-keys/1' }],
    ['an unknown field', { files: [], more: 1, outer, salt: record.salt, schema: record.schema }],
    ['no salt', { files: [], outer, schema: record.schema }],
    ['an outer key that is no text', { ...record, outer: 1 }],
    ['files that are no list', { ...record, files: {} }],
    ['a key too few', { ...record, files: [{ ...file, boxes: [0, 1] }] }],
    ['a box that is no number', { ...record, files: [{ ...file, boxes: ['0'] }] }],
    ['a box beyond all bodies', { ...record, files: [{ ...file, boxes: [2 ** 32] }] }],
    ['keys that are not base64', { ...record, files: [{ ...file, keys: '*' }] }],
    ['members out of order', { schema: record.schema, files: [], outer, salt: record.salt }],
  ])('is refused with %s', (_, changed) => {
    refused(text(JSON.stringify(changed)), /./)
  })
})

/** Offset of what follows the two lines and the salt. */
const afterSalt = 'sigillo-keys/3\n'.length + outer.length + 1 + 32
