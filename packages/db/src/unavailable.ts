import { DbError } from './errors.ts'
import { codeOf } from '@sigillo/seal/error-code'

/** SQLSTATE classes: connection, resources, operator intervention, system error, internal error. */
const DOWN_CLASSES = new Set(['08', '53', '57', '58', 'XX'])
/** SQLSTATE of a write in a read-only database, such as a replica. */
const READ_ONLY = '25006'
const DOWN_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'])
/** `pg` gives these without a code. */
const DOWN_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying|Query read timeout|Cannot use a pool after|Client was closed|Client has encountered a connection error)/

/** Whether an error says that the database cannot be used now, rather than that a statement was wrong. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DbError) return true
  const code = codeOf(error)
  if (code === null) return error instanceof Error && DOWN_MESSAGES.test(error.message)
  return (
    DOWN_CODES.has(code) || code === READ_ONLY || (/^[0-9A-Z]{5}$/.test(code) && DOWN_CLASSES.has(code.slice(0, 2)))
  )
}
