/** What kind of input broke the contract. */
export type FingerprintErrorCode = 'bad-key' | 'bad-name' | 'bad-law' | 'bad-site' | 'bad-trace' | 'bad-plan'

/** The only error this package throws on purpose: the input broke a documented contract. `message` is one line. */
export class FingerprintError extends Error {
  readonly code: FingerprintErrorCode

  constructor(code: FingerprintErrorCode, message: string) {
    super(message)
    this.name = 'FingerprintError'
    this.code = code
  }
}
