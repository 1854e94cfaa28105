import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { PREFIX, routes } from './routes.ts'

interface Operation {
  readonly operationId: string
  readonly security: readonly object[]
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly responses: { readonly 200: { readonly content: object } }
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> }
  readonly 'x-event': string | null
}

const document = JSON.parse(JSON.stringify(openApiDocument('1.0.0'))) as {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

describe('openapi.json', () => {
  test('is what the route table says; write it anew with: npm run openapi', () => {
    expect(JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'))).toEqual(document)
  })

  test('has every route once, under its own name', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(routes).sort())
    for (const { path } of operations) expect(path.startsWith(`${PREFIX}/`)).toBe(true)
  })

  test('names every parameter of every path', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
    }
  })

  test('asks for a token everywhere but where anybody may call', () => {
    const open = operations.filter(({ operation }) => operation.security.length === 0)
    const publicRoutes = Object.entries(routes).filter(([, route]) => route.role === 'public')
    expect(open.map(({ operation }) => operation.operationId).sort()).toEqual(publicRoutes.map(([name]) => name).sort())
  })

  test('says what is logged before an answer leaves', () => {
    const fetching = operations.find(({ operation }) => operation.operationId === 'fetchPackage')
    expect(fetching?.operation['x-event']).toBe('copy.delivered')
    expect(fetching?.operation.responses[200].content).toHaveProperty(['application/octet-stream'])
  })

  test('describes bodies as they are sent, not as they are read', () => {
    const commit = operations.find(({ operation }) => operation.operationId === 'commitEvents')
    expect(commit?.operation.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      required: ['events'],
    })
  })
})
