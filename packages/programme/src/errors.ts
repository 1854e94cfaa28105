export type ProgrammeErrorCode =
  | 'bad-partner'
  | 'bad-policy'
  | 'bad-duration'
  | 'bad-embargo'
  | 'bad-case-state'
  | 'duplicate-partner'
  | 'unknown-tier'

/** Anything wrong with programme data; the message is one line that says what, where and what was expected. */
export class ProgrammeError extends Error {
  readonly code: ProgrammeErrorCode

  constructor(code: ProgrammeErrorCode, message: string) {
    super(message)
    this.name = 'ProgrammeError'
    this.code = code
  }
}
