import { z } from 'zod'
import { PROBLEM_STATUS, PROBLEM_TYPE_PREFIX } from './errors.ts'
import { PREFIX, type Route, routes } from './routes.ts'

/** JSON of an OpenAPI 3.1 document, or a part of one. */
export type OpenApiNode = { readonly [key: string]: unknown }

const BYTES: OpenApiNode = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
const TEXT: OpenApiNode = { 'text/plain': { schema: { type: 'string' } } }

/**
 * The route table as an OpenAPI 3.1 document: every route with its parameters, body, answer and refusals, who may call it (`x-role`,
 * `x-action`) and the event that is in a signed checkpoint before the answer leaves (`x-event`). `packages/api/openapi.json` is this,
 * kept the same by a test.
 */
export function openApiDocument(version: string): OpenApiNode {
  const paths = new Map<string, Record<string, OpenApiNode>>()
  const table: Readonly<Record<string, Route>> = routes
  for (const [name, route] of Object.entries(table)) {
    const path = PREFIX + route.path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}')
    paths.set(path, { ...paths.get(path), [route.method.toLowerCase()]: operation(name, route) })
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Sigillo hub',
      version,
      description:
        'Deliveries, receipts, embargoes and the log of an early-disclosure programme. Protected bytes leave only after their event is in a signed checkpoint.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://hub.example', description: 'Your hub; PREFIX is part of every path.' }],
    paths: Object.fromEntries([...paths].sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'sgl_ and 48 characters, made by `sigillo keygen` or `sigillo hub`',
        },
      },
      schemas: { Problem: problemSchema() },
    },
  }
}

function operation(name: string, route: Route): OpenApiNode {
  const { action, role, event, why, body } = route
  return {
    operationId: name,
    summary: action,
    ...(why === undefined ? {} : { description: `Logs nothing: ${why}.` }),
    'x-role': role,
    'x-action': action,
    'x-event': event,
    security: role === 'public' ? [] : [{ token: [] }],
    parameters: [...parametersOf(route, 'path'), ...parametersOf(route, 'query')],
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, 'input') } }),
    responses: {
      200: { description: 'Done', content: contentOf(route.answer, 'output') },
      default: {
        description: 'Refused (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function contentOf(what: z.ZodType | 'bytes' | 'text', io: 'input' | 'output'): OpenApiNode {
  if (what === 'bytes') return BYTES
  if (what === 'text') return TEXT
  return { 'application/json': { schema: jsonSchema(what, io) } }
}

function parametersOf(route: Route, place: 'path' | 'query'): readonly OpenApiNode[] {
  const source = place === 'path' ? route.params : route.query
  const rest = place === 'path' && route.path.endsWith('*') ? [wildcard()] : []
  if (source === undefined) return rest
  const { properties, required } = jsonSchema(source, 'input')
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const named = Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema,
  }))
  return [...named, ...rest]
}

/** OpenAPI has no parameter that spans slashes; tools that generate clients treat it as one text. */
function wildcard(): OpenApiNode {
  return {
    name: 'path',
    in: 'path',
    required: true,
    description: 'A tile path of c2sp.org/tlog-tiles below `tile/`, with its slashes',
    schema: { type: 'string' },
  }
}

function problemSchema(): OpenApiNode {
  const codes = Object.keys(PROBLEM_STATUS).map((code) => PROBLEM_TYPE_PREFIX + code)
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', enum: codes },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
    },
  }
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): OpenApiNode {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
