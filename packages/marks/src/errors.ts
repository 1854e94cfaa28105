/** What can be wrong with the input of this room. */
export type MarksErrorCode =
  | 'bad-declaration'
  | 'bad-plan'
  | 'bad-site'
  | 'unknown-language'
  | 'too-large'
  | 'unparsable'

/** The one error this room throws; `message` is one line that says what, where and what to do. */
export class MarksError extends Error {
  readonly code: MarksErrorCode
  constructor(code: MarksErrorCode, message: string) {
    super(message)
    this.name = 'MarksError'
    this.code = code
  }
}
