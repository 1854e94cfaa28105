import { fromUtf8 } from '@sigillo/tlog/encoding'
import { parseNote, requireOnly, signNote, type Verifier } from '@sigillo/tlog/note'
import { TlogError } from '@sigillo/tlog/errors'
import { parseVkey } from '@sigillo/tlog/vkey'
import { type NoteSigner, verifyEd25519 } from './ed25519.ts'
import { SealError } from './errors.ts'

/** Whose key is replaced: the log's, a witness's, or the vendor's release key. */
export type KeyKind = 'log' | 'witness' | 'release'

/** A key that says which key follows it. */
export interface KeyIntroduction {
  readonly kind: KeyKind
  /** C2SP verifier key that was trusted before. */
  readonly oldKey: string
  /** C2SP verifier key of the same name that follows it. */
  readonly newKey: string
}

const HEAD = 'sigillo/key-introduction/v1'
const MAX_BYTES = 4096

/**
 * The signed note in which an old key introduces the new one, signed by both: the old one answers for it, the new one shows that its secret
 * is held. Its first line is none of a checkpoint, manifest or cosignature. @throws SealError 'bad-key' when the keys have two names
 */
export function signIntroduction(kind: KeyKind, old: NoteSigner, next: NoteSigner): string {
  if (old.name !== next.name) throw new SealError('bad-key', `the new key is of ${next.name}, not of ${old.name}`)
  return fromUtf8(signNote(`${HEAD}\n${kind}\n${old.vkey}\n${next.vkey}\n`, [old, next]))
}

/** Reads an introduction and checks both of its signatures. @throws SealError 'bad-signature' in one line */
export function readIntroduction(note: Uint8Array): KeyIntroduction {
  try {
    const [head, kind, oldKey = '', newKey = '', end, ...rest] = parseNote(note, { maxBytes: MAX_BYTES }).text.split(
      '\n',
    )
    if (head !== HEAD || end !== '' || rest.length > 0 || !isKind(kind)) throw bad('it is none')
    const old = plainVerifier(oldKey)
    const next = plainVerifier(newKey)
    if (old.name !== next.name) throw bad('its keys have two names')
    const verdict = requireOnly(note, [old, next], { maxBytes: MAX_BYTES })
    if (!verdict.ok) throw bad(verdict.reason)
    return { kind, oldKey, newKey }
  } catch (error) {
    if (error instanceof TlogError) throw bad(error.message)
    throw error
  }
}

/**
 * Which keys of a kind to trust: `trusted`, and each that one of them introduces, through any number of introductions in any order. One that
 * is signed well by keys that nobody trusts adds nothing. @throws SealError 'bad-signature' for a note that is no introduction
 */
export function trustedKeys(
  kind: KeyKind,
  trusted: readonly string[],
  notes: readonly Uint8Array[],
): readonly string[] {
  const introductions = notes.map(readIntroduction).filter((one) => one.kind === kind)
  const keys = new Set(trusted)
  for (let before = -1; before < keys.size; ) {
    before = keys.size
    for (const { oldKey, newKey } of introductions) if (keys.has(oldKey)) keys.add(newKey)
  }
  return [...keys]
}

/** A witness's key signs this note plainly, not as a cosignature. */
function plainVerifier(vkey: string): Verifier {
  const { name, keyId, publicKey } = parseVkey(vkey)
  return { name, keyId, verify: (message, signature) => verifyEd25519(publicKey, message, signature) }
}

function isKind(text: string | undefined): text is KeyKind {
  return text === 'log' || text === 'witness' || text === 'release'
}

function bad(what: string): SealError {
  return new SealError('bad-signature', `the introduction of a key does not hold: ${what}`)
}
