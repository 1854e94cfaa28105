/** Why something of this room was refused. Closed: a new reason is a new member. */
export type SealErrorCode =
  | 'bad-archive'
  | 'bad-path'
  | 'too-large'
  | 'truncated'
  | 'not-a-package'
  | 'bad-manifest'
  | 'bad-receipt'
  | 'bad-signature'
  | 'bad-key'
  | 'bad-recipient'
  | 'wrong-identity'
  | 'wrong-passphrase'
  | 'bad-age-file'
  | 'hash-mismatch'
  /** The body of a package travels apart and is not here. */
  | 'no-body'
  /** The common body of copies, or the list of its boxes, is not well formed or not what the manifest signs. */
  | 'bad-body'
  /** The record of one recipient's keys is not well formed. */
  | 'bad-keys'
  /** A variant's key is not the one that the signed catalogue names: the vendor sent keys that open nothing. */
  | 'wrong-key'

/** The one error of this room. `message` is one line: what was wrong, where, and what to do when the reader can act. It never quotes secret key material. */
export class SealError extends Error {
  readonly code: SealErrorCode

  constructor(code: SealErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'SealError'
    this.code = code
  }
}
