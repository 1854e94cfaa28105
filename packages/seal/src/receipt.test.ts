import { describe, expect, it } from 'vitest'
import { generateNoteKey, noteSigner } from './ed25519.ts'
import { openReceipt, type Receipt, signReceipt, verifyReceipt } from './receipt.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const partner = generateNoteKey('partner-017')
const receipt: Receipt = {
  recipient: 'partner-017',
  distribution: 'case-7.d1',
  package: 'c'.repeat(64),
  at: '2026-03-01T10:05:00Z',
  seen: { origin: 'log.example/sigillo', size: 1024, root: 'd'.repeat(64) },
}
const expected = {
  partnerKey: partner.vkey,
  recipient: 'partner-017',
  distribution: 'case-7.d1',
  package: 'c'.repeat(64),
}
const note = text(signReceipt(receipt, noteSigner(partner.secret)))

describe('a receipt', () => {
  it('comes back as it was signed, with and without a checkpoint', () => {
    expect(openReceipt(note, partner.vkey)).toEqual(receipt)
    const bare = { ...receipt, seen: null }
    expect(openReceipt(text(signReceipt(bare, noteSigner(partner.secret))), partner.vkey)).toEqual(bare)
    expect(verifyReceipt(note, expected)).toEqual({ ok: true, receipt })
  })

  it('is refused for another package, recipient or distribution, and from another key', () => {
    expect(verifyReceipt(note, { ...expected, package: 'e'.repeat(64) })).toEqual({
      ok: false,
      reason: `the receipt is for another package: ${'c'.repeat(64)}`,
    })
    expect(verifyReceipt(note, { ...expected, recipient: 'partner-018' })).toMatchObject({ ok: false })
    expect(verifyReceipt(note, { ...expected, distribution: 'case-7.d2' })).toMatchObject({ ok: false })
    expect(verifyReceipt(note, { ...expected, partnerKey: generateNoteKey('partner-017').vkey })).toMatchObject({
      ok: false,
    })
  })

  it('is refused with any byte changed, cut off or added', () => {
    for (let at = 0; at < note.length; at++) {
      const changed = note.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(verifyReceipt(changed, expected)).toMatchObject({ ok: false })
      expect(verifyReceipt(note.subarray(0, at), expected)).toMatchObject({ ok: false })
    }
    expect(verifyReceipt(text(`${new TextDecoder().decode(note)}\n`), expected)).toMatchObject({ ok: false })
  })

  it('signed over another kind of text is no receipt', () => {
    const other = { ...receipt, extra: 1 }
    expect(verifyReceipt(text(signReceipt(other, noteSigner(partner.secret))), expected)).toEqual({
      ok: false,
      reason: 'receipt: unknown field "extra"',
    })
  })
})
