import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, equalBytes, fromBase64, fromUtf8, joinBytes, toBase64, toHex, utf8 } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'

/** Caps against hostile notes; the specification demands at least 16 signatures. */
export const MAX_SIGNATURES: number = 64
/** Default cap of a whole note, in bytes. */
export const MAX_NOTE_BYTES: number = 64 * 1024

/** Checks signatures of one key. `verify` must use RFC 8032 checks that all parties share (node:crypto, WebCrypto, Go), and never throw. */
export interface Verifier {
  readonly name: string
  /** 4 bytes. Name and key id together identify the key. */
  readonly keyId: Uint8Array
  readonly verify: (message: Uint8Array, signature: Uint8Array) => boolean
}

/** Makes signatures of one key. `sign` returns what follows the key id in a signature line. */
export interface Signer {
  readonly name: string
  /** 4 bytes. */
  readonly keyId: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** One signature line. */
export interface NoteSignature {
  readonly name: string
  readonly keyId: Uint8Array
  /** What follows the key id; not empty. */
  readonly signature: Uint8Array
}

/** A parsed note; nothing in it is verified. */
export interface Note {
  /** Signed text, ending with a newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Options of the readers of notes. */
export interface NoteLimits {
  /** Largest note, in bytes; default 64 KiB. */
  readonly maxBytes?: number
}

/** A note with at least one good signature of a key that the caller knows. */
export interface VerifiedNote {
  readonly ok: true
  readonly text: string
  /** Signatures of known keys, in the order of their lines, all good. */
  readonly verified: readonly NoteSignature[]
  /** Signatures of unknown keys: they mean nothing. */
  readonly ignored: readonly NoteSignature[]
}

/** Key id by the rule of c2sp.org/signed-note: the first 4 bytes of SHA-256(name, LF, type byte, public key). */
export function keyId(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8(`${name}\n`), new Uint8Array([type]), publicKey)).slice(0, 4)
}

/** Whether a text may be the name of a key: not empty, well-formed, no Unicode white space, no plus sign, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !hasControl(name)
}

/**
 * Parses a note (c2sp.org/signed-note). There is one byte string for each parsed note: formatting it again gives the same bytes.
 * Throws `bad-note`.
 */
export function parseNote(bytes: Uint8Array, limits: NoteLimits = {}): Note {
  const most = limits.maxBytes ?? MAX_NOTE_BYTES
  if (bytes.length > most) throw new TlogError('bad-note', `the note has ${bytes.length} bytes, more than ${most}`)
  let whole: string
  try {
    whole = fromUtf8(bytes)
  } catch {
    throw new TlogError('bad-note', 'the note is not valid UTF-8')
  }
  if (hasControl(whole)) throw new TlogError('bad-note', 'the note holds a control character')
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) throw new TlogError('bad-note', 'the note has no empty line before its signatures')
  if (!whole.endsWith('\n') || split + 2 === whole.length)
    throw new TlogError('bad-note', 'the note ends without a signature line')
  const lines = whole.slice(split + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES)
    throw new TlogError('bad-note', `the note has more than ${MAX_SIGNATURES} signatures`)
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) }
}

/** Bytes of a note. Throws `bad-argument` if the text does not end with a newline or a part cannot stand in a note. */
export function formatNote(note: Note): Uint8Array {
  if (!note.text.endsWith('\n') || hasControl(note.text) || !note.text.isWellFormed()) {
    throw new TlogError('bad-argument', 'the text of a note ends with a newline and holds no control characters')
  }
  if (note.signatures.length === 0 || note.signatures.length > MAX_SIGNATURES) {
    throw new TlogError('bad-argument', `a note has 1 to ${MAX_SIGNATURES} signatures, not ${note.signatures.length}`)
  }
  return joinBytes([utf8(`${note.text}\n`), ...note.signatures.map((signature) => utf8(formatSignature(signature)))])
}

/** One signature line with its newline. Throws `bad-argument` on a bad name or key id. */
export function formatSignature(signature: NoteSignature): string {
  if (!isKeyName(signature.name))
    throw new TlogError('bad-argument', 'a key name is empty or holds a space or a plus sign')
  if (signature.keyId.length !== 4 || signature.signature.length === 0) {
    throw new TlogError('bad-argument', 'a signature has a key id of 4 bytes and is not empty')
  }
  return `— ${signature.name} ${toBase64(concatBytes(signature.keyId, signature.signature))}\n`
}

/** Parses one signature line without its newline. Throws `bad-note`. */
export function parseSignatureLine(line: string): NoteSignature {
  const match = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line)
  const name = match?.[1] ?? ''
  if (match === null || !isKeyName(name)) throw new TlogError('bad-note', 'a signature line is malformed')
  let blob: Uint8Array
  try {
    blob = fromBase64(match[2] ?? '')
  } catch {
    throw new TlogError('bad-note', `the signature of ${name} is not canonical base64`)
  }
  if (blob.length <= 4) throw new TlogError('bad-note', `the signature of ${name} is empty`)
  return { name, keyId: blob.slice(0, 4), signature: blob.slice(4) }
}

/** Signs a text. Throws `bad-argument` like `formatNote`, and what a signer throws. */
export function signNote(text: string, signers: readonly Signer[]): Uint8Array {
  const message = utf8(text)
  const signatures = signers.map((signer) => ({
    name: signer.name,
    keyId: signer.keyId,
    signature: signer.sign(message),
  }))
  return formatNote({ text, signatures })
}

/** The note with more signature lines at its end, those before it unchanged. Throws `bad-note`, `bad-argument`. */
export function addSignatures(
  note: Uint8Array,
  signatures: readonly NoteSignature[],
  limits: NoteLimits = {},
): Uint8Array {
  const parsed = parseNote(note, limits)
  return formatNote({ text: parsed.text, signatures: [...parsed.signatures, ...signatures] })
}

/**
 * Opens a note with the rules of c2sp.org/signed-note: signatures of unknown keys are ignored, a bad signature of a known key
 * refuses the whole note, and so does the lack of a good one. Never throws on hostile input.
 */
export function verifyNote(
  note: Uint8Array,
  verifiers: readonly Verifier[],
  limits: NoteLimits = {},
): VerifiedNote | Refusal {
  const parsed = tryParse(note, limits)
  if ('reason' in parsed) return parsed
  const message = utf8(parsed.text)
  const verified: NoteSignature[] = []
  const ignored: NoteSignature[] = []
  for (const signature of parsed.signatures) {
    const known = verifiers.filter((verifier) => isOfKey(signature, verifier))
    if (known.length === 0) {
      ignored.push(signature)
    } else if (known.some((verifier) => !verifier.verify(message, signature.signature))) {
      return { ok: false, reason: `bad signature of ${keyLabel(signature)}` }
    } else {
      verified.push(signature)
    }
  }
  if (verified.length === 0) return { ok: false, reason: 'no signature of a known key' }
  return { ok: true, text: parsed.text, verified, ignored }
}

/**
 * Opens a note that must be exactly what the given keys signed: one line for each of them, in this order, and no other line. Then
 * no byte of it can be changed, left out or added. For manifests and receipts. Never throws on hostile input.
 */
export function requireOnly(
  note: Uint8Array,
  verifiers: readonly Verifier[],
  limits: NoteLimits = {},
): VerifiedNote | Refusal {
  const parsed = tryParse(note, limits)
  if ('reason' in parsed) return parsed
  if (parsed.signatures.length !== verifiers.length) {
    return { ok: false, reason: `the note has ${parsed.signatures.length} signatures, not ${verifiers.length}` }
  }
  const message = utf8(parsed.text)
  for (const [at, verifier] of verifiers.entries()) {
    const signature = parsed.signatures[at]
    if (signature === undefined || !isOfKey(signature, verifier)) {
      return { ok: false, reason: `signature ${at + 1} is not of ${keyLabel(verifier)}` }
    }
    if (!verifier.verify(message, signature.signature))
      return { ok: false, reason: `bad signature of ${keyLabel(verifier)}` }
  }
  return { ok: true, text: parsed.text, verified: parsed.signatures, ignored: [] }
}

/** Whether a signature line names this key. */
export function isOfKey(signature: NoteSignature, key: { readonly name: string; readonly keyId: Uint8Array }): boolean {
  return signature.name === key.name && equalBytes(signature.keyId, key.keyId)
}

function tryParse(note: Uint8Array, limits: NoteLimits): Note | Refusal {
  try {
    return parseNote(note, limits)
  } catch (error) {
    if (error instanceof TlogError) return { ok: false, reason: error.message }
    throw error
  }
}

function keyLabel(key: { readonly name: string; readonly keyId: Uint8Array }): string {
  return `${key.name}+${toHex(key.keyId)}`
}

/** Any ASCII control character below U+0020 but the newline. */
function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the specification forbids exactly these
  return /[\u0000-\u0009\u000b-\u001f]/.test(text)
}
