import { canonicalJson, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { type Note, parseNote, requireOnly, signNote } from '@sigillo/tlog/note'
import { type NoteSigner, noteVerifier } from './ed25519.ts'
import { SealError } from './errors.ts'

/** Signs a record: a note whose text is the schema on one line and the record as canonical JSON on the next, with one signature. */
export function signRecord(schema: string, record: object, signer: NoteSigner): string {
  return fromUtf8(signNote(`${schema}\n${canonicalJson(record)}\n`, [signer]))
}

/**
 * Opens a record that exactly the key `vkey` signed, and returns its JSON value, unchecked. There is one byte string for each record and key: nothing
 * can be added to it.
 *
 * @throws SealError 'bad-signature', 'bad-key', or what `fail` makes when the signed text is not `schema` and canonical JSON.
 */
export function openSignedRecord(
  schema: string,
  note: Uint8Array,
  vkey: string,
  what: string,
  fail: (message: string) => Error,
): unknown {
  const opened = requireOnly(note, [noteVerifier(vkey)])
  if (!opened.ok) {
    throw new SealError('bad-signature', `the ${what} is not what ${vkey.split('+')[0]} signed: ${opened.reason}`)
  }
  return readText(schema, opened.text, what, fail)
}

/** A record as somebody claims to have signed it. */
export interface UnverifiedRecord {
  readonly value: unknown
  /** Name of the key in the one signature line. */
  readonly signer: string
}

/**
 * Reads a record without checking its signature: for showing what a file says before its key is known.
 *
 * @throws SealError 'bad-signature' when it is not a note with one signature line, or what `fail` makes.
 */
export function inspectSignedRecord(
  schema: string,
  note: Uint8Array,
  what: string,
  fail: (message: string) => Error,
): UnverifiedRecord {
  let parsed: Note
  try {
    parsed = parseNote(note)
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new SealError('bad-signature', `the ${what} is not a signed note: ${cause.message}`, { cause })
  }
  const [signature, ...more] = parsed.signatures
  if (signature === undefined || more.length > 0) {
    throw new SealError('bad-signature', `the ${what} has ${parsed.signatures.length} signatures, not 1`)
  }
  return { value: readText(schema, parsed.text, what, fail), signer: signature.name }
}

function readText(schema: string, text: string, what: string, fail: (message: string) => Error): unknown {
  const [first, json, end, ...more] = text.split('\n')
  if (first !== schema) throw fail(`the ${what} does not start with the line ${schema}`)
  if (json === undefined || end !== '' || more.length > 0) throw fail(`the ${what} must have two lines of text`)
  try {
    return parseCanonicalJson(utf8(json))
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw fail(`the ${what} is not canonical JSON: ${error.message}`)
  }
}
