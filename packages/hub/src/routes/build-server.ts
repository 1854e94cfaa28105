import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { PREFIX, type Route } from '@sigillo/api/routes'
import fastify, { type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { authorize } from '../people/authorize.ts'
import type { HubContext } from '../context.ts'
import { startDenials } from '../people/denials.ts'
import { HubError } from '../errors.ts'
import { type Principal, tokenFinder } from '../people/principal.ts'
import { refusalOf } from './problems.ts'
import { authenticateRequest } from '../sign-in/authenticate-request.ts'
import { parseStrictJson } from './strict-json.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** The row of the route table; a route without one cannot be registered. */
    route?: Route
    /** A part of a page, which is the same for everybody and tells nothing. */
    isPage?: true
  }
}

/** Bytes of a JSON body. */
const MOST_JSON_BYTES = 4 * 1024 * 1024
const MINUTE = 60_000
/**
 * Requests a minute. A vendor's push or a whole programme's partners behind one address come in bursts, so the limits count
 * the person, or the organisation whose token names nobody, not an address; only requests without a good token are counted by address.
 */
const LIMITS: Readonly<Record<Principal['role'] | 'stranger', number>> = {
  vendor: 12_000,
  partner: 1_200,
  stranger: 300,
}

/** Something the operator should see: never a token, a key or content. */
export type HubLog = (line: {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly error?: unknown
}) => void

/** The HTTP server without routes: authentication, limits, headers, problems. */
export async function buildServer(hub: HubContext, log: HubLog) {
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    bodyLimit: MOST_JSON_BYTES,
    requestTimeout: MINUTE,
    routerOptions: { maxParamLength: 512 },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('principal', null)
  const findToken = tokenFinder(hub.engine.db)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.route === undefined && config?.isPage !== true)
      throw new HubError('internal', `${String(method)} ${url} is not in the route table`)
  })
  app.addHook('onRequest', async (request) => {
    const { route, isPage } = request.routeOptions.config
    if (route?.role === 'public' || isPage === true) return
    request.principal = await authenticateRequest(hub, findToken, request)
  })
  await app.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } })
  await app.register(rateLimit, {
    timeWindow: MINUTE,
    keyGenerator: limitKey,
    max: (request) => LIMITS[request.principal?.role ?? 'stranger'],
  })
  // After the limiter, which runs as each route's own onRequest hook, and before any byte of a body is read.
  app.addHook('preParsing', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { route } = request.routeOptions.config
    if (route !== undefined) authorize(request.principal, route)
  })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, Buffer.isBuffer(body) ? parseStrictJson(body) : body)
    } catch (error) {
      done(error instanceof Error ? error : new Error('unreadable'))
    }
  })
  const denials = startDenials(hub)
  app.setErrorHandler(async (error, request, reply) => {
    const { answer, isOurs } = refusalOf(error)
    if (isOurs) log({ level: 'error', message: answer.detail, error })
    const { principal, routeOptions } = request
    if (principal !== null && routeOptions.config.route !== undefined) {
      try {
        await denials.note(principal, routeOptions.config.route, answer)
      } catch (failure) {
        log({ level: 'error', message: 'a refusal could not be logged', error: failure })
      }
    }
    return reply.code(answer.status).type('application/problem+json').send(JSON.stringify(answer))
  })
  app.setNotFoundHandler((_request, reply) => {
    const { answer } = refusalOf(new HubError('not-found', `there is nothing here; the routes are below ${PREFIX}`))
    return reply.code(answer.status).type('application/problem+json').send(JSON.stringify(answer))
  })
  return app
}

function limitKey(request: FastifyRequest): string {
  const { principal } = request
  return principal === null ? `address ${request.ip}` : `${principal.role} ${principal.person ?? principal.id}`
}
