/**
 * Codes of refusals. Those that the hub answers are the last part of a problem's `type` (RFC 9457), `urn:sigillo:problem:<code>`,
 * and never change their meaning; {@link PROBLEM_STATUS} gives their HTTP status.
 */
export type ProblemCode =
  /** No token, or one the hub does not know. */
  | 'unauthorized'
  /** The token is good but not for this. */
  | 'forbidden'
  /** No such thing, or not yours: the two are never told apart. */
  | 'not-found'
  /** The request does not fit its contract. */
  | 'bad-request'
  /** It contradicts what is already there. */
  | 'conflict'
  /** The bytes are not what the request says they are, or not a sealed package of that key. */
  | 'bad-package'
  /** The receipt is not a genuine receipt for this package. */
  | 'bad-receipt'
  /** The package is yours, but not before its time. */
  | 'not-yet'
  /** The package is yours, but its case's embargo broke: nothing is handed over until the vendor has planned anew. */
  | 'frozen'
  /** What is asked for was erased, for good; the log says when. */
  | 'erased'
  /** What shall be erased is evidence in a case that is open. */
  | 'legal-hold'
  /** The action is under four eyes, and nobody else has agreed to exactly this yet. */
  | 'approval-needed'
  /** The session is good, but for this its person has to prove anew to be there: with a one-time code, or by signing in again. */
  | 'confirm-needed'
  /** The one-time code is of another time or another secret, or was used already. */
  | 'wrong-code'
  | 'too-large'
  | 'too-many-requests'
  /** The log or the database cannot be written; nothing was done and nothing was handed out. */
  | 'log-unavailable'
  /** A defect of the hub. */
  | 'internal'

/** Refusals that arise on the client's side. */
export type ClientCode =
  /** No answer: wrong address, hub not running, connection lost. */
  | 'not-reachable'
  /** The answer took too long. */
  | 'timeout'
  /** Something answered, but not a hub of this version. */
  | 'bad-answer'

/** HTTP status of each problem code. */
export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'bad-request': 400,
  conflict: 409,
  'bad-package': 422,
  'bad-receipt': 422,
  'not-yet': 403,
  frozen: 403,
  erased: 410,
  'legal-hold': 409,
  'approval-needed': 403,
  'confirm-needed': 403,
  'wrong-code': 403,
  'too-large': 413,
  'too-many-requests': 429,
  'log-unavailable': 503,
  internal: 500,
}

/** Beginning of a problem's `type`. */
export const PROBLEM_TYPE_PREFIX = 'urn:sigillo:problem:'

/** What a client's call throws. `message` is one line that can be shown as it is; `status` is null when no answer came. */
export class ApiError extends Error {
  readonly code: ProblemCode | ClientCode
  readonly status: number | null

  constructor(code: ProblemCode | ClientCode, message: string, status: number | null, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ApiError'
    this.code = code
    this.status = status
  }
}
