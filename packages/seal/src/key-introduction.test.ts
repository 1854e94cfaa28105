import { signNote } from '@sigillo/tlog/note'
import { utf8 } from '@sigillo/tlog/encoding'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { describe, expect, test } from 'vitest'
import { generateNoteKey, noteSigner, type NoteSigner } from './ed25519.ts'
import { readIntroduction, signIntroduction, trustedKeys } from './key-introduction.ts'

const key = (name = 'vendor.example', type?: number): NoteSigner =>
  noteSigner(generateNoteKey(name, undefined, type).secret)
const [first, second, third, stranger] = [key(), key(), key(), key()]
const note = (old: NoteSigner, next: NoteSigner) => utf8(signIntroduction('release', old, next))

describe('the introduction of a key', () => {
  test('names kind, old key and new key, and is signed by both', () => {
    const read = { kind: 'release', oldKey: first.vkey, newKey: second.vkey }
    expect(readIntroduction(note(first, second))).toEqual(read)
  })

  test('can be made by a witness', () => {
    const [old, next] = [key('w.example', ED25519_COSIGNATURE), key('w.example', ED25519_COSIGNATURE)]
    expect(readIntroduction(utf8(signIntroduction('witness', old, next)))).toMatchObject({ kind: 'witness' })
  })

  test('is refused for a key of another name', () => {
    expect(() => signIntroduction('release', first, key('other.example'))).toThrow(/not of vendor\.example/)
  })

  const text = (old: NoteSigner, next: NoteSigner) =>
    `sigillo/key-introduction/v1\nrelease\n${old.vkey}\n${next.vkey}\n`
  const badNotes: [string, Uint8Array][] = [
    ['that the old key did not sign', signNote(text(first, second), [second])],
    ['that the new key did not sign', signNote(text(first, second), [first])],
    ['that somebody else signed', signNote(text(first, second), [stranger, second])],
    ['with a third signature', signNote(text(first, second), [first, second, third])],
    ['of another kind', signNote(text(first, second).replace('release', 'root'), [first, second])],
    ['of another version', signNote(text(first, second).replace('v1', 'v2'), [first, second])],
    ['with one line more', signNote(`${text(first, second)}more\n`, [first, second])],
    ['whose text was changed', utf8(signIntroduction('release', first, second).replace('release', 'log'))],
    ['that is no note', utf8('trust me')],
  ]
  test.each(badNotes)('%s is refused in one line', (_, bytes) => {
    expect(() => readIntroduction(bytes)).toThrow(/^the introduction of a key does not hold: [^\n]+$/)
  })

  test('makes a new key trusted by whoever trusts the old one, through several in any order', () => {
    const notes = [note(second, third), note(first, second)]
    expect(trustedKeys('release', [first.vkey], notes)).toEqual([first.vkey, second.vkey, third.vkey])
    expect(trustedKeys('release', [second.vkey], notes)).toEqual([second.vkey, third.vkey])
  })

  test('adds nothing when nobody trusts the old key, or for another kind', () => {
    expect(trustedKeys('release', [first.vkey], [note(stranger, second)])).toEqual([first.vkey])
    expect(trustedKeys('log', [first.vkey], [note(first, second)])).toEqual([first.vkey])
  })
})
