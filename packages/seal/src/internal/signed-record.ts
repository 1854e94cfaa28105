import { canonicalJson, parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { requireOnly, signNote } from '@sigillo/tlog/note'
import { type NoteSigner, noteVerifier } from '../ed25519.ts'
import { SealError } from '../errors.ts'

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
  if (!opened.ok)
    throw new SealError('bad-signature', `the ${what} is not what ${vkey.split('+')[0]} signed: ${opened.reason}`)
  const [first, json, end, ...more] = opened.text.split('\n')
  if (first !== schema) throw fail(`the ${what} does not start with the line ${schema}`)
  if (json === undefined || end !== '' || more.length > 0) throw fail(`the ${what} must have two lines of text`)
  try {
    return parseCanonicalJson(utf8(json))
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw fail(`the ${what} is not canonical JSON: ${error.message}`)
  }
}
