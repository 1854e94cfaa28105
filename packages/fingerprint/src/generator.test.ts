import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { codeword, commitment, drawSite, drawSymbol, symbolOf, variantOf } from './generator.ts'
import type { CodeSite } from './generator.ts'

interface Vectors {
  readonly keyHex: string
  readonly release: string
  readonly family: 'GL6'
  readonly sites: readonly { id: string; u: number; one: number; symbols: Record<string, [number, number]> }[]
}
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/fingerprint/generator.json', import.meta.url), 'utf8'),
)
const key = Uint8Array.from(Buffer.from(vectors.keyHex, 'hex'))

describe('the generator agrees with its vectors', () => {
  for (const { id, u, one, symbols } of vectors.sites) {
    const drawn = drawSite(key, vectors.release, { id, q: 2, family: vectors.family })
    it(`${id}: law ${one}`, () => {
      const digest = createHmac('sha256', key).update(`sigillo/bias/v1\0${vectors.release}\0${id}`).digest()
      expect(digest.readUInt32BE(0)).toBe(u)
      expect(drawn.numerators).toEqual([65_536 - one, one])
      expect(drawn.swapped).toBe((digest[4]! & 1) === 1)
    })
    it.each(Object.entries(symbols))(`${id}: symbol of %s`, (recipient, [v, symbol]) => {
      const digest = createHmac('sha256', key)
        .update(`sigillo/code/v1\0${vectors.release}\0${id}\0${recipient}`)
        .digest()
      expect(digest.readUInt16BE(0)).toBe(v)
      expect(drawSymbol(key, vectors.release, drawn, recipient)).toBe(symbol)
    })
  }

  it('commits to the key by SHA-256 over key and label', () => {
    const expected = createHash('sha256').update(key).update('sigillo/commit/v1').digest()
    expect(commitment(key)).toEqual(Uint8Array.from(expected))
  })
})

describe('codewords', () => {
  const sites = Array.from(
    { length: 300 },
    (_, i): CodeSite => ({ id: `a.py#order-${i}`, q: i % 3 === 0 ? 16 : 2, family: 'GL6' }),
  )
  const drawn = sites.map((site) => drawSite(key, 'R', site))

  it('gives each site the same symbol alone and in any company', () => {
    const word = codeword(key, 'R', drawn, 'partner-017')
    expect([...word]).toEqual(drawn.map((site) => drawSymbol(key, 'R', site, 'partner-017')))
    expect([...codeword(key, 'R', drawn.toReversed(), 'partner-017')].reverse()).toEqual([...word])
  })

  it('draws symbols as often as the law says', () => {
    const law = drawSite(key, 'R', { id: 'third', q: 3, family: 'GL6' })
    const counts = [0, 0, 0]
    for (let i = 0; i < 6000; i++) counts[drawSymbol(key, 'R', law, `p${i}`)]!++
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(6000 * (2 / 9)))
  })

  it('names the variants of binary sites by the key, and of others never', () => {
    const swaps = drawn.filter((site) => site.swapped)
    expect(swaps.length).toBeGreaterThan(60)
    expect(swaps.length).toBeLessThan(140)
    expect(swaps.every((site) => site.numerators.length === 2)).toBe(true)
  })

  it('draws other words for another key, release or recipient', () => {
    const word = codeword(key, 'R', drawn, 'partner-017')
    const other = Uint8Array.from(key, (byte) => byte ^ 1)
    expect(codeword(other, 'R', drawn, 'partner-017')).not.toEqual(word)
    expect(codeword(key, 'R2', drawn, 'partner-017')).not.toEqual(word)
    expect(codeword(key, 'R', drawn, 'partner-018')).not.toEqual(word)
  })

  it('draws the classes of GL8 and HALF in proportion', () => {
    const ones = Array.from(
      { length: 2000 },
      (_, i) => drawSite(key, 'R', { id: `g${i}`, q: 2, family: 'GL8' }).numerators[1]!,
    )
    for (const one of [4550, 21_628, 43_908, 60_986]) {
      expect(Math.abs(ones.filter((each) => each === one).length - 500)).toBeLessThan(100)
    }
    expect(drawSite(key, 'R', { id: 'h', q: 2, family: 'HALF' }).numerators).toEqual([32_768, 32_768])
  })

  it('turns the variants round where the key says so, and only there', () => {
    for (const site of drawn) {
      expect(variantOf(site, 0)).toBe(site.swapped ? 1 : 0)
      expect(symbolOf(site, 0)).toBe(site.swapped ? 1 : 0)
    }
  })

  test.prop([fc.integer({ min: 2, max: 256 }), fc.string({ minLength: 1 }), fc.nat()])(
    'variants and symbols translate back and forth',
    (q, id, pick) => {
      fc.pre(!id.includes('\0'))
      const site = drawSite(key, 'R', { id, q, family: 'GL6' })
      const symbol = pick % q
      expect(symbolOf(site, variantOf(site, symbol))).toBe(symbol)
    },
  )
})

describe('broken contracts', () => {
  const site: CodeSite = { id: 's', q: 2, family: 'GL6' }
  const drawn = drawSite(key, 'R', site)
  it.each([
    ['a short key', () => commitment(key.subarray(1)), 'bad-key'],
    ['a key that is text', () => drawSite(JSON.parse('"00"'), 'R', site), 'bad-key'],
    ['a NUL in the site', () => drawSite(key, 'R', { ...site, id: 'a\0b' }), 'bad-name'],
    ['an empty release', () => drawSite(key, '', site), 'bad-name'],
    ['a NUL in the recipient', () => codeword(key, 'R', [drawn], 'a\0b'), 'bad-name'],
    ['an unknown family', () => drawSite(key, 'R', { ...site, family: JSON.parse('"toString"') }), 'bad-site'],
    ['one variant', () => drawSite(key, 'R', { ...site, q: 1 }), 'bad-law'],
    ['a symbol too many', () => variantOf(drawn, 2), 'bad-site'],
    ['a variant that is no number', () => symbolOf(drawn, Number.NaN), 'bad-site'],
    ['a law that does not sum', () => codeword(key, 'R', [{ ...drawn, numerators: [1, 2] }], 'p'), 'bad-law'],
  ])('%s is refused by name', (_, call, code) => {
    expect(call).toThrow(expect.objectContaining({ name: 'FingerprintError', code }))
  })
})
