import { PROBLEM_STATUS, PROBLEM_TYPE_PREFIX, type ProblemCode } from '@sigillo/api/errors'
import { isUnavailable } from '@sigillo/db/unavailable'
import { ProgrammeError } from '@sigillo/programme/errors'
import { SealError } from '@sigillo/seal/errors'
import { TlogError } from '@sigillo/tlog/errors'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { HubError } from '../errors.ts'

/** A refusal as it is answered (RFC 9457). */
export interface ProblemAnswer {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
}

/** What a refusal means for the caller, and whether the operator has to hear of it. */
export interface Refusal {
  readonly answer: ProblemAnswer
  readonly isOurs: boolean
}

const TITLES: Readonly<Record<ProblemCode, string>> = {
  unauthorized: 'Token refused',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  'bad-request': 'Bad request',
  conflict: 'Conflict',
  'bad-package': 'Package refused',
  'bad-receipt': 'Receipt refused',
  'not-yet': 'Not yet',
  frozen: 'Frozen',
  erased: 'Erased',
  'legal-hold': 'On legal hold',
  'approval-needed': 'A second person is needed',
  'confirm-needed': 'Prove again that it is you',
  'wrong-code': 'Wrong code',
  'too-large': 'Too large',
  'too-many-requests': 'Too many requests',
  'log-unavailable': 'Log unavailable',
  internal: 'Internal error',
}

/** The answer to any error that a handler, a hook or the server itself threw. Unknown errors tell the caller nothing. */
export function refusalOf(error: unknown): Refusal {
  const { code, detail } = explain(error)
  const answer = { type: PROBLEM_TYPE_PREFIX + code, title: TITLES[code], status: PROBLEM_STATUS[code], detail }
  return { answer, isOurs: answer.status >= 500 }
}

function explain(error: unknown): { code: ProblemCode; detail: string } {
  if (error instanceof HubError && isProblemCode(error.code)) return { code: error.code, detail: error.message }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    const where = `${error.validationContext ?? 'request'}${first?.instancePath.replaceAll('/', '.') ?? ''}`
    return { code: 'bad-request', detail: `${where}: ${first?.message ?? 'does not fit its contract'}` }
  }
  if (isOurReader(error)) return { code: 'bad-request', detail: error.message }
  if (isUnavailable(error))
    return {
      code: 'log-unavailable',
      detail: 'the database cannot be used at this moment; nothing was done, try again later',
    }
  return explainStatus(statusOf(error))
}

/** The rooms that read what a request carries say in one line what is wrong with it. */
function isOurReader(error: unknown): error is Error {
  return error instanceof SealError || error instanceof TlogError || error instanceof ProgrammeError
}

/** Errors of the HTTP server: bad JSON, too large, wrong media type, too many requests. */
function explainStatus(status: number): { code: ProblemCode; detail: string } {
  if (status === 413) return { code: 'too-large', detail: 'the request is larger than this route takes' }
  if (status === 429) return { code: 'too-many-requests', detail: 'too many requests; wait a minute and try again' }
  if (status === 404) return { code: 'not-found', detail: 'there is nothing here' }
  if (status >= 400 && status < 500)
    return { code: 'bad-request', detail: 'the request cannot be read; see the contract of this route' }
  return { code: 'internal', detail: 'the hub has a defect; its log says more' }
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_STATUS, code)
}
