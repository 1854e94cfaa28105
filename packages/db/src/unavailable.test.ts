import { describe, expect, test } from 'vitest'
import { DbError } from './errors.ts'
import { isUnavailable } from './unavailable.ts'

const withCode = (code: string): Error => Object.assign(new Error('x'), { code })

describe('whether the database is unavailable', () => {
  test.each(['08006', '53100', '53300', '57P01', '58030', 'XX000', '25006', 'ECONNREFUSED', 'ENOENT'])(
    '%s: yes',
    (code) => {
      expect(isUnavailable(withCode(code))).toBe(true)
    },
  )
  test.each(['23505', '22P02', '42P01', '40001', 'EACCES'])('%s: no, the statement was wrong', (code) => {
    expect(isUnavailable(withCode(code))).toBe(false)
  })
  test('messages of the driver that have no code', () => {
    expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true)
    expect(isUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true)
    expect(isUnavailable(new Error('column "x" is ambiguous'))).toBe(false)
    expect(isUnavailable('nothing')).toBe(false)
    expect(isUnavailable(new DbError('engine-failed', 'the thread died'))).toBe(true)
  })
})
