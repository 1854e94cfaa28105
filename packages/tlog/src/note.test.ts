import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeEd25519, testKey } from '../test/node-ed25519.ts'
import { fromHex, fromUtf8, utf8 } from './encoding.ts'
import {
  addSignatures,
  formatNote,
  isKeyName,
  MAX_SIGNATURES,
  parseNote,
  requireOnly,
  signNote,
  verifyNote,
} from './note.ts'
import { ED25519, formatVkey, makeVkey, parseVkey, verifierOf } from './vkey.ts'

interface GoNotes {
  text: string
  keys: { vkey: string; signature: string; seed?: string }[]
  badKeys: string[]
}

const go: GoNotes = JSON.parse(
  readFileSync(new URL('../../../vectors/tlog/signed-notes.json', import.meta.url), 'utf8'),
)
const [neumann, root] = go.keys
if (neumann === undefined || root === undefined) throw new Error('vectors are missing')
const neumannKey = verifierOf(parseVkey(neumann.vkey), nodeEd25519)
const rootKey = verifierOf(parseVkey(root.vkey), nodeEd25519)
const signedByBoth = utf8(`${go.text}\n${neumann.signature}${root.signature}`)
const signedByOne = utf8(`${go.text}\n${neumann.signature}`)

const alpha = testKey('alpha.example/release')
const beta = testKey('beta.example/release')

describe("notes of Go's sumdb/note", () => {
  it('open with one key, with the other, with both', () => {
    expect(verifyNote(signedByBoth, [neumannKey])).toMatchObject({
      ok: true,
      text: go.text,
      verified: [{ name: 'PeterNeumann' }],
    })
    expect(verifyNote(signedByBoth, [rootKey])).toMatchObject({ ok: true, ignored: [{ name: 'PeterNeumann' }] })
    expect(verifyNote(signedByBoth, [rootKey, neumannKey])).toMatchObject({ ok: true, ignored: [] })
    expect(verifyNote(signedByBoth, [])).toEqual({ ok: false, reason: 'no signature of a known key' })
  })

  it('come out byte for byte when signed here with the same key', () => {
    const key = testKey('PeterNeumann', ED25519, fromHex(neumann.seed ?? ''))
    expect(key.vkey).toBe(neumann.vkey)
    expect(fromUtf8(signNote(go.text, [key.signer]))).toBe(fromUtf8(signedByOne))
    const second = parseNote(utf8(`${go.text}\n${root.signature}`)).signatures
    expect(fromUtf8(addSignatures(signedByOne, second))).toBe(fromUtf8(signedByBoth))
  })

  it('refuse malformed neighbours', () => {
    const { text } = go
    const bad = [
      text,
      `${text}\n`,
      `${text}\n${neumann.signature.slice(0, -1)}`,
      `\u0001${text}\n${neumann.signature}`,
      `${text}\n— Bad Name ${neumann.signature.split(' ')[2]}`,
      `${text}\n${neumann.signature}Unexpected line.\n`,
      `${text}\n${neumann.signature.repeat(MAX_SIGNATURES + 1)}`,
      `${text}\n${neumann.signature}\n`,
      `${text}\r\n\r\n${neumann.signature}`,
      '',
      '\n\n',
    ]
    for (const note of bad) expect(verifyNote(utf8(note), [neumannKey]).ok).toBe(false)
    expect(verifyNote(new Uint8Array([0xff, ...signedByOne]), [neumannKey]).ok).toBe(false)
    expect(verifyNote(utf8(`${text}\n${neumann.signature.repeat(16)}`), [neumannKey]).ok).toBe(true)
  })

  it('refuse a bad signature of a known key, though another is good, and let one of an unknown key pass', () => {
    const broken = neumann.signature.replace('ZJkuBS', 'ZJkuBT')
    expect(verifyNote(utf8(`${go.text}\n${root.signature}${broken}`), [rootKey, neumannKey])).toEqual({
      ok: false,
      reason: 'bad signature of PeterNeumann+c74f20a3',
    })
    expect(verifyNote(utf8(`${go.text}\n${root.signature}${broken}`), [rootKey]).ok).toBe(true)
  })
})

describe('verifier keys', () => {
  it('read back what they wrote', () => {
    expect(formatVkey(parseVkey(neumann.vkey))).toBe(neumann.vkey)
    expect(formatVkey(parseVkey(root.vkey))).toBe(root.vkey)
  })

  it('refuse every part of a key, every changed character and unknown types', () => {
    for (let from = 0; from < neumann.vkey.length; from++) {
      for (let to = from + 1; to <= neumann.vkey.length; to++) {
        if (from > 0 || to < neumann.vkey.length) expect(() => parseVkey(neumann.vkey.slice(from, to))).toThrow()
      }
    }
    for (let at = 0; at < neumann.vkey.length; at++) {
      const changed = String.fromCharCode(neumann.vkey.charCodeAt(at) + 1)
      const text = neumann.vkey.slice(0, at) + changed + neumann.vkey.slice(at + 1)
      expect(() => parseVkey(text)).toThrow(expect.objectContaining({ code: 'bad-key' }))
    }
    for (const text of go.badKeys) expect(() => parseVkey(text)).toThrow(expect.objectContaining({ code: 'bad-key' }))
  })

  it('name keys without spaces and plus signs', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u0085', 'a\u00a0b', 'a\u2003b', 'a\nb', '\ud800', 'a\u0000'])
      expect(isKeyName(name)).toBe(false)
    for (const name of ['a', 'example.com/log', 'é', '日本.example']) expect(isKeyName(name)).toBe(true)
    expect(() => makeVkey('a b', ED25519, new Uint8Array(32))).toThrow(/key name/)
    expect(() => makeVkey('a', ED25519, new Uint8Array(31))).toThrow(/32 bytes/)
  })
})

describe('parsing', () => {
  const line = fc.constantFrom('', 'x', '— a b', 'é', '\u2028', '— alpha.example/release AAAA', ' ')
  const texts = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => `${lines.join('\n')}\n`)

  it('splits at the last empty line and gives back the same bytes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const note = signNote(text, [alpha.signer, beta.signer])
        const parsed = parseNote(note)
        expect(parsed.text).toBe(text)
        expect(formatNote(parsed)).toEqual(note)
        expect(requireOnly(note, [alpha.verifier, beta.verifier]).ok).toBe(true)
      }),
    )
  })

  it('accepts no second spelling of a note', () => {
    const note = signNote('text\n', [alpha.signer])
    fc.assert(
      fc.property(fc.nat(note.length), fc.uint8Array({ maxLength: 3 }), fc.nat(3), (at, insert, remove) => {
        const other = new Uint8Array([...note.subarray(0, at), ...insert, ...note.subarray(at + remove)])
        let parsed: ReturnType<typeof parseNote>
        try {
          parsed = parseNote(other)
        } catch {
          return
        }
        expect(formatNote(parsed)).toEqual(other)
      }),
      { numRuns: 2000 },
    )
  })

  it('has a cap that can be raised', () => {
    const long = signNote(`${'x'.repeat(70_000)}\n`, [alpha.signer])
    expect(verifyNote(long, [alpha.verifier])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('more than 65536'),
    })
    expect(verifyNote(long, [alpha.verifier], { maxBytes: 100_000 }).ok).toBe(true)
  })
})

describe('strict notes', () => {
  const note = signNote('manifest\n\nbody\n', [alpha.signer])

  it('fail when any bit of any byte changes, and when any byte is cut', () => {
    expect(requireOnly(note, [alpha.verifier]).ok).toBe(true)
    for (let at = 0; at < note.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = note.slice()
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        expect(requireOnly(changed, [alpha.verifier]).ok).toBe(false)
      }
      expect(
        requireOnly(new Uint8Array([...note.subarray(0, at), ...note.subarray(at + 1)]), [alpha.verifier]).ok,
      ).toBe(false)
      expect(requireOnly(note.subarray(0, at), [alpha.verifier]).ok).toBe(false)
    }
  })

  it('take exactly the given keys in their order', () => {
    const both = signNote('text\n', [alpha.signer, beta.signer])
    expect(requireOnly(both, [alpha.verifier, beta.verifier]).ok).toBe(true)
    expect(requireOnly(both, [beta.verifier, alpha.verifier]).ok).toBe(false)
    expect(requireOnly(both, [alpha.verifier])).toEqual({ ok: false, reason: 'the note has 2 signatures, not 1' })
    expect(requireOnly(note, [beta.verifier]).ok).toBe(false)
    expect(requireOnly(signNote('text\n', [alpha.signer, alpha.signer]), [alpha.verifier]).ok).toBe(false)
  })
})
