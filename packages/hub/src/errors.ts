import type { ProblemCode } from '@sigillo/api/errors'

/** Why the hub does not start; a running hub refuses with {@link ProblemCode}s. */
export type StartCode =
  /** Address or origin is malformed. */
  | 'bad-options'
  | 'port-in-use'
  /** A key or token file in the data folder is damaged. */
  | 'bad-key-file'
  /** The log is older than what was already shown to others: a restored backup, or a copy of the data folder. */
  | 'log-rolled-back'
  /** The stored log contradicts itself, or is another log's. */
  | 'log-damaged'
  /** The process that holds the log key does not answer, or cannot remember what it signs. */
  | 'signer-unavailable'

/** The one error class of this room. `message` is one line and is shown to the caller: it names nothing that the caller may not know. */
export class HubError extends Error {
  readonly code: ProblemCode | StartCode

  constructor(code: ProblemCode | StartCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HubError'
    this.code = code
  }
}
