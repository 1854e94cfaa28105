/** Why a witness does not start, or stops cosigning. */
export type WitnessErrorCode =
  /** Name, address or key given by the operator is malformed. */
  | 'bad-options'
  /** The folder is not a witness's folder, or one of its files is missing. */
  | 'bad-folder'
  /** `init` met a folder that is in use already. */
  | 'exists'
  | 'bad-key-file'
  /** The state is damaged or is not this key's: cosigning on from it could contradict what was cosigned. */
  | 'bad-state'
  /** Another process runs this witness. */
  | 'locked'
  | 'port-in-use'

/** The one error class of this room; `message` is one line for the operator. */
export class WitnessError extends Error {
  readonly code: WitnessErrorCode

  constructor(code: WitnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'WitnessError'
    this.code = code
  }
}
