/** Why something of this room was refused. `bad-input` is a broken contract of whoever writes a dossier; the others are about files of others. */
export type DossierErrorCode = 'bad-input' | 'bad-dossier' | 'bad-policy' | 'bad-file'

/** The one error of this room; the message is one line. Verification answers with claims instead and throws only for a broken policy. */
export class DossierError extends Error {
  readonly code: DossierErrorCode

  constructor(code: DossierErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'DossierError'
    this.code = code
  }
}
