/** What went wrong, as a closed list that callers may switch on. */
export type SimilarityErrorCode = 'bad-background' | 'bad-cohort' | 'bad-option' | 'bad-segment'

/** The one error of this room. Samples never cause it: only saved data and options do. */
export class SimilarityError extends Error {
  readonly code: SimilarityErrorCode

  constructor(code: SimilarityErrorCode, message: string) {
    super(message)
    this.name = 'SimilarityError'
    this.code = code
  }
}
