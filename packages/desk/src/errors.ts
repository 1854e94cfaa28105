export type DeskErrorCode =
  | 'missing-file'
  | 'is-a-directory'
  | 'not-text'
  | 'too-large'
  | 'bad-json'
  | 'not-writable'
  | 'exists'
  | 'not-a-vault'
  | 'not-a-watch'
  | 'vault-locked'
  | 'vault-broken'
  | 'no-key'
  | 'bad-key'
  | 'wrong-passphrase'
  | 'unknown-partner'
  | 'unknown-case'
  | 'unknown-artefact'
  | 'unknown-distribution'
  | 'unknown-trace'
  | 'unknown-member'
  /** A member without whom nobody could be sure to open the vault. */
  | 'needed-member'
  | 'bad-name'
  | 'bad-range'
  | 'test-failed'
  | 'tool-failed'
  | 'nothing-to-do'
  | 'no-hub'
  /** A checkpoint that the hub's log did not sign. */
  | 'bad-log'

/** Whatever stops a workflow; the message is one line that says what was wrong, where, and what to do next. */
export class DeskError extends Error {
  readonly code: DeskErrorCode

  constructor(code: DeskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DeskError'
    this.code = code
  }
}
