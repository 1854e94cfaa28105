import type { z } from 'zod'
import { Problem } from '../contracts.ts'
import { ApiError, PROBLEM_STATUS, PROBLEM_TYPE_PREFIX, type ProblemCode } from '../errors.ts'
import { PREFIX, type Route } from '../routes.ts'

/** How calls are made. */
export interface CallOptions {
  /** Longest wait for one answer, in milliseconds; default 60,000. */
  readonly timeoutMs?: number
}

/** Parts of a request. `rest` stands for the `*` of a path. */
export interface CallParts {
  readonly params?: Readonly<Record<string, string>>
  readonly rest?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly bytes?: Uint8Array
}

/** Calls routes of one hub with one token. */
export interface Call {
  json<T extends z.ZodType>(route: Route, parts: CallParts, answer: T): Promise<z.infer<T>>
  bytes(route: Route, parts: CallParts): Promise<{ readonly bytes: Uint8Array; readonly headers: Headers }>
}

/** Throws `bad-request` when `url` is not an http(s) address. */
export function openCall(url: string, token: string, options: CallOptions): Call {
  const base = readBase(url)
  const send = async (route: Route, parts: CallParts): Promise<{ bytes: Uint8Array; headers: Headers }> => {
    const target = addressOf(base, route, parts)
    let response: Response
    let bytes: Uint8Array
    try {
      response = await fetch(target, requestOf(route, parts, token, options.timeoutMs ?? 60_000))
      bytes = new Uint8Array(await response.arrayBuffer())
    } catch (error) {
      throw unanswered(base, error)
    }
    if (!response.ok) throw readProblem(base, response.status, bytes)
    return { bytes, headers: response.headers }
  }
  return {
    bytes: send,
    json: async (route, parts, answer) => {
      const { bytes } = await send(route, parts)
      const read = answer.safeParse(readJson(bytes))
      if (!read.success)
        throw new ApiError('bad-answer', `${base.host} does not answer like a hub of this version`, 200)
      return read.data
    },
  }
}

function readBase(url: string): URL {
  const base = URL.parse(url)
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new ApiError(
      'bad-request',
      `${JSON.stringify(url)} is not a hub's address; it looks like https://hub.example`,
      null,
    )
  }
  return base
}

function addressOf(base: URL, route: Route, parts: CallParts): URL {
  const path = route.path
    .replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts.params?.[name] ?? ''))
    .replace('*', () => (parts.rest ?? '').split('/').map(encodeURIComponent).join('/'))
  const target = new URL(base)
  target.pathname = `${base.pathname.replace(/\/$/, '')}${PREFIX}${path}`
  target.search = new URLSearchParams(parts.query).toString()
  return target
}

function requestOf(route: Route, parts: CallParts, token: string, timeoutMs: number): RequestInit {
  const common: RequestInit = { method: route.method, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }
  const authorization = `Bearer ${token}`
  if (parts.bytes !== undefined) {
    const headers = { authorization, 'content-type': 'application/octet-stream' }
    return { ...common, headers, body: new Uint8Array(parts.bytes) }
  }
  if (parts.body === undefined) return { ...common, headers: { authorization } }
  return { ...common, headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(parts.body) }
}

function unanswered(base: URL, error: unknown): ApiError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ApiError('timeout', `the hub at ${base.host} took too long to answer; try again`, null, { cause: error })
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return new ApiError(
    'not-reachable',
    `no hub answers at ${base.host}${code}; is it running, is the address right?`,
    null,
    {
      cause: error,
    },
  )
}

/** The hub's problem as an error; what does not look like one came from something else, such as a proxy. */
function readProblem(base: URL, status: number, bytes: Uint8Array): ApiError {
  const read = Problem.safeParse(readJson(bytes))
  const code = read.success ? read.data.type.slice(PROBLEM_TYPE_PREFIX.length) : ''
  if (!read.success || !isProblemCode(code) || read.data.type !== PROBLEM_TYPE_PREFIX + code) {
    return new ApiError('bad-answer', `${base.host} answered with status ${String(status)}, but not like a hub`, status)
  }
  return new ApiError(code, read.data.detail, status)
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_STATUS, code)
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
