/**
 * What was wrong. `bad-…` names the format that the input broke; `missing-hash` and `missing-tile` mean that a reader could not
 * supply what a proof needs; `bad-argument` is a broken contract of the caller; `bad-state` is lost integrity of stored state.
 */
export type TlogErrorCode =
  | 'bad-argument'
  | 'bad-checkpoint'
  | 'bad-encoding'
  | 'bad-event'
  | 'bad-json'
  | 'bad-key'
  | 'bad-leaf'
  | 'bad-note'
  | 'bad-policy'
  | 'bad-proof'
  | 'bad-state'
  | 'bad-submission'
  | 'bad-tile'
  | 'missing-hash'
  | 'missing-tile'

/** The only error this package throws on purpose. The message is one line and holds no secret. */
export class TlogError extends Error {
  override readonly name = 'TlogError'
  /** For programs; the message is for people. */
  readonly code: TlogErrorCode

  constructor(code: TlogErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A negative answer of a `verify…` function: an expected outcome, not an exception. `reason` is one line. */
export interface Refusal {
  readonly ok: false
  readonly reason: string
}
