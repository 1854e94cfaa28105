/** What went wrong, as a closed list that callers may switch on. */
export type ChronologyErrorCode = 'bad-case-file' | 'bad-event' | 'bad-instant' | 'bad-option' | 'unknown-event'

/** The one error of this room. The message names the field (a path such as `events[3].at.earliest`) and what was expected there. */
export class ChronologyError extends Error {
  readonly code: ChronologyErrorCode

  constructor(code: ChronologyErrorCode, message: string) {
    super(message)
    this.name = 'ChronologyError'
    this.code = code
  }
}
