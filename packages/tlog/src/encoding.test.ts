import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, fromHex, fromUtf8, parseDecimal, readU64be, toBase64, toHex, u64be, utf8 } from './encoding.ts'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('base64', () => {
  it('agrees with node and reads back what it wrote', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        expect(toBase64(some)).toBe(Buffer.from(some).toString('base64'))
        expect(fromBase64(toBase64(some))).toEqual(some)
      }),
    )
  })

  it('has one spelling for each byte string: any other accepted text means other bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        let read: Uint8Array
        try {
          read = fromBase64(text)
        } catch {
          return
        }
        expect(toBase64(read)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['QQ', 'QQ=', 'QR==', 'QUF=', ' QQ==', 'QQ==\n', 'Q Q=', 'Q=Q=', '====', 'QQ==QQ==', '-_==', 'é==='])(
    'refuses %j',
    (text) => {
      expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'bad-encoding' }))
    },
  )
})

describe('other encodings', () => {
  it('hex is lower case and even', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        expect(fromHex(toHex(some))).toEqual(some)
      }),
    )
    for (const text of ['0', 'AB', 'g0', '0x', ' 00']) expect(() => fromHex(text)).toThrow(/hex/)
  })

  it('decimals have no sign, no leading zero and no more than 2^53-1', () => {
    expect(parseDecimal('0')).toBe(0)
    expect(parseDecimal('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
    for (const text of [
      '',
      '00',
      '01',
      '+1',
      '-1',
      '1.0',
      '1e3',
      ' 1',
      '1\n',
      '9007199254740992',
      '99999999999999999999',
    ]) {
      expect(parseDecimal(text)).toBeNull()
    }
  })

  it('64-bit integers go up to 2^53-1', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(readU64be(u64be(value), 0)).toBe(value)
      }),
    )
    expect(u64be(2 ** 32 + 258)).toEqual(new Uint8Array([0, 0, 0, 1, 0, 0, 1, 2]))
    expect(readU64be(new Uint8Array([0, 0x20, 0, 0, 0, 0, 0, 0]), 0)).toBeNull()
    expect(readU64be(new Uint8Array(7), 0)).toBeNull()
    expect(() => u64be(-1)).toThrow(/not an integer/)
  })

  it('keeps a byte order mark and refuses broken UTF-8', () => {
    expect(fromUtf8(utf8('\ufeffé'))).toBe('\ufeffé')
    expect(() => fromUtf8(new Uint8Array([0xff]))).toThrow(/UTF-8/)
  })
})
