import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { answerCheck } from './answer-check.ts'

const url = new URL('../../packages/api/openapi.json', import.meta.url)
const document: object = JSON.parse(readFileSync(url, 'utf8'))
const check = answerCheck(document)
const json = (status: number, value: unknown, type = 'application/json') => ({
  status,
  type,
  text: JSON.stringify(value),
})
const problem = { type: 'urn:sigillo:problem:not-found', title: 'Not found', status: 404, detail: 'no' }

test('an answer and a refusal that fit are let through', () => {
  expect(check('/v1/health', 'GET', json(200, { ok: true }, 'application/json; charset=utf-8'))).toBeNull()
  expect(check('/v1/me/packages/{id}', 'get', json(404, problem, 'application/problem+json'))).toBeNull()
})

test.each([
  ['a member of another type', json(200, { ok: 'yes' })],
  ['a member that is missing', json(200, {})],
  ['a media type that is not described', json(200, { ok: true }, 'text/html')],
  ['a refusal of an unknown kind', json(404, { ...problem, type: 'urn:other' }, 'application/problem+json')],
  ['a refusal in the form of an answer', json(404, { ok: true })],
])('%s is told', (_, answer) => {
  expect(check('/v1/health', 'GET', answer)).toEqual(expect.any(String))
})
